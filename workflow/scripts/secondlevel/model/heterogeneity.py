"""The variance between subjects, beside first-level variances that are known.

With a map's values y, their first-level variances s^2, weights w = 1 / (s^2 + tau^2) and a design X, restricted
maximum likelihood takes the tau^2 >= 0 that maximises

    -1/2 (sum log(s^2 + tau^2) + log |X'WX| + y'Py),   P = W - W X (X'WX)^-1 X'W,

whose derivative is (y'PPy - tr P) / 2 (Harville 1977, J. Am. Stat. Assoc. 72). It can have several maxima. So it is
looked at on a grid up to a tau^2 beyond which it only falls, and its derivative's root is found around the best one.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.model.weighted_fit import cross_products, weighted_fit

GRID = np.concatenate([[0], np.geomspace(1e-5, 1, 31)])  # shares of the largest tau^2 that can be


@dataclass(frozen=True)
class Likelihood:
    """The restricted likelihood of tau^2 for some elements.

    Attributes
    ----------
    maps, variances : ndarray of float64, shape (n_subjects, n_elements)
        NaN where a subject has no value.
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank over the subjects of every element.
    """

    maps: np.ndarray
    variances: np.ndarray
    design: np.ndarray

    def fit(self, tau2, some=slice(None)):
        """Weights, residuals and cross products of the weighted fit of some elements."""
        weights = np.nan_to_num(1 / (self.variances[:, some] + tau2))
        values = np.nan_to_num(self.maps[:, some])
        return weights, *weighted_fit(values, weights, self.design)

    def log(self, tau2):
        """The logarithm of the likelihood, shape (n_elements,)."""
        weights, residuals, _, products = self.fit(tau2)
        logs = np.log(weights, where=weights > 0, out=np.zeros_like(weights)).sum(axis=0)
        fitted = np.linalg.slogdet(products)[1] if self.design.shape[1] else 0
        return (logs - fitted - (weights * np.square(residuals)).sum(axis=0)) / 2

    def slope(self, tau2, some):
        """Twice its derivative, of the elements with some numbers."""
        weights, residuals, _, products = self.fit(tau2, some)
        squares = np.square(weights)
        trace = weights.sum(axis=0)
        if self.design.shape[1]:
            trace = trace - np.einsum("vij,vji->v", np.linalg.inv(products), cross_products(squares, self.design))
        return (squares * np.square(residuals)).sum(axis=0) - trace

    def most(self):
        """A tau^2 from which on the likelihood falls.

        With R^2 the residual variance of the unweighted fit, |Py|^2 <= (n - p) R^2 / (least s^2 + tau^2)^2 and
        tr P >= (n - p) / (largest s^2 + tau^2).
        """
        there = np.isfinite(self.variances)
        values = np.nan_to_num(self.maps)
        residuals, *_ = weighted_fit(values, there.astype(float), self.design)
        freedom = np.maximum(there.sum(axis=0) - self.design.shape[1], 1)
        rest = (np.square(residuals) * there).sum(axis=0) / freedom
        least = np.where(there, self.variances, np.inf).min(axis=0)
        largest = np.where(there, self.variances, 0).max(axis=0)
        return np.maximum(rest / 2 + np.sqrt(rest**2 / 4 + rest * (largest - least)) - least, 0)


def tau_squared(maps, variances, design):
    """The variance between subjects by restricted maximum likelihood.

    Parameters
    ----------
    maps, variances : ndarray of float64, shape (n_subjects, n_elements)
        NaN where a subject has no value.
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank over the subjects of every element.

    Returns
    -------
    ndarray, shape (n_elements,)
    """
    likelihood = Likelihood(maps, variances, design)
    grid = GRID[:, None] * likelihood.most()
    best = np.argmax([likelihood.log(tau2) for tau2 in grid], axis=0)
    numbers = np.arange(maps.shape[1])
    low, high = (grid[np.clip(best + step, 0, len(grid) - 1), numbers] for step in (-1, 1))
    tau2 = grid[best, numbers]
    inside = (likelihood.slope(low, numbers) > 0) & (likelihood.slope(high, numbers) < 0)
    if inside.any():
        from scipy.optimize import elementwise  # here, since few analyses need it and its import takes long

        some = numbers[inside]
        tau2[some] = elementwise.find_root(likelihood.slope, (low[some], high[some]), args=(some,)).x
    return tau2
