"""Where the subjects at hand tell the whole design."""

import numpy as np

from secondlevel.model.weighted_fit import cross_products

DEPENDENT = 1e-10  # of the squares of a design's lengths, what rounding leaves of a column that depends on others
TILE = 8192  # patterns at a time


def estimable(there, design):
    """Whether the design of the subjects who have a value has its full rank, and leaves a degree of freedom.

    Parameters
    ----------
    there : ndarray of bool, shape (n_subjects, n_elements)
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray of bool, shape (n_elements,)
    """
    basis = np.linalg.qr(design)[0]
    bits, patterns = np.unique(np.packbits(there, axis=0), axis=1, return_inverse=True)
    told = []
    for start in range(0, bits.shape[1], TILE):
        weights = np.unpackbits(bits[:, start : start + TILE], axis=0, count=len(there)).astype(float)
        least = np.linalg.eigvalsh(cross_products(weights, basis))[:, 0]
        told.append((least > DEPENDENT) & (weights.sum(axis=0) > design.shape[1]))
    return np.concatenate(told)[patterns.ravel()]
