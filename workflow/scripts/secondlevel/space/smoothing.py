"""Gaussian smoothing of a map."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from secondlevel.space.background import read_subject_map

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
    # In C order, whatever that of the file: scipy filters it in half the time.
    data = np.ascontiguousarray(np.where(np.isfinite(data), data, 0), dtype=data.dtype)
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    for axis, size in enumerate(sizes):
        sigma = fwhm / (np.sqrt(8 * np.log(2)) * size)
        if sigma > LEAST:
            gaussian_filter1d(data, sigma, axis=axis, output=data)
    return data


class SmoothedMaps:
    """The maps of some subjects inside a mask, smoothed as they are asked for.

    Parameters
    ----------
    paths : sequence of str
    grid : tuple or None
        The grid onto which maps are resampled, as for `images.read_image`.
    mask : images.Mask
    fwhm : float
        In mm; 0 does not smooth.
    each : callable, optional
        What goes through the maps, as `map` does; `threads.in_threads` gives others.

    Attributes
    ----------
    fills : list of float or None
        Of each map read so far, the value of its background that is neither 0 nor NaN.
    zeros : list of int
        Of each map read so far, the voxels of the mask that are exactly 0.
    """

    def __init__(self, paths, grid, mask, fwhm, each=map):
        self.paths, self.grid, self.mask, self.fwhm, self.each = paths, grid, mask, fwhm, each
        self.fills, self.zeros, self.valued = [], [], np.zeros(mask.inside.shape, dtype=bool)

    def __iter__(self):
        """Arrays of float32, shape (n_voxels,)."""
        for row, valued, zeros, fill in self.each(self.smoothed, self.paths):
            self.fills.append(fill)
            self.zeros.append(zeros)
            self.valued |= valued
            yield row

    def smoothed(self, path):
        """A map inside the mask, where on the grid it has a value, the mask's voxels that are 0, and its background."""
        data, affine, fill = read_subject_map(path, self.grid)
        zeros = np.count_nonzero((data == 0) & self.mask.inside)
        return smooth(data, affine, self.fwhm)[self.mask.inside], np.isfinite(data) & (data != 0), zeros, fill

    def share_on(self, voxels):
        """The mean share of the kernel's weight, at the mask's voxels, that lies on some voxels of the grid."""
        weight = smooth(voxels.astype(np.float32), self.mask.affine, self.fwhm)
        return round(float(weight[self.mask.inside].mean()), 6)

    def about(self, subjects):
        """What was smoothed, as JSON, once all maps are read; `subjects` are their IDs."""
        return {
            "FWHM": self.fwhm,
            "KernelInsideMask": self.share_on(self.mask.inside),
            "KernelOnValues": self.share_on(self.valued),
            "ZerosInMask": dict(zip(subjects, self.zeros, strict=True)),
            "BackgroundValue": {s: fill for s, fill in zip(subjects, self.fills, strict=True) if fill is not None},
        }
