"""The linear model of maps that lack values or have first-level variances, by weighted least squares.

A value weighs 1, or 1 / (s^2 + tau^2) if its variance s^2 is known, with tau^2 of the whole model (see
`heterogeneity`); where there is none it weighs 0. With n subjects who have a value and p columns,

    var(beta) = s^2 C'(X'WX)^-1 C,   s^2 = sum w r^2 / (n - p),

which of variances is Knapp and Hartung's scale (2003, Stat. Med. 22); t has n - p degrees of freedom.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from secondlevel.base.matrix import columns
from secondlevel.model.glm import PERFECT, TILE, Fit, FitF
from secondlevel.model.heterogeneity import tau_squared
from secondlevel.model.weighted_fit import weighted_fit


@dataclass(frozen=True)
class Model:
    """What a weighted model says of each element, whatever the contrast; arrays of float64, shape (n_elements,).

    Attributes
    ----------
    counts : ndarray of int
        How many subjects have a value.
    spread : ndarray
        s^2 of a value of mean weight.
    coefficients : ndarray, shape (n_elements, n_columns)
    inverse : ndarray, shape (n_elements, n_columns, n_columns)
        (X'WX)^-1.
    tau2, q : ndarray or None
        The variance between subjects, and Cochran's Q of the weights 1 / s^2, if variances are known.
    """

    counts: np.ndarray
    spread: np.ndarray
    coefficients: np.ndarray
    inverse: np.ndarray
    tau2: np.ndarray | None
    q: np.ndarray | None

    @property
    def df(self):
        """Residual degrees of freedom."""
        return self.counts - self.coefficients.shape[1]

    @property
    def maps(self):
        """Maps of the model, by the keys of `maps.OF_WEIGHTED`, and `maps.OF_VARIANCES` if these are known."""
        found = {"n": self.counts}
        if self.tau2 is None:
            return found
        share = np.maximum(1 - self.df / np.maximum(self.q, np.finfo(float).tiny), 0)
        return found | {"tau2": self.tau2, "i2": share, "heterogeneity": special.chdtrc(self.df, self.q)}

    def contrast(self, weights):
        """The fit of a contrast, weights of shape (rank, n_columns), as a `glm.Fit` or `glm.FitF`."""
        weights = np.atleast_2d(np.asarray(weights, dtype=float))
        effect = self.coefficients @ weights.T
        spread = weights @ self.inverse @ weights.T
        if len(weights) == 1:
            return Fit(effect[:, 0], self.spread * spread[:, 0, 0], self.spread, self.df)
        explained = np.einsum("vi,vi->v", effect, np.linalg.solve(spread, effect[..., None])[..., 0])
        return FitF(explained / len(weights) / self.spread, len(weights), self.df)


def fit_weighted(maps, design):
    """Fit a design to every element.

    Parameters
    ----------
    maps : ndarray, memmap or `matrix.Stacked`, shape (n_subjects, n_elements)
        NaN where there is no value; twice as many rows are maps and their variances.
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank over the subjects of each element.

    Returns
    -------
    Model
    """
    tiles = [fit_tile(columns(maps, start, start + TILE), design) for start in range(0, maps.shape[1], TILE)]
    parts = zip(*tiles, strict=True)
    return Model(*(None if part[0] is None else np.concatenate(part) for part in parts))


def fit_tile(tile, design):
    """The fields of a `Model` for some elements."""
    # Columns of length 1: the units of one would cost others their digits.
    lengths = np.linalg.norm(design, axis=0)
    design, n_subjects = design / lengths, len(design)
    maps = tile[:n_subjects].astype(np.float64)
    there, tau2, q = np.isfinite(maps), None, None
    values, weights = np.where(there, maps, 0), there.astype(float)
    if len(tile) > n_subjects:
        variances = np.where(there, tile[n_subjects:], np.nan).astype(np.float64)
        tau2 = tau_squared(maps, variances, design)
        alone, weights = (np.nan_to_num(1 / (variances + more)) for more in (0, tau2))
        weights *= there.sum(axis=0) / weights.sum(axis=0)  # so that s^2 is that of a value of mean weight
        q = (alone * np.square(weighted_fit(values, alone, design)[0])).sum(axis=0)
    residuals, coefficients, products = weighted_fit(values, weights, design)
    counts = there.sum(axis=0)
    rest = (weights * np.square(residuals)).sum(axis=0)
    rest = np.maximum(rest, PERFECT * (weights * np.square(values)).sum(axis=0))
    inverse = np.linalg.inv(products) / np.outer(lengths, lengths)
    return counts, rest / (counts - design.shape[1]), coefficients / lengths, inverse, tau2, q


def goes_with(maps, split):
    """t of whether a subject has a value on a contrast, or F, by ordinary least squares.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
        NaN where there is no value.
    split : glm.Partition

    Returns
    -------
    ndarray, shape (n_elements,)
        0 where all subjects have a value.
    """
    out = []
    for start in range(0, maps.shape[1], TILE):
        there = np.isfinite(columns(maps, start, start + TILE)[: len(split.effect)]).astype(float)
        adjusted = split.without_nuisance(there)
        scores = split.effect_basis.T @ adjusted
        explained, whole = np.square(scores).sum(axis=0), np.square(adjusted).sum(axis=0)
        rest = np.maximum(whole - explained, 1e-10 * np.maximum(whole, 1))
        f = explained / split.rank / (rest / split.df)
        f[there.all(axis=0)] = 0
        out.append(np.copysign(np.sqrt(f), scores[0]) if split.rank == 1 else f)
    return np.concatenate(out)
