"""t and F of weighted least squares: of maps with holes, and of maps with first-level variances.

Subject i has at an element the weight w: 0 where the map has no value, else 1, or 1 / (s^2 + tau^2) of a first-level
variance s^2, with tau^2 that of the model without the effect. That model's residuals e are moved with their weights, as
pairs, over the rows of the design D; signs are turned of e alone. With

    A = sum w d d',   b = sum w e d,   c = sum w e^2,   g = A^-1 b,   s^2 = (c - b'g) / df,

t is C'g / sqrt(s^2 C'A^-1 C), and F accordingly: A and b are products of shuffled rows of D and of their pairs with
matrices of elements. The Cholesky factor L of A, the effect's columns last, frees the effect of the nuisance: of
L^-1 b the last elements are what the effect explains, and the others what the nuisance does. To a part of the nuisance
that every shuffle maps onto itself, such as an intercept, the pairs stay orthogonal, so that there b is 0 and takes no
products.

Elements differ in degrees of freedom, so that scores are z, the normal deviates of t with their own (see `deviates`).
Knapp and Hartung 2003 (Stat. Med. 22) scale the variance by s^2 in this way; with weights of 0 and 1 the fit is that of
ordinary least squares to the subjects at hand.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.model.glm import Partition
from secondlevel.model.heterogeneity import tau_squared
from secondlevel.model.weighted_fit import cross_products
from secondlevel.permutation.moved import moved, without
from secondlevel.permutation.shuffling import shuffled
from secondlevel.permutation.statistics.deviates import of_nothing, tables
from secondlevel.permutation.statistics.residuals import NOTHING

MOST = 2**18  # numbers in the products at a time, which then stay in the processor's cache
ROUND = 32  # degrees of freedom whose tables are kept together
DEPENDENT = 1e-10  # as that of the kernel


@dataclass(frozen=True)
class Elements:
    """What the scores of some elements are made of.

    Attributes
    ----------
    weighted : ndarray, shape (n_subjects, n_elements)
        Weights times residuals, the weighted squares of which add up to 1, or are all 0.
    weights : ndarray, shape (n_subjects, n_patterns)
        Those that differ, each with a mean of 1 over the subjects at hand.
    patterns : ndarray of int, shape (n_elements,)
        Which of these each element has.
    counts : ndarray of int, shape (n_elements,)
        Its number of values.
    """

    weighted: np.ndarray
    weights: np.ndarray
    patterns: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Weighted:
    """t or F of weighted least squares, as z.

    Attributes
    ----------
    split : model.glm.Partition
    two_sided : bool
        Of t; F has no sides.
    moved : ndarray, shape (n_subjects, n)
        An orthonormal basis of the nuisance that some shuffle moves.
    """

    split: Partition
    two_sided: bool
    moved: np.ndarray

    name = "z"
    dtype = np.float64  # c - b'g cancels
    fields = None
    TIE = 2e-6

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`."""
        return cls.of(split, two_sided and split.rank == 1, ground.blocks, ground.scheme)

    @classmethod
    def of(cls, split, two_sided, blocks, scheme):
        """Of a contrast's `model.glm.Partition` and what its shuffles are, see `moved.moved`."""
        return cls(split, two_sided, moved(split.nuisance, blocks, scheme))

    @cached_property
    def vectors(self):
        """An orthonormal basis of the design, shape (n_columns, n_subjects).

        The nuisance that no shuffle moves comes first, the effect last.
        """
        return np.hstack([without(self.split.nuisance, self.moved), self.moved, self.split.effect_basis]).T

    def rows(self, order, signs):
        """The shuffled design, shape (n_columns, n_shuffles, n_subjects)."""
        return shuffled(self.vectors, order, signs)

    def elements(self, maps, dtype):
        """The weights and residuals of maps of shape (n_subjects, n_elements), NaN where there is no value.

        Twice as many rows are maps and then their first-level variances.
        """
        n_subjects = len(self.split.effect)
        values = np.asarray(maps[:n_subjects], dtype=np.float64)
        there = np.isfinite(values)
        if len(maps) == n_subjects:
            bits, patterns = np.unique(np.packbits(there, axis=0), axis=1, return_inverse=True)
            weights = np.unpackbits(bits, axis=0, count=n_subjects).astype(np.float64)
        else:
            variances = np.where(there, np.asarray(maps[n_subjects:], dtype=np.float64), np.nan)
            weights = np.nan_to_num(1 / (variances + tau_squared(values, variances, self.split.nuisance)))
            patterns = np.arange(weights.shape[1])
        patterns = patterns.ravel()
        counts = there.sum(axis=0)
        weights *= np.count_nonzero(weights, axis=0) / np.maximum(weights.sum(axis=0), np.finfo(float).tiny)
        of_each = weights[:, patterns]
        values = np.where(there, values, 0)
        residuals = without_nuisance(values, weights, patterns, self.split.nuisance)
        length, whole = (np.sqrt((of_each * np.square(part)).sum(axis=0)) for part in (residuals, values))
        some = length > NOTHING * whole
        residuals *= np.where(some, 1 / np.where(some, length, 1), 0)
        return Elements(of_each * residuals, weights, patterns, counts)

    def scores(self, rows, elements):
        """z, shape (n_shuffles, n_elements)."""
        from secondlevel.permutation.statistics.weighted_kernel import deviates  # slow to import, and to compile

        n_columns, n_shuffles, _ = rows.shape
        n_still = n_columns - self.moved.shape[1] - self.split.rank
        first, second = np.tril_indices(n_columns)
        # Of round numbers there are fewer tables for the elements of all tiles.
        least = max(1, (int(elements.counts.min()) - n_columns) // ROUND * ROUND)
        of_z = tables(least, (int(elements.counts.max()) // ROUND + 1) * ROUND, self.split.rank)
        out = np.empty((n_shuffles, elements.patterns.size))
        step = max(1, MOST // (first.size * elements.weights.shape[1] + (n_columns - n_still) * elements.patterns.size))
        for start in range(0, n_shuffles, step):
            some = np.ascontiguousarray(rows[:, start : start + step].transpose(1, 0, 2))
            pairs = np.take(some, first, axis=1) * np.take(some, second, axis=1)  # a turned sign does not turn them
            products, with_residuals = times(pairs, elements.weights), times(some[:, n_still:], elements.weighted)
            about = elements.patterns, elements.counts, self.split.rank, of_z, least, of_nothing(self.split.rank)
            deviates(products, with_residuals, n_still, *about, out[start : start + step])
        return out

    def statistic(self, scores):
        """Scores are the statistics."""
        return scores

    def tie(self, scores):
        """How much scores that are a tie may differ."""
        return self.TIE * (1 + np.abs(scores))

    statistic_tie = tie


def times(rows, elements):
    """Rows of shape (n_shuffles, n_rows, n_subjects) times (n_subjects, n_elements), as one product."""
    return (rows.reshape(-1, rows.shape[-1]) @ elements).reshape(*rows.shape[:2], -1)


def without_nuisance(values, weights, patterns, nuisance):
    """Residuals of the weighted fit of the nuisance, of whatever rank it has over the subjects of an element.

    Parameters
    ----------
    values : ndarray, shape (n_subjects, n_elements)
    weights, patterns
        As of `Elements`.
    nuisance : ndarray, shape (n_subjects, n_columns)

    Returns
    -------
    ndarray, shape (n_subjects, n_elements)
    """
    inverse = np.linalg.pinv(cross_products(weights, nuisance), rcond=DEPENDENT, hermitian=True)
    residuals, of_each = values, weights[:, patterns]
    for _ in range(2):  # the second time takes what rounding has left where weights are very unlike
        moments = (nuisance.T @ (of_each * residuals)).T
        residuals = residuals - nuisance @ (inverse[patterns] @ moments[..., None])[..., 0].T
    return residuals
