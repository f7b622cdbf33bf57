"""How like the others each subject's map is, and which maps stand apart from them.

A correlation does not change if one side is scaled, so that of map y_i with the mean of the others is that with their
sum, s - y_i. Each map's own mean is taken off before any product is summed, in a second pass over the maps.
"""

import numpy as np

from secondlevel.base.matrix import columns

CUT_OFF = 3.5  # of robust z scores, as Iglewicz and Hoaglin (1993) recommend
CELLS = 2**23  # values of the maps that are looked at at a time, whatever the number of subjects


def tiles(maps, width):
    """The maps as float64, some voxels at a time, less each map's first value: a constant map is 0 to the last bit."""
    first = filled(columns(maps, 0, 1)).astype(np.float64)
    for start in range(0, maps.shape[1], width):
        yield filled(columns(maps, start, start + width)) - first


def filled(values):
    """Values of shape (n_subjects, n_voxels), those that are missing taken as the mean of the others' there."""
    there = np.isfinite(values)
    if there.all():
        return values
    mean = np.where(there, values, 0).sum(axis=0, dtype=np.float64) / np.maximum(there.sum(axis=0), 1)
    return np.where(there, values, mean)


def moments(maps, width=None):
    """Mean and standard deviation of each map, and its correlation with the mean of all other maps.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
        NaN where a map has no value.
    width : int, optional
        Voxels to look at at a time.

    Returns
    -------
    mean, sd : ndarray of float64, shape (n_subjects,)
        The standard deviation is that of the voxels themselves, divided by their number.
    correlation : ndarray of float64, shape (n_subjects,)
        Pearson's, over voxels; 0 if the map or the mean of the others is constant, NaN if there are no others.
    """
    n_subjects, n_voxels = maps.shape
    width = width or max(1, CELLS // n_subjects)
    mean = sum(tile.sum(axis=1) for tile in tiles(maps, width)) / n_voxels
    own, shared, theirs = np.zeros((3, n_subjects))
    for tile in tiles(maps, width):
        tile -= mean[:, None]
        others = tile.sum(axis=0) - tile
        own += np.einsum("ij,ij->i", tile, tile)
        shared += np.einsum("ij,ij->i", tile, others)
        theirs += np.einsum("ij,ij->i", others, others)
    scale = np.sqrt(own) * np.sqrt(theirs)
    correlation = np.clip(shared / np.where(scale > 0, scale, 1), -1, 1)
    if n_subjects == 1:
        correlation[:] = np.nan
    return mean + filled(columns(maps, 0, 1))[:, 0], np.sqrt(own / n_voxels), correlation


def leverage(design):
    """The hat value of each subject, the share that its own map has in its fitted one.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray, shape (n_subjects,)
    """
    return np.square(np.linalg.qr(design)[0]).sum(axis=1)


def robust_z(values):
    """Distances from the median in units of the median distance, made to compare with standard deviations.

    Parameters
    ----------
    values : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993, How to detect and handle outliers, section 3.3); 0 if the
        MAD is 0, but for rounding.
    """
    median = np.median(values)
    mad = np.median(np.abs(values - median))
    if mad <= 1e-12 * abs(median):
        return np.zeros(len(values))
    return 0.6745 * (values - median) / mad


def scores(mean, sd, correlation):
    """Robust z scores of the means, the logarithms of the standard deviations, and Fisher's z of the correlations.

    Parameters
    ----------
    mean, sd, correlation : ndarray, shape (n_subjects,)

    Returns
    -------
    dict of ndarray, shape (n_subjects,)
        `z_mean`, `z_log_sd` and `z_correlation`.
    """
    below_one = np.nextafter(1, 0)  # neither a constant map nor a copy of another has an infinite score
    log_sd = np.log(np.maximum(sd, np.finfo(float).tiny))
    fisher = np.arctanh(np.clip(correlation, -below_one, below_one))
    return {"z_mean": robust_z(mean), "z_log_sd": robust_z(log_sd), "z_correlation": robust_z(fisher)}


def reasons(z):
    """Why each map is an outlier: its mean or spread is too far on either side, or its correlation too low.

    Parameters
    ----------
    z : dict of ndarray, shape (n_subjects,)
        As `scores` gives them.

    Returns
    -------
    list of str or None
        "mean", "sd" and "correlation", joined by semicolons; None for a map that is no outlier.
    """
    far = {
        "mean": np.abs(z["z_mean"]) > CUT_OFF,
        "sd": np.abs(z["z_log_sd"]) > CUT_OFF,
        "correlation": z["z_correlation"] < -CUT_OFF,
    }
    return ["; ".join(name for name in far if far[name][row]) or None for row in range(len(z["z_mean"]))]


def compare(maps, design):
    """All that is said of how each subject's map and variables lie among the others'.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    design : ndarray, shape (n_subjects, n_columns)

    Returns
    -------
    dict of sequences of length n_subjects
        `mean`, `sd`, `correlation`, `leverage`, the scores, and `outlier` with the reasons.
    """
    mean, sd, correlation = moments(maps)
    z = scores(mean, sd, correlation)
    measured = {"mean": mean, "sd": sd, "correlation": correlation, "leverage": leverage(design)}
    return measured | z | {"outlier": reasons(z)}
