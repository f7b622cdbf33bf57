"""Gaussian smoothing of a map."""

import numpy as np

LEAST = 0.1  # voxels: scipy's kernel of a narrower Gaussian is one voxel, and of the narrowest ones no number


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
    from scipy.ndimage import gaussian_filter1d  # here, since few jobs smooth and its import takes long

    # In C order, whatever that of the file: scipy filters it in half the time.
    data = np.ascontiguousarray(np.where(np.isfinite(data), data, 0), dtype=data.dtype)
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    for axis, size in enumerate(sizes):
        sigma = fwhm / (np.sqrt(8 * np.log(2)) * size)
        if sigma > LEAST:
            gaussian_filter1d(data, sigma, axis=axis, output=data)
    return data
