"""Test statistics of a contrast, written so that a shuffle costs a few products.

Each test has an array `vectors`, shape (n_vectors, n_subjects), to be shuffled; `voxels`, which prepares the maps of
some voxels; and `scores`, which takes the shuffled vectors, shape (n_vectors, n_shuffles, n_subjects), and what
`voxels` gave, and returns numbers of shape (n_shuffles, n_voxels) that grow with the statistic and have its sign; and
`statistic`, which turns scores into statistics. In a two-sided test the evidence is the size of either.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg

from secondlevel.errors import InputError
from secondlevel.glm import Partition

# Voxels whose maps are nothing but nuisance, to the precision of float32, have a score of 0.
NOTHING = 1e-6


def tested(values, two_sided):
    """The values whose largest are the evidence: as they are, or their sizes if `two_sided`."""
    return np.abs(values) if two_sided else np.asarray(values)


def unit_residuals(maps, split, dtype):
    """Maps without their nuisance, each voxel scaled to unit length, shape (n_subjects, n_voxels)."""
    maps = np.asarray(maps, dtype=np.float64)
    residual = split.without_nuisance(maps)
    length = np.sqrt(np.einsum("ij,ij->j", residual, residual))
    some = length > NOTHING * np.sqrt(np.einsum("ij,ij->j", maps, maps))
    return np.ascontiguousarray(residual * np.where(some, 1 / np.where(some, length, 1), 0), dtype=dtype)


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

    Let y be a voxel's residual R_Z Y scaled to unit length, e_1, ... and q_1, ... orthonormal bases of the effect and
    of the nuisance. A shuffle keeps the length of y, so that of the shuffled maps the model explains the share

        R^2 = sum_i ((P'e_i)'y)^2 / (1 - sum_j ((P'q_j)'y)^2),   F = R^2 / (1 - R^2) df / rank,

    and t is the signed root. Scores are r for t, and R^2 for F.

    Attributes
    ----------
    split : glm.Partition
    two_sided : bool
        Of t; F has no sides.
    orbits : ndarray or None
        `exchangeability.Blocks.orbits` if shuffles keep all signs.
    """

    split: Partition
    two_sided: bool
    orbits: np.ndarray | None = None

    dtype = np.float32
    # Scores of float32 products that differ by less are ties: their rounding errors are smaller.
    TIE = 4e-6

    @cached_property
    def vectors(self):
        return np.vstack([self.split.effect_basis.T, moving_nuisance(self.split, self.orbits).T])

    @property
    def name(self):
        return "t" if self.split.rank == 1 else "F"

    def voxels(self, maps, dtype):
        return unit_residuals(maps, self.split, dtype)

    def scores(self, rows, units):
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
            explained /= 1 - lost if rank > 1 else np.sqrt(1 - lost)
        return explained

    def statistic(self, scores):
        # A voxel that the model explains whole, to the last bit, has a large statistic and not an infinite one.
        least = np.finfo(scores.dtype).eps
        if self.split.rank == 1:
            return scores * np.sqrt(self.split.df / np.maximum(1 - scores**2, least))
        return scores / np.maximum(1 - scores, least) * self.split.df / self.split.rank

    def tie(self, scores):
        return self.TIE

    def statistic_tie(self, statistics):
        """How much two statistics that are a tie may differ, at given values: the tie of scores, carried over."""
        df, rank = self.split.df, self.split.rank
        if rank == 1:
            return self.TIE * np.sqrt(df) * (1 + statistics**2 / df) ** 1.5
        return self.TIE * df / rank * (1 + statistics * rank / df) ** 2


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
    split : glm.Partition
    two_sided : bool
        Of v; G has no sides.
    groups : ndarray of int, shape (n_subjects,)
        The variance group of each subject, numbered from 0.
    """

    split: Partition
    two_sided: bool
    groups: np.ndarray

    dtype = np.float64
    TIE = 1e-9

    @cached_property
    def model(self):
        """An orthonormal basis of the design, the effect first."""
        return np.hstack([self.split.effect_basis, self.split.nuisance])

    @cached_property
    def indicators(self):
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
        parts = self.indicators[:, None] * self.model.T  # (n_groups, n_columns, n_subjects)
        return np.vstack([self.indicators, parts.reshape(-1, len(self.groups))])

    @property
    def name(self):
        return "v" if self.split.rank == 1 else "G"

    def voxels(self, maps, dtype):
        return unit_residuals(maps, self.split, dtype)

    def scores(self, rows, units):
        n_groups, n_columns, rank = len(self.indicators), self.model.shape[1], self.split.rank
        # A turned sign does not turn the square. Arrays are of shape (n_groups, ..., n_shuffles, n_voxels).
        squares = np.abs(rows[:n_groups]) @ np.square(units)
        products = (rows[n_groups:] @ units).reshape(n_groups, n_columns, *squares.shape[1:])
        b = products.sum(axis=0)
        inner = np.array([(self.model.T * indicator) @ self.model for indicator in self.indicators])
        fitted = np.einsum("c...,gcd,d...->g...", b, inner, b) - 2 * np.einsum("c...,gc...->g...", b, products)
        weight = self.freedom.reshape(-1, 1, 1) / (squares + fitted)
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
        return scores

    def tie(self, scores):
        return self.TIE * np.abs(scores)

    statistic_tie = tie
