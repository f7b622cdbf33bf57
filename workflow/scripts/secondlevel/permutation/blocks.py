"""Exchangeability blocks: which subjects may take each other's place, or change sign, on their own or together.

Winkler et al. 2014 (NeuroImage 92), section "Restricted exchangeability".
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Blocks:
    """A division of subjects.

    Attributes
    ----------
    labels : ndarray of int, shape (n_subjects,)
        The block of each subject, numbered from 0.
    whole : bool
        True if blocks move as a whole, their subjects in order, and change sign together; False if subjects move
        within their block and change sign on their own.
    """

    labels: np.ndarray
    whole: bool = False

    @classmethod
    def none(cls, n_subjects):
        """One block of all: every subject is exchangeable with every other."""
        return cls(np.zeros(n_subjects, dtype=int))

    @classmethod
    def of_config(cls, blocks, sample):
        """From the config's ``permutation.blocks`` and the columns of the table of subjects."""
        if not blocks:
            return cls.none(len(sample["participant_id"]))
        return cls.of(sample[blocks["variable"]], blocks["shuffle"] == "whole")

    @classmethod
    def of(cls, names, whole):
        """Blocks of the subjects with the same name."""
        return cls(np.unique(np.asarray(names, dtype=str), return_inverse=True)[1], whole)

    @cached_property
    def units(self):
        """What may change places, as a list of arrays of subjects, shape (n_items, n_subjects_of_an_item).

        The items of one array, its rows, may take each other's place: single subjects of a block, or whole blocks
        of one size.
        """
        members = [np.flatnonzero(self.labels == label) for label in range(self.labels.max() + 1)]
        if not self.whole:
            return [block[:, None] for block in members]
        sizes = sorted({len(block) for block in members})
        return [np.array([block for block in members if len(block) == size]) for size in sizes]

    @cached_property
    def orbits(self):
        """Indicators of the subjects that can come to each other's place, scaled to length 1, shape (n_subjects, n)."""
        columns = [column for unit in self.units for column in unit.T]
        indicators = np.zeros((self.labels.size, len(columns)))
        for number, subjects in enumerate(columns):
            indicators[subjects, number] = 1 / np.sqrt(len(subjects))
        return indicators
