"""Which voxels are analysed."""

from dataclasses import dataclass

import numpy as np

BORDER = 2  # voxels at each face of the grid that show the background's value


@dataclass(frozen=True)
class Survey:
    """What the maps of a sample have in common, voxel by voxel; arrays of shape (x, y, z).

    Attributes
    ----------
    mean : ndarray of float64
        NaN where a map is NaN.
    finite : ndarray of bool
        Whether every map has a finite value.
    varies : ndarray of bool
        Whether the maps differ.
    """

    mean: np.ndarray
    finite: np.ndarray
    varies: np.ndarray


def survey(maps):
    """Go once through an iterable of at least one map on the same grid; one map is in memory at a time."""
    maps = iter(maps)
    first = next(maps)
    total, finite = first.astype(np.float64), np.isfinite(first)
    varies, n_maps = np.zeros(first.shape, dtype=bool), 1
    for data in maps:
        total += data
        finite &= np.isfinite(data)
        varies |= data != first
        n_maps += 1
    return Survey(total / n_maps, finite, varies)


def background_mask(mean):
    """The mask that the background's value tells, as nilearn's `compute_background_mask` finds it.

    The background is NaN if the border of the grid has any, else it is the border's median.

    Parameters
    ----------
    mean : ndarray, shape (x, y, z)
        The mean of the maps.

    Returns
    -------
    ndarray of bool, shape (x, y, z)
    """
    faces = [*range(BORDER), *range(-BORDER, 0)]
    border = np.concatenate([mean.take(faces, axis=axis).ravel() for axis in range(3)])
    if np.isnan(border).any():
        return ~np.isnan(mean)
    return mean != np.median(border)
