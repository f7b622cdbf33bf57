"""How deep the vertices of a surface lie, as shades of gray tell it."""

import numpy as np


def relief(depth):
    """Depths from 0, high up, to 1, but for the few that are most extreme.

    Parameters
    ----------
    depth : ndarray of float, shape (n_vertices,)
        Sulcal depth or curvature, the larger the deeper; NaN is 0.

    Returns
    -------
    ndarray, shape (n_vertices,)
    """
    low, high = np.nanpercentile(depth, [5, 95])
    return np.nan_to_num(np.clip((depth - low) / ((high - low) or 1), 0, 1))
