"""The general linear model of a group of maps, fitted by ordinary least squares.

For a contrast c of the design X (full column rank, D = (X'X)^-1), the model Y = X b + e is the same as

    Y = x beta + Z g + e   with   x = X D c / (c'D c),   Z a basis of {X b : c'b = 0},   x'Z = 0,

in which beta = c'b: one column holds the effect, the others the nuisance, whatever the contrast was (Beckmann et
al. 2001; Winkler et al. 2014, NeuroImage 92, appendix A). Since x is orthogonal to Z, and x'x = 1 / (c'D c),

    beta = x'Y / x'x,   var(beta) = s^2 / x'x,   s^2 = |Y - x beta - Z g|^2 / (n - rank X).
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

# Voxels that are fitted at a time, which bounds the memory that float64 copies take.
TILE = 8192


@dataclass(frozen=True)
class Partition:
    """A design, split for one contrast into effect and nuisance.

    Attributes
    ----------
    effect : ndarray, shape (n_subjects,)
        x of the module's text.
    nuisance : ndarray, shape (n_subjects, n_columns - 1)
        An orthonormal basis of Z.
    df : int
        Residual degrees of freedom.
    """

    effect: np.ndarray
    nuisance: np.ndarray
    df: int


def partition(design, weights):
    """Split a design for a contrast.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank, with more rows than columns.
    weights : ndarray, shape (n_columns,)
        The contrast, not all zero.

    Returns
    -------
    Partition
    """
    design = np.asarray(design, dtype=np.float64)
    weights = np.asarray(weights, dtype=np.float64)
    q, r = linalg.qr(design, mode="economic")
    root = linalg.solve_triangular(r, weights, trans="T")  # D = r^-1 r^-T, so c'D c = |r^-T c|^2 and X D c = q r^-T c
    nuisance = linalg.orth(design @ linalg.null_space(weights[None]))
    return Partition(q @ root / (root @ root), nuisance, design.shape[0] - design.shape[1])


@dataclass(frozen=True)
class Fit:
    """What a contrast's fit says of each voxel; arrays of float64, shape (n_voxels,).

    Attributes
    ----------
    effect : ndarray
        The contrast of the coefficients, in units of the maps.
    variance : ndarray
        The square of the effect's standard error.
    df : int
        Residual degrees of freedom.
    """

    effect: np.ndarray
    variance: np.ndarray
    df: int

    @property
    def t(self):
        """Student's t of the effect."""
        return self.effect / np.sqrt(self.variance)

    @property
    def partial_r(self):
        """Correlation of the maps with the effect's regressor, both adjusted for the nuisance."""
        return self.t / np.sqrt(self.df + self.t**2)


def fit(maps, split):
    """Fit the model of one contrast to every voxel.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    split : Partition

    Returns
    -------
    Fit
    """
    n_voxels = maps.shape[1]
    effect, variance = np.empty(n_voxels), np.empty(n_voxels)
    length = split.effect @ split.effect
    for start in range(0, n_voxels, TILE):
        tile = slice(start, start + TILE)
        residual = np.asarray(maps[:, tile], dtype=np.float64)
        residual = residual - split.nuisance @ (split.nuisance.T @ residual)
        effect[tile] = split.effect @ residual / length
        residual -= np.outer(split.effect, effect[tile])
        variance[tile] = np.einsum("ij,ij->j", residual, residual) / split.df / length
    return Fit(effect, variance, split.df)
