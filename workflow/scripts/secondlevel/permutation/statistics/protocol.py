"""What a test statistic of one contrast offers to the engine."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from secondlevel.model.glm import Partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.space.protocol import Space


@dataclass(frozen=True)
class Ground:
    """What statistics can be made from, beside their contrast.

    Attributes
    ----------
    sample : dict of ndarray of str, shape (n_subjects,), by column
        The table of subjects.
    mask : space.protocol.Space
    blocks : permutation.blocks.Blocks
    scheme : {"permute", "flip", "both"}
        What a shuffle does.
    nuisance : str
        A key of `nuisance.NUISANCE`.
    """

    sample: dict
    mask: Space
    blocks: Blocks
    scheme: str
    nuisance: str = "freedman-lane"


class Statistic(Protocol):
    """A test statistic of one contrast, written so that a shuffle costs a few products.

    Attributes
    ----------
    split : model.glm.Partition
        The design, split for the contrast.
    two_sided : bool
        Whether the size of a statistic is the evidence, whatever its sign.
    name : str
        As figures and tables call it, such as ``t`` or ``F``.
    dtype : numpy dtype
        Of the products.
    vectors : ndarray of float64, shape (n_vectors, n_subjects)
        What is shuffled; of clusters where each has one sign, shape (n_vectors, n_clusters), and so are their rows.
    fields : int or None
        None if the statistic of an element follows from its own scores. Else `scores` has this many fields, and
        `statistic` needs those of the whole map.
    """

    split: Partition
    two_sided: bool
    name: str
    dtype: type
    vectors: np.ndarray
    fields: int | None

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast.

        Parameters
        ----------
        value : str, float or None
            What stands beside the statistic's name in the config.
        split : model.glm.Partition
        two_sided : bool
        ground : Ground

        Raises
        ------
        InputError
            If the statistic cannot be had from this.
        """

    def rows(self, order, signs):
        """`vectors` under some shuffles, or what is made of them once for all elements.

        Parameters
        ----------
        order, signs : ndarray or None
            From `shuffling.Shuffles.draw`.

        Returns
        -------
        ndarray of `dtype`, shape (n_vectors, n_shuffles, n_subjects)
        """

    def elements(self, maps, dtype):
        """Prepare the maps of some elements for `scores`.

        Parameters
        ----------
        maps : ndarray, shape (n_subjects, n_elements)
        dtype : numpy dtype
            Of the products.

        Returns
        -------
        object
            Whatever `scores` needs.
        """

    def scores(self, rows, elements):
        """Numbers that grow with the statistic and have its sign, or the fields that it is made of.

        Parameters
        ----------
        rows : ndarray, shape (n_vectors, n_shuffles, n_subjects)
            From `rows`.
        elements
            From `elements`.

        Returns
        -------
        ndarray, shape (n_shuffles, n_elements), or (fields, n_shuffles, n_elements)
        """

    def statistic(self, scores):
        """Turn scores of shape (..., n_elements) into statistics; fields, (fields, n_elements), into (n_elements,)."""

    def tie(self, scores):
        """How much two scores that are a tie may differ by rounding, at given scores (statistics if it has fields)."""

    def statistic_tie(self, statistics):
        """How much two statistics that are a tie may differ by rounding, at given statistics."""
