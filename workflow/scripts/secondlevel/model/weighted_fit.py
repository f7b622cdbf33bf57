"""Weighted least squares, element by element."""

import numpy as np


def cross_products(weights, design):
    """X'WX of each element, shape (n_elements, n_columns, n_columns)."""
    first, second = np.tril_indices(design.shape[1])
    of_pairs = (design[:, first] * design[:, second]).T @ weights
    out = np.empty((weights.shape[1], design.shape[1], design.shape[1]))
    out[:, first, second] = out[:, second, first] = of_pairs.T
    return out


def weighted_fit(values, weights, design):
    """Weighted least squares, element by element.

    Parameters
    ----------
    values, weights : ndarray of float64, shape (n_subjects, n_elements)
        Values are finite even where the weight is 0.
    design : ndarray, shape (n_subjects, n_columns)

    Returns
    -------
    residuals : ndarray, shape (n_subjects, n_elements)
        Of all subjects, those of weight 0 among them.
    coefficients : ndarray, shape (n_elements, n_columns)
    products : ndarray, shape (n_elements, n_columns, n_columns)
        X'WX.
    """
    products = cross_products(weights, design)
    moments = (design.T @ (weights * values)).T
    coefficients = np.linalg.solve(products, moments[..., None])[..., 0]
    return values - design @ coefficients.T, coefficients, products
