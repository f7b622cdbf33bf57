"""Gaussian smoothing of a map."""

import numpy as np
from scipy.ndimage import gaussian_filter1d


def smooth(data, affine, fwhm):
    """Smooth with a Gaussian whose width is the same in mm along the three axes.

    Parameters
    ----------
    data : ndarray of float, shape (x, y, z)
        Values that are not finite are taken as 0.
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    fwhm : float
        Full width at half maximum in mm; 0 does not smooth.

    Returns
    -------
    ndarray, of the type and shape of `data`
    """
    data = np.where(np.isfinite(data), data, 0).astype(data.dtype)
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    for axis, size in enumerate(sizes):
        if fwhm > 0:
            gaussian_filter1d(data, fwhm / (np.sqrt(8 * np.log(2)) * size), axis=axis, output=data)
    return data
