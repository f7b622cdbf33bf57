"""The general linear model of a group of maps, fitted by ordinary least squares.

A contrast C (one column for t, several for F) of the design X (full column rank, D = (X'X)^-1) splits the model
Y = X b + e into

    Y = E beta + Z g + e   with   E = X D C (C'D C)^-1,   Z a basis of {X b : C'b = 0},   E'Z = 0,

in which beta = C'b: the columns of E hold the effect, the others the nuisance, whatever the contrast was (Beckmann
et al. 2001; Winkler et al. 2014, NeuroImage 92, appendix A). Since E is orthogonal to Z, and E'E = (C'D C)^-1,

    beta = (E'E)^-1 E'Y,   s^2 = |Y - E beta - Z g|^2 / (n - rank X),   var(beta) = s^2 (E'E)^-1,
    t = beta / sqrt(var(beta))   or   F = |E beta|^2 / (rank C s^2).
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

from secondlevel.base.errors import InputError
from secondlevel.base.matrix import columns

# Voxels that are fitted at a time, which bounds the memory that float64 copies take.
TILE = 8192
# The least residual sum of squares of a voxel, of that of its values: rounding is below, what 32 bits can tell above.
PERFECT = 1e-26
# How many times as long as another one a column may be for products of both to keep their digits.
UNLIKE = 1e10
NEARLY_SAME = 5e7  # the condition of a contrast's rows from which their products, squares of it, are singular


@dataclass(frozen=True)
class Partition:
    """A design, split for one contrast into effect and nuisance.

    Attributes
    ----------
    effect : ndarray, shape (n_subjects, rank_of_contrast)
        E of the module's text.
    nuisance : ndarray, shape (n_subjects, n_columns - rank_of_contrast)
        An orthonormal basis of Z.
    df : int
        Residual degrees of freedom.
    """

    effect: np.ndarray
    nuisance: np.ndarray
    df: int

    @property
    def rank(self):
        """Number of rows of the contrast: 1 for t, more for F."""
        return self.effect.shape[1]

    @property
    def effect_basis(self):
        """An orthonormal basis of the effect, shape (n_subjects, rank); for t it points to a positive effect."""
        if self.rank == 1:
            return self.effect / np.linalg.norm(self.effect)
        return linalg.qr(self.effect, mode="economic")[0]

    def without_nuisance(self, values):
        """Residuals of values of shape (n_subjects, ...) after the nuisance."""
        return values - self.nuisance @ (self.nuisance.T @ values)


def partition(design, weights):
    """Split a design for a contrast.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank, with more rows than columns.
    weights : ndarray, shape (n_columns,) or (rank, n_columns)
        The contrast, of full row rank.

    Returns
    -------
    Partition

    Raises
    ------
    InputError
        If rows of the contrast cannot be told apart.
    """
    design = np.asarray(design, dtype=np.float64)
    weights = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    rows, lengths = weights, np.linalg.norm(design, axis=0)
    if lengths.max() > UNLIKE * lengths.min():  # else the unit of one would cost others their digits
        design, weights = design / power_of_2(lengths), weights / power_of_2(lengths)
        rows = weights / power_of_2(np.abs(weights).max(axis=1, keepdims=True))
    q, r = linalg.qr(design, mode="economic")
    root = linalg.solve_triangular(r, weights.T, trans="T")  # D = r^-1 r^-T: C'D C = root'root and X D C = q root
    sizes = power_of_2(np.abs(root).max(axis=0))
    root = root / sizes
    if np.linalg.cond(root) > NEARLY_SAME:
        raise InputError(
            "A contrast has rows that differ by rounding only, in the units of the design's columns; give variables "
            "units in which their values are of about the same size."
        )
    effect = linalg.solve(root.T @ root, (q @ root).T, assume_a="pos").T / sizes
    null = linalg.null_space(rows)
    nuisance = linalg.orth(design @ null) if null.size else np.empty((len(design), 0))
    return Partition(effect, nuisance, design.shape[0] - design.shape[1])


def power_of_2(sizes):
    """Powers of 2 as large as some sizes: dividing by them changes no digit."""
    return np.exp2(np.round(np.log2(sizes)))


def compares_means(design, weights):
    """Whether a contrast of one row is a mean of cells, or the difference of two such means, neither more nor less.

    Its columns mark groups, or everybody, and it can be written as a sum of the means of cells, the kinds of rows of
    such columns, with weights whose sizes add up to 1, or to 2 if they cancel. Twice a difference is none, nor is a
    difference of differences: divided by a standard deviation they are not Cohen's d.
    """
    weights = np.asarray(weights, dtype=float).ravel()
    marks = np.isin(design, (0, 1)).all(axis=0)
    if np.any(weights[~marks] != 0):
        return False
    from scipy.optimize import linprog  # slow to import

    cells = np.unique(design[:, marks], axis=0).T
    found = linprog(np.ones(2 * cells.shape[1]), A_eq=np.hstack([cells, -cells]), b_eq=weights[marks])
    if found.status != 0:
        return False
    total = found.x[: cells.shape[1]].sum() - found.x[cells.shape[1] :].sum()
    return bool(np.isclose(found.fun, 1) and np.isclose(total, 1)) or bool(
        np.isclose(found.fun, 2) and np.isclose(total, 0)
    )


@dataclass(frozen=True)
class Fit:
    """What a contrast's fit says of each voxel; arrays of float64, shape (n_voxels,).

    Attributes
    ----------
    effect : ndarray
        The contrast of the coefficients, in units of the maps.
    variance : ndarray
        The square of the effect's standard error.
    residual_variance : ndarray
        The variance that the model leaves.
    df : int
        Residual degrees of freedom.
    """

    effect: np.ndarray
    variance: np.ndarray
    residual_variance: np.ndarray
    df: int

    @property
    def standardised(self):
        """The effect in standard deviations of the residuals; Cohen's d where the contrast compares means."""
        return self.effect / np.sqrt(self.residual_variance)

    def interval(self, level):
        """Both ends of the confidence interval of the effect."""
        half = special.stdtrit(self.df, (1 + level) / 2) * np.sqrt(self.variance)
        return self.effect - half, self.effect + half

    @property
    def t(self):
        """Student's t of the effect."""
        return self.effect / np.sqrt(self.variance)

    @property
    def partial_r(self):
        """Correlation of the maps with the effect's regressor, both adjusted for the nuisance."""
        return self.t / np.sqrt(self.df + self.t**2)


@dataclass(frozen=True)
class FitF:
    """What the fit of a contrast of several rows says of each voxel.

    Attributes
    ----------
    f : ndarray of float64, shape (n_voxels,)
    rank : int
        Numerator degrees of freedom.
    df : int
        Residual degrees of freedom.
    """

    f: np.ndarray
    rank: int
    df: int

    @property
    def partial_r2(self):
        """Share of the variance, adjusted for the nuisance, that the contrast explains."""
        return self.rank * self.f / (self.rank * self.f + self.df)


def fit(maps, split):
    """Fit the model of one contrast to every voxel.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    split : Partition

    Returns
    -------
    Fit or FitF
        For a contrast of one row, or of several.
    """
    n_voxels = maps.shape[1]
    effect, explained, residual = np.empty(n_voxels), np.empty(n_voxels), np.empty(n_voxels)
    basis, length = split.effect_basis, np.linalg.norm(split.effect[:, 0])
    for start in range(0, n_voxels, TILE):
        tile = slice(start, start + TILE)
        values = columns(maps, start, start + TILE).astype(np.float64)
        adjusted = split.without_nuisance(values)
        scores = basis.T @ adjusted
        adjusted -= basis @ scores
        effect[tile] = scores[0] / length
        explained[tile] = np.einsum("ij,ij->j", scores, scores)
        # What the model explains whole leaves rounding errors, or nothing: t is then large, or 0, and never no number.
        least = PERFECT * np.einsum("ij,ij->j", values, values)
        residual[tile] = np.maximum(np.einsum("ij,ij->j", adjusted, adjusted), least)
    if split.rank == 1:
        return Fit(effect, residual / split.df / length**2, residual / split.df, split.df)
    return FitF(explained / split.rank / (residual / split.df), split.rank, split.df)
