"""Which voxels are analysed."""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.images import read_image

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


def mask_counts(common, proposed, source):
    """What is analysed of a proposed mask, and how many voxels are dropped for what.

    Parameters
    ----------
    common : Survey
    proposed : ndarray of bool, shape (x, y, z)
    source : str
        Where it comes from.

    Returns
    -------
    analysed : ndarray of bool, shape (x, y, z)
    counts : dict
        As JSON.

    Raises
    ------
    InputError
        If no voxel is left.
    """
    analysed = proposed & common.finite & common.varies
    counts = {
        "Source": source,
        "VoxelsProposed": int(proposed.sum()),
        "VoxelsNotFiniteInSomeMap": int((~common.finite).sum()),
        "VoxelsDroppedAsNotFinite": int((proposed & ~common.finite).sum()),
        "VoxelsDroppedAsConstant": int((proposed & common.finite & ~common.varies).sum()),
    }
    if not analysed.any():
        raise InputError(f"The mask ({source}) holds no voxel that can be analysed: {counts}.")
    return analysed, counts


def given_mask(path, shape, affine):
    """Read a mask that the user gives, an array of bool; an `InputError` if it is not on the grid of the maps."""
    given, given_affine = read_image(path)
    if given.shape != shape or not np.allclose(given_affine, affine, atol=1e-3):
        raise InputError(f"The mask {path} is not on the grid of the maps ({shape}); resample it to one of the maps.")
    return np.nan_to_num(given) != 0
