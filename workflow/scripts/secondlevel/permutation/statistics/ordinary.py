"""t and F of ordinary least squares, from the share of variance that the effect explains under each shuffle."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg

from secondlevel.model.glm import Partition
from secondlevel.permutation.statistics.residuals import unit_residuals

# How much scores may differ by rounding, by the type of the products.
TIES = {np.float32: 4e-6, np.float64: 1e-13}


def precise_enough(split):
    """The type of the products of a contrast: float32, or float64 where few degrees of freedom are left."""
    return np.float64 if split.df < 3 else np.float32


def moving_nuisance(split, orbits):
    """An orthonormal basis of the nuisance that a shuffle moves, shape (n_subjects, n).

    A reordering leaves vectors alone that are constant over the subjects who can take each other's place, such as an
    intercept. The maps, free of nuisance, are orthogonal to those for ever.
    """
    if orbits is None:
        return split.nuisance
    _, cosines, axes = linalg.svd(orbits.T @ split.nuisance)
    still = np.zeros(len(axes), dtype=bool)
    still[: len(cosines)] = cosines > 1 - 1e-9
    return split.nuisance @ axes[~still].T


@dataclass(frozen=True)
class Ordinary:
    """t or F of ordinary least squares.

    Let y be an element's residual R_Z Y scaled to unit length, e_1, ... and q_1, ... orthonormal bases of the effect
    and of the nuisance. A shuffle keeps the length of y, so that of the shuffled maps the model explains the share

        R^2 = sum_i ((P'e_i)'y)^2 / (1 - sum_j ((P'q_j)'y)^2),   F = R^2 / (1 - R^2) df / rank,

    and t is the signed root. Scores are r for t, and R^2 for F.

    Attributes
    ----------
    split : model.glm.Partition
    two_sided : bool
        Of t; F has no sides.
    orbits : ndarray or None
        `permutation.blocks.Blocks.orbits` if shuffles keep all signs.
    """

    split: Partition
    two_sided: bool
    orbits: np.ndarray | None = None

    fields = None

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`."""
        return cls(split, two_sided, ground.blocks.orbits if ground.scheme == "permute" else None)

    @property
    def dtype(self):
        """Of the products: with one or two residual degrees of freedom, t is large where r is next to 1."""
        return precise_enough(self.split)

    @property
    def least_difference(self):
        """Scores that differ by less are ties: the rounding errors of products are smaller."""
        return TIES[self.dtype]

    @cached_property
    def vectors(self):
        """Bases of the effect and of the nuisance that shuffles move, shape (n_vectors, n_subjects)."""
        return np.vstack([self.split.effect_basis.T, moving_nuisance(self.split, self.orbits).T])

    @property
    def name(self):
        """t for a contrast of one row, F for several."""
        return "t" if self.split.rank == 1 else "F"

    def elements(self, maps, dtype):
        """Unit residuals of maps of shape (n_subjects, n_elements)."""
        return unit_residuals(maps, self.split, dtype)

    def scores(self, rows, units):
        """r for t and R^2 for F, shape (n_shuffles, n_elements)."""
        rank = self.split.rank
        explained = rows[0] @ units
        if rank > 1:
            np.square(explained, out=explained)
            for row in rows[1:rank]:
                explained += np.square(row @ units)
        if len(rows) > rank:
            lost = np.square(rows[rank] @ units)
            for row in rows[rank + 1 :]:
                lost += np.square(row @ units)
            # Where nothing but nuisance is left, what is explained is 0, to rounding, and not all of nothing.
            rest = np.maximum(1 - lost, self.least_difference)
            explained /= rest if rank > 1 else np.sqrt(rest)
        return explained

    def statistic(self, scores):
        """t or F of scores.

        A score that differs from 1 by less than a tie is as good as 1: an element that the model explains whole, but
        for rounding, has a large statistic, the same in every shuffle that explains it, and not an infinite one.
        """
        df, rank, tie = self.split.df, self.split.rank, self.least_difference
        if rank == 1:
            return scores * np.sqrt(df / np.maximum(1 - scores**2, 1 - (1 - tie) ** 2))
        return scores / np.maximum(1 - scores, tie) * df / rank

    def tie(self, scores):
        """How much scores that are a tie may differ."""
        return self.least_difference

    def statistic_tie(self, statistics):
        """How much two statistics that are a tie may differ, at given values: the step that a tie of scores makes."""
        df, rank = self.split.df, self.split.rank
        if rank == 1:
            scores = statistics / np.sqrt(df + statistics**2)
        else:
            scores = rank * statistics / (df + rank * statistics)
        return statistics - self.statistic(scores - self.least_difference)
