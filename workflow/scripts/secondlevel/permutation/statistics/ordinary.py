"""t and F of ordinary least squares, from the share of variance that the effect explains under each shuffle."""

from dataclasses import dataclass

import numpy as np

from secondlevel.model.glm import Partition
from secondlevel.permutation.statistics.nuisance import NUISANCE, FreedmanLane
from secondlevel.permutation.statistics.residuals import unit_residuals

# How much scores may differ by rounding, by the type of the products.
TIES = {np.float32: 4e-6, np.float64: 1e-13}


def precise_enough(split):
    """The type of the products of a contrast: float32, or float64 where few degrees of freedom are left."""
    return np.float64 if split.df < 3 else np.float32


@dataclass(frozen=True)
class Ordinary:
    """t or F of ordinary least squares.

    Let y be an element's residual R_Z Y scaled to unit length. A shuffle keeps that length. So with R^2, the share of
    the variance that the effect explains (see `nuisance`),

        F = R^2 / (1 - R^2) df / rank,

    and t is the signed root. Scores are r for t, and R^2 for F.

    Attributes
    ----------
    split : model.glm.Partition
    two_sided : bool
        Of t; F has no sides.
    nuisance : nuisance.FreedmanLane or nuisance.Smith
    """

    split: Partition
    two_sided: bool
    nuisance: FreedmanLane

    fields = None

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`."""
        return cls(split, two_sided, NUISANCE[ground.nuisance].of(split, ground.blocks, ground.scheme))

    @property
    def dtype(self):
        """Of the products: with one or two residual degrees of freedom, t is large where r is next to 1."""
        return precise_enough(self.split)

    @property
    def least_difference(self):
        """Scores that differ by less are ties: the rounding errors of products are smaller."""
        return TIES[self.dtype]

    @property
    def vectors(self):
        """The effect, and of nuisance what is shuffled beside it, shape (n_vectors, n_subjects)."""
        return self.nuisance.vectors

    def rows(self, order, signs):
        """The shuffled vectors, shape (n_vectors, n_shuffles, n_subjects)."""
        return self.nuisance.rows(order, signs, self.dtype)

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
