"""The tail of a null, smoothed by a generalised Pareto distribution, for p values from fewer shuffles.

The part of the null above a threshold is fitted by the method of moments (Hosking and Wallis 1987, Technometrics 29;
Winkler et al. 2016, NeuroImage 141). The threshold starts at the null's upper quarter and rises until the fit is not
rejected. The test of fit is that of Anderson and Darling with its null distribution simulated for the very estimator
(a parametric bootstrap), so that no table is needed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import genpareto

QUARTER = 0.25
FEWEST = 50  # maxima in a tail, below which no fit is tried
REJECTED = 0.05
REGULAR = 0.5  # beyond this shape, of either sign, moments say little of a generalised Pareto distribution
SIMULATIONS = 999
# A fit may end at a finite statistic, and p values far beyond the null are a guess: none goes further below what can
# be counted than this factor.
DECADE = 0.1


@dataclass(frozen=True)
class Tail:
    """A fitted tail.

    Attributes
    ----------
    threshold : float
        Statistic above which the fit holds.
    share : float
        Share of the null above the threshold, the observed order counted.
    shape, scale : float
        Of the generalised Pareto distribution.
    n : int
        Number of maxima fitted.
    p_of_fit : float
        Of the test of fit; a good fit has a large one.
    smallest_p : float
        No p value is taken to be smaller.
    """

    threshold: float
    share: float
    shape: float
    scale: float
    n: int
    p_of_fit: float
    smallest_p: float

    def p_values(self, observed, p):
        """P values from the fit where the observed statistic is above the threshold, and the given ones elsewhere."""
        fitted = self.share * genpareto.sf(observed - self.threshold, self.shape, scale=self.scale)
        return np.where(observed > self.threshold, np.maximum(fitted, self.smallest_p), p)

    def statistic_at(self, alpha):
        """The statistic whose p value by the fit is `alpha`, a share below `share`."""
        return float(self.threshold + genpareto.isf(alpha / self.share, self.shape, scale=self.scale))


def moments(excess):
    """Shape and scale of generalised Pareto distributions from samples along the last axis."""
    mean, variance = excess.mean(axis=-1), excess.var(axis=-1)
    ratio = mean**2 / variance
    return (1 - ratio) / 2, mean * (1 + ratio) / 2


def anderson_darling(excess, shape, scale):
    """Anderson and Darling's distance of samples along the last axis from their fits."""
    n = excess.shape[-1]
    ranked = np.sort(excess, axis=-1)
    shape, scale = np.expand_dims(shape, -1), np.expand_dims(scale, -1)
    below = np.clip(genpareto.cdf(ranked, shape, scale=scale), 1e-12, 1 - 1e-12)
    order = 2 * np.arange(1, n + 1) - 1
    return -n - (order * (np.log(below) + np.log1p(-below[..., ::-1]))).mean(axis=-1)


def fit_tail(maxima):
    """Fit the tail of a null.

    Parameters
    ----------
    maxima : ndarray, shape (n,)
        The max statistic of every shuffle but the observed order.

    Returns
    -------
    Tail or None
        None if no tail of at least `FEWEST` maxima is fitted well; then p values are to be counted.
    """
    ranked, rng = np.sort(maxima)[::-1], np.random.default_rng(0)
    n = int(QUARTER * ranked.size)
    while n >= FEWEST:
        threshold = ranked[n]
        excess = ranked[:n] - threshold
        shape, scale = moments(excess)
        distance = anderson_darling(excess, shape, scale)
        simulated = genpareto.rvs(shape, scale=scale, size=(SIMULATIONS, n), random_state=rng)
        p_of_fit = (1 + (anderson_darling(simulated, *moments(simulated)) >= distance).sum()) / (1 + SIMULATIONS)
        if p_of_fit > REJECTED and abs(shape) < REGULAR:
            share = (1 + n) / (1 + ranked.size)
            smallest = DECADE / (1 + ranked.size)
            return Tail(float(threshold), share, float(shape), float(scale), n, float(p_of_fit), smallest)
        n = int(0.9 * n)
    return None
