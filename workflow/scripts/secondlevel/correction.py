"""P values from a permutation null.

p = (1 + #{null >= observed}) / (1 + n): the observed order is one of the shuffles, so p is never 0 and the test is
exact (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9).
"""

import numpy as np
from scipy import special


def fwe_p_values(observed, maxima, tie=0.0):
    """Family-wise corrected p value of each voxel.

    Parameters
    ----------
    observed : ndarray, shape (n_voxels,)
        Observed statistics.
    maxima : ndarray, shape (n,)
        The max statistic of every shuffle but the observed order.
    tie : ndarray or float
        How much a maximum may be smaller than the observed statistic and still reach it.

    Returns
    -------
    ndarray, shape (n_voxels,)
    """
    ranked = np.sort(maxima)
    reached = ranked.size - np.searchsorted(ranked, observed - tie, side="left")
    return (1 + reached) / (1 + ranked.size)


def fwe_threshold(maxima, alpha):
    """The statistic that a voxel must exceed for a corrected p value of alpha or less.

    Parameters
    ----------
    maxima : ndarray, shape (n,)
        The max statistic of every shuffle but the observed order.
    alpha : float

    Returns
    -------
    float or None
        None if n shuffles are too few for alpha.
    """
    allowed = int(np.floor(alpha * (1 + maxima.size) + 1e-9)) - 1  # how many maxima may reach the voxel
    return float(np.sort(maxima)[::-1][allowed]) if 0 <= allowed < maxima.size else None


def monte_carlo_interval(p, n):
    """The 95 % interval of the p value that all shuffles would give, where n drawn at random gave p.

    Clopper and Pearson's exact interval of the share of shuffles that reach the observed statistic.

    Returns
    -------
    list of two floats
    """
    reached = min(n, max(0, round(p * (1 + n)) - 1))
    low = special.betaincinv(reached, n - reached + 1, 0.025) if reached else 0
    high = special.betaincinv(reached + 1, n - reached, 0.975) if reached < n else 1
    return [float(low), float(high)]


def null_summary(null, method, p, alpha, tail, asked_for_tail=False):
    """What a null says of the observed maximum and of a threshold, as JSON.

    Parameters
    ----------
    null : nulls.Null
        Of all shuffles.
    method : str
        A key of its maxima.
    p : ndarray, shape (n_voxels,)
        The corrected p values, counted or from the fitted tail.
    alpha : float
        Family-wise error rate.
    tail : tail.Tail or None
        The fitted tail, if p values come from one.
    asked_for_tail : bool
        Whether a tail was to be fitted.

    Returns
    -------
    dict
    """
    maxima, observed, n = null.maxima[method][1:], null.evidence(method), null.size - 1
    counted = float(fwe_p_values(observed, maxima, null.tie[method]).min())
    exhaustive, warnings = null.about["exhaustive"], []
    if 1 / (1 + n) > alpha:
        warnings.append(
            f"{n} permutations{' are all there are and' if exhaustive else ''} allow no p value below "
            f"{1 / (1 + n):.3g}, so nothing can pass the error rate of {alpha:g}."
        )
    if asked_for_tail and tail is None:
        warnings.append("No generalised Pareto tail fits the null, so p values are counted.")
    beyond = int((p < 1 / (1 + n)).sum())
    if beyond:
        warnings.append(
            f"The p values of {beyond} voxels are below 1/{1 + n} and come from a generalised Pareto tail fitted to "
            f"{tail.n} of {n} permutations, not from counting."
        )
    return {
        "alpha": alpha,
        "threshold": tail.statistic_at(alpha) if tail and alpha < tail.share else fwe_threshold(maxima, alpha),
        "voxels_above": int((p <= alpha).sum()),
        "observed_maximum": float(observed.max()),
        "p_of_observed_maximum": float(p.min()),
        # All shuffles leave nothing to chance.
        "interval_of_p_of_observed_maximum": None if exhaustive else monte_carlo_interval(counted, n),
        "interval_of_p_at_alpha": None if exhaustive else monte_carlo_interval(alpha, n),
        "tail": vars(tail) if tail else None,
        "warnings": warnings,
    }
