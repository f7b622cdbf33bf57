"""How shuffles treat the nuisance: which rows a test statistic is made of, and what a shuffle makes of them.

With e_1, ... an orthonormal basis of the effect, q_1, ... one of the nuisance that some shuffle moves, and y the unit
residual of an element, R_Z Y, shuffle P gives

- by Freedman and Lane (1983), who shuffle y and fit the whole model to it, the share of variance

      R^2 = sum_i ((Pe_i)'y)^2 / (1 - sum_j ((Pq_j)'y)^2),

  which takes a product for each q_j;
- by Smith's scheme, in which the maps stay, and the shuffled effect is freed of the nuisance anew,

      R^2 = |G^(-1/2) (PE)'y|^2,   G = I - (Q'PE)'(Q'PE),

  which takes none, as the rows G^(-1/2) (PE - QQ'PE)' are made once for all elements.

Winkler et al. 2014 (NeuroImage 92) compare both with others. Where no shuffle moves any nuisance they are the same.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.permutation.moved import moved
from secondlevel.permutation.shuffling import shuffled

NOTHING = 1e-6  # the length, of a vector of length 1, that is rounding alone


@dataclass(frozen=True)
class FreedmanLane:
    """The nuisance that shuffles move is shuffled beside the effect.

    Attributes
    ----------
    effect : ndarray, shape (n_subjects, rank)
        An orthonormal basis of the effect.
    moved : ndarray, shape (n_subjects, n)
        An orthonormal basis of the nuisance that some shuffle moves.
    """

    effect: np.ndarray
    moved: np.ndarray

    @classmethod
    def of(cls, split, blocks=None, scheme=None):
        """Of a contrast's `model.glm.Partition`; all nuisance counts as moved if there are no blocks to tell."""
        return cls(split.effect_basis, moved(split.nuisance, blocks, scheme) if blocks else split.nuisance)

    @cached_property
    def vectors(self):
        """What is shuffled, shape (n_vectors, n_subjects): the effect first."""
        return np.vstack([self.effect.T, self.moved.T])

    def rows(self, order, signs, dtype):
        """What a statistic multiplies with elements for some shuffles, as `shuffling.Shuffles.draw` gives them.

        Returns
        -------
        ndarray, shape (n_vectors, count, n_subjects)
        """
        return shuffled(self.vectors.astype(dtype), order, signs)


@dataclass(frozen=True)
class Smith(FreedmanLane):
    """The effect alone is shuffled, and then freed of the nuisance and made orthonormal anew."""

    @cached_property
    def vectors(self):
        """What is shuffled, shape (rank, n_subjects)."""
        return self.effect.T

    def rows(self, order, signs, dtype):
        """The shuffled effect, free of nuisance and orthonormal; 0 where a direction of it lies in the nuisance.

        Returns
        -------
        ndarray, shape (rank, count, n_subjects)
        """
        if not self.moved.shape[1]:
            return super().rows(order, signs, dtype)
        effect = shuffled(self.vectors, order, signs)
        effect -= effect @ self.moved @ self.moved.T
        squares, axes = np.linalg.eigh(np.einsum("ikn,jkn->kij", effect, effect))
        some = squares[:, :1] > NOTHING**2
        scale = np.where(some, 1 / np.sqrt(np.where(some, squares, 1)), 0)
        roots = (axes * scale[:, None]) @ axes.transpose(0, 2, 1)
        return np.ascontiguousarray(np.einsum("kij,jkn->ikn", roots, effect), dtype=dtype)


NUISANCE = {"freedman-lane": FreedmanLane, "smith": Smith}
