"""Aspin and Welch's v, and G: t and F for groups of subjects that have variances of their own."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.model.glm import Partition
from secondlevel.permutation.shuffling import shuffled
from secondlevel.permutation.statistics.residuals import unit_residuals

# The least residual sum of squares of a group, of a sum of 1 over all. A smaller one would swamp the other groups'
# weights in float64, and none at all has no weight.
LEAST = 1e-7


@dataclass(frozen=True)
class Welch:
    """Aspin and Welch's v, and G for F, where groups of subjects have variances of their own.

    With the coefficients b of the whole model M = [E, Z] and the residuals of group g,

        G = b_E' S b_E / (rank Lambda),   S = the Schur complement of A_ZZ in A = sum_g W_g M_g'M_g,
        W_g = sum_{n in g} R_nn / |residuals of g|^2,

    and v is its signed root for a contrast of one row; Lambda as in Winkler et al. 2014, equation 5. All of these
    follow from the products of y with the rows of M of one group each, and of y^2 with the indicator of each group.
    Scores are the statistics.

    Attributes
    ----------
    split : model.glm.Partition
    two_sided : bool
        Of v; G has no sides.
    groups : ndarray of int, shape (n_subjects,)
        The variance group of each subject, numbered from 0.
    """

    split: Partition
    two_sided: bool
    groups: np.ndarray

    dtype = np.float64
    fields = None
    TIE = 1e-9

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`; `value` is the variable that names the groups."""
        return cls(split, two_sided, np.unique(ground.sample[value], return_inverse=True)[1])

    @cached_property
    def model(self):
        """An orthonormal basis of the design, the effect first."""
        return np.hstack([self.split.effect_basis, self.split.nuisance])

    @cached_property
    def indicators(self):
        """Which subjects are in each group, shape (n_groups, n_subjects)."""
        return np.eye(self.groups.max() + 1)[self.groups].T

    @cached_property
    def freedom(self):
        """Sum of R_nn over each group: its share of the residual degrees of freedom."""
        freedom = self.indicators @ (1 - np.einsum("ij,ij->i", self.model, self.model))
        if (freedom < 1e-9).any():
            raise InputError(
                "A variance group has as many design columns of its own as subjects, so that its variance cannot be "
                "estimated; put its subjects into a larger group."
            )
        return freedom

    @cached_property
    def vectors(self):
        """Each group's indicator and its part of each column, shape (n_groups (1 + n_columns), n_subjects)."""
        parts = self.indicators[:, None] * self.model.T  # (n_groups, n_columns, n_subjects)
        return np.vstack([self.indicators, parts.reshape(-1, len(self.groups))])

    def rows(self, order, signs):
        """The shuffled vectors, shape (n_vectors, n_shuffles, n_subjects)."""
        return shuffled(self.vectors, order, signs)

    @property
    def name(self):
        """v for a contrast of one row, G for several."""
        return "v" if self.split.rank == 1 else "G"

    def elements(self, maps, dtype):
        """Unit residuals of maps of shape (n_subjects, n_elements)."""
        return unit_residuals(maps, self.split, dtype)

    def scores(self, rows, units):
        """v or G, shape (n_shuffles, n_elements)."""
        n_groups, n_columns, rank = len(self.indicators), self.model.shape[1], self.split.rank
        # A turned sign does not turn the square. Arrays are of shape (n_groups, ..., n_shuffles, n_elements).
        squares = np.abs(rows[:n_groups]) @ np.square(units)
        products = (rows[n_groups:] @ units).reshape(n_groups, n_columns, *squares.shape[1:])
        b = products.sum(axis=0)
        inner = np.array([(self.model.T * indicator) @ self.model for indicator in self.indicators])
        fitted = np.einsum("c...,gcd,d...->g...", b, inner, b) - 2 * np.einsum("c...,gc...->g...", b, products)
        # A group without variance, as where nobody has a lesion, has as good as none.
        weight = self.freedom.reshape(-1, 1, 1) / np.maximum(squares + fitted, LEAST)
        a = np.einsum("g...,gcd->...cd", weight, inner)
        schur = a[..., :rank, :rank]
        if n_columns > rank:
            schur = schur - a[..., :rank, rank:] @ np.linalg.solve(a[..., rank:, rank:], a[..., rank:, :rank])
        if rank == 1:
            return b[0] * np.sqrt(schur[..., 0, 0])
        g = np.einsum("c...,...cd,d...->...", b[:rank], schur, b[:rank])
        share = np.bincount(self.groups).reshape(-1, 1, 1) * weight
        share = share / share.sum(axis=0)
        excess = ((1 - share) ** 2 / self.freedom.reshape(-1, 1, 1)).sum(axis=0)
        return g / rank / (1 + 2 * (rank - 1) / (rank * (rank + 2)) * excess)

    def statistic(self, scores):
        """Scores are the statistics."""
        return scores

    def tie(self, scores):
        """How much scores that are a tie may differ."""
        return self.TIE * np.abs(scores)

    statistic_tie = tie
