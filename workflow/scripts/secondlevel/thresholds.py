"""Thresholds of a z map, and q values."""

import numpy as np
from scipy import special

from secondlevel.statistic import tested


def fdr_threshold(z, alpha, two_sided):
    """The z from which voxels pass the procedure of Benjamini and Hochberg (1995, J. R. Stat. Soc. B 57).

    Parameters
    ----------
    z : ndarray, shape (n_voxels,)
    alpha : float
        False discovery rate.
    two_sided : bool
        Whether negative z count too, by their size.

    Returns
    -------
    float or None
        None if no voxel passes.
    """
    ranked = np.sort(tested(z, two_sided))[::-1]
    p = special.ndtr(-ranked) * (2 if two_sided else 1)
    passing = np.flatnonzero(p < alpha * np.arange(1, len(p) + 1) / len(p))
    # The voxel at the threshold is itself above it.
    return float(ranked[passing[-1]] - 1e-12) if passing.size else None


def bonferroni_threshold(alpha, n_tests, two_sided):
    """The z whose p value times the number of tests is alpha."""
    return float(-special.ndtri(alpha / n_tests / (2 if two_sided else 1)))


def q_values(p):
    """Benjamini-Hochberg q of each p value: the smallest false discovery rate at which the voxel passes."""
    order = np.argsort(p)[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(p[order] * (len(p) / np.arange(len(p), 0, -1)))
    return np.clip(q, 0, 1)
