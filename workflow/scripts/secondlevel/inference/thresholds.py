"""Thresholds of a z map, and q values."""

import numpy as np

from secondlevel.base.sides import tested

ROUNDING = 1e-6  # of -log10 p in a map


def fdr_threshold(z, alpha, two_sided):
    """The z from which elements pass the procedure of Benjamini and Hochberg (1995, J. R. Stat. Soc. B 57).

    Parameters
    ----------
    z : ndarray, shape (n_elements,)
    alpha : float
        False discovery rate.
    two_sided : bool
        Whether negative z count too, by their size.

    Returns
    -------
    float or None
        None if none passes.
    """
    from scipy.special import ndtr  # here, since most who read thresholds find none, and its import takes long

    ranked = np.sort(tested(z, two_sided))[::-1]
    p = ndtr(-ranked) * (2 if two_sided else 1)
    passing = np.flatnonzero(p < alpha * np.arange(1, len(p) + 1) / len(p))
    # The element at the threshold is itself above it.
    return float(ranked[passing[-1]] - 1e-12) if passing.size else None


def bonferroni_threshold(alpha, n_tests, two_sided):
    """The z whose p value times the number of tests is alpha."""
    from scipy.special import ndtri

    return float(-ndtri(alpha / n_tests / (2 if two_sided else 1)))


def threshold_entries(z, alpha, two_sided, contrast, unit):
    """The thresholds of a map of z, and how many elements are above each, as JSON.

    Parameters
    ----------
    z : ndarray, shape (n_elements,)
    alpha : dict
        The error rates ``fdr``, ``fwe`` and ``uncorrected``.
    two_sided : bool
    contrast : str
    unit : space.units.Unit
        By whose word they are counted.

    Returns
    -------
    list of dict
    """
    found = {
        "fdr": (alpha["fdr"], fdr_threshold(z, alpha["fdr"], two_sided)),
        "bonferroni": (alpha["fwe"], bonferroni_threshold(alpha["fwe"], z.size, two_sided)),
        "uncorrected": (alpha["uncorrected"], bonferroni_threshold(alpha["uncorrected"], 1, two_sided)),
    }
    entries = []
    for method, (rate, threshold) in found.items():
        entry = {"contrast": contrast, "method": method, "alpha": rate, "two_sided": two_sided, "statistic": "z"}
        n_above = int(above(z, threshold, two_sided).sum())
        entries.append(entry | {"threshold": threshold, f"{unit.many}_above": n_above, unit.many: z.size})
    return entries


def above(values, threshold, two_sided):
    """Which values are above a threshold, or beyond it on either side; none is if there is no threshold.

    Numbers of 32 bits are compared as numbers of 64, as the threshold is one: rounded to theirs, it can reach a value
    that is above it.
    """
    if threshold is None:
        return np.zeros(np.shape(values), dtype=bool)
    return tested(np.asarray(values, dtype=np.float64), two_sided) > threshold


def least_logp(alpha):
    """What -log10 of a p value, rounded as in a map, must exceed for p to be at most alpha."""
    return float(-np.log10(alpha)) - ROUNDING


def q_values(p):
    """Benjamini-Hochberg q of each p value: the smallest false discovery rate at which the element passes."""
    order = np.argsort(p)[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(p[order] * (len(p) / np.arange(len(p), 0, -1)))
    return np.clip(q, 0, 1)
