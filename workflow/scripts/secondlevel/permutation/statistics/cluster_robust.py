"""t and Wald's F with a variance that takes rows of a cluster, such as a person's maps, for dependent in any way.

The sandwich estimator of Liang and Zeger (1986), under sign flips of whole clusters: the wild cluster bootstrap with
the null hypothesis imposed (Cameron, Gelbach and Miller 2008; for brain maps Guillaume and Nichols 2015). It needs
neither as many maps of each person nor errors of one variance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.model.glm import Partition
from secondlevel.permutation.statistics.residuals import NOTHING, unit_residuals

# The least variance, of that without the fit: rounding is below.
LEAST = 1e-13


@dataclass(frozen=True)
class ClusterRobust:
    """Cluster-robust t, or Wald's F divided by the rank of the contrast.

    With e the residuals of the reduced model, U an orthonormal basis of the effect and M one of the design that begins
    with U, flips s_g of clusters g give

        q = sum_g s_g M_g'e_g,   beta = U'Pe, the first of q,   a_g = U_g'e_g,   K_g = U_g'M_g,
        V = sum_g (a_g - s_g K_g q)(a_g - s_g K_g q)'   (s_g^2 = 1),
        t = beta / sqrt(V)   or   F = beta' V^-1 beta / rank.

    Written out, V takes the products of s with M_g'e_g and of s_g K_g with a_g: their inner length is the number of
    clusters, not of rows. Of nuisance only directions in which some K_g is not 0 count. Scores are the statistics.

    Attributes
    ----------
    split : model.glm.Partition
    two_sided : bool
        Of t; F has no sides.
    clusters : ndarray of int, shape (n_subjects,)
        The cluster of each row, numbered from 0.
    """

    split: Partition
    two_sided: bool
    clusters: np.ndarray

    dtype = np.float64
    fields = None
    TIE = 1e-9

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`; `value` is the variable that names the clusters.

        Raises
        ------
        InputError
            If signs are turned inside clusters, or the clusters leave the variance unknown.
        """
        clusters = np.unique(ground.sample[value], return_inverse=True)[1]
        pairs = np.unique(np.column_stack([clusters, ground.blocks.labels]), axis=0)
        if ground.scheme != "flip" or not ground.blocks.whole or len(pairs) > clusters.max() + 1:
            raise InputError(
                f"The cluster-robust statistic turns the signs of whole clusters of {value}, but permutation.blocks "
                "turns those inside them; leave permutation.blocks out, or let blocks that hold whole clusters of "
                f"{value} move as wholes."
            )
        found = cls(split, two_sided, clusters)
        found.require_variance(value)
        return found

    def require_variance(self, variable):
        """An `InputError` if the variance of some direction of the effect is 0 whatever the maps are."""
        counting, rank = int(self.counting.sum()), self.split.rank
        if counting <= rank:
            raise InputError(
                f"{counting} clusters of {variable} hold something of the effect, too few for the variance of a "
                f"contrast of {rank} row{'s' * (rank > 1)}; test another contrast, or name smaller clusters."
            )
        fitted = np.einsum("kgj,lgj->kl", *2 * [self.inner(np.hstack([self.effect, self.split.nuisance]))])
        if np.linalg.eigvalsh(np.eye(rank) - fitted)[0] < NOTHING:
            raise InputError(
                f"The design fits the clusters of {variable} that hold the effect, or a part of it, so that nothing is "
                "left to estimate its variance from, as where each of them has a column of its own; test another "
                "contrast."
            )

    @cached_property
    def effect(self):
        """An orthonormal basis of the effect, shape (n_subjects, rank)."""
        return self.split.effect_basis

    @cached_property
    def marks(self):
        """Which rows are in each cluster, shape (n_clusters, n_subjects)."""
        return np.eye(self.clusters.max() + 1)[self.clusters].T

    @cached_property
    def counting(self):
        """Which clusters hold something of the effect, ndarray of bool, shape (n_clusters,)."""
        return counting_clusters(self.split, self.clusters)

    def inner(self, basis):
        """U_g' times the rows g of a basis, shape (rank, n_clusters, n_columns)."""
        return np.einsum("gn,nk,nj->kgj", self.marks, self.effect, basis, optimize=True)

    @cached_property
    def model(self):
        """M: the effect, and the directions of nuisance that count, shape (n_subjects, n)."""
        parts = self.inner(self.split.nuisance).reshape(-1, self.split.nuisance.shape[1])
        _, sizes, axes = np.linalg.svd(parts, full_matrices=False)
        return np.hstack([self.effect, self.split.nuisance @ axes[sizes > NOTHING].T])

    @cached_property
    def held(self):
        """K, shape (rank, n_clusters, n)."""
        return self.inner(self.model)

    @cached_property
    def vectors(self):
        """Ones, and K for each direction of the effect and each column of M, shape (1 + rank n, n_clusters)."""
        parts = self.held.transpose(0, 2, 1)
        return np.vstack([np.ones(len(self.marks)), parts.reshape(-1, len(self.marks))])

    def rows(self, order, signs):
        """The vectors times the clusters' signs, shape (n_vectors, n_shuffles, n_clusters)."""
        first = np.unique(self.clusters, return_index=True)[1]
        return self.vectors[:, None] * signs[:, first]

    @property
    def name(self):
        """Robust t for a contrast of one row, F for several."""
        return "robust t" if self.split.rank == 1 else "robust F"

    def elements(self, maps, dtype):
        """M_g'e_g of unit residuals of maps of shape (n_subjects, n_elements): (n, n_clusters, n_elements)."""
        units = unit_residuals(maps, self.split, dtype)
        return np.stack([(self.marks * column) @ units for column in self.model.T])

    def scores(self, rows, scores_of_clusters):
        """Robust t or F, shape (n_shuffles, n_elements)."""
        rank, size = self.split.rank, self.model.shape[1]
        q, a = rows[0] @ scores_of_clusters, scores_of_clusters[:rank]
        variance = np.empty((rank, rank, *q.shape[1:]))
        own = np.einsum("kgv,lgv->klv", a, a)
        for k in range(rank):
            for other in range(k + 1):
                of_k, of_other = (rows[1 + i * size : 1 + (i + 1) * size] for i in (k, other))
                squares = np.tensordot(self.held[k].T @ self.held[other], q, axes=1)
                squares -= of_k @ a[other]
                squares -= of_other @ a[k]
                variance[k, other] = own[k, other] + np.einsum("jsv,jsv->sv", q, squares)
                variance[other, k] = variance[k, other]
        beta, least = q[:rank], LEAST * np.trace(own)
        least = np.where(least > 0, least, 1)  # nothing is left of the map: 0
        if rank == 1:
            return beta[0] / np.sqrt(np.maximum(variance[0, 0], least))
        variance[range(rank), range(rank)] += least
        beta, variance = np.moveaxis(beta, 0, -1), np.moveaxis(variance, (0, 1), (-2, -1))
        return np.einsum("svk,svk->sv", beta, np.linalg.solve(variance, beta[..., None])[..., 0]) / rank

    def statistic(self, scores):
        """Scores are the statistics."""
        return scores

    def tie(self, scores):
        """How much scores that are a tie may differ."""
        return self.TIE * np.abs(scores)

    statistic_tie = tie


def counting_clusters(split, clusters):
    """Which clusters hold something of a contrast's effect: flips of the others say nothing of it.

    Parameters
    ----------
    split : model.glm.Partition
    clusters : ndarray of int, shape (n_subjects,)

    Returns
    -------
    ndarray of bool, shape (n_clusters,)
    """
    squares = np.bincount(clusters, np.square(split.effect_basis).sum(axis=1))
    return squares > NOTHING**2
