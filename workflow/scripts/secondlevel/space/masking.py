"""Which voxels are analysed."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.background import border
from secondlevel.space.brain import brain_mask
from secondlevel.space.grids import same_grid
from secondlevel.space.images import read_image


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
    values = border(mean)
    return ~np.isnan(mean) if np.isnan(values).any() else mean != np.median(values)


def proposed_mask(mask, common, affine):
    """The mask that is asked for.

    Parameters
    ----------
    mask : str
        ``background``, ``mni`` or the path of an image.
    common : Survey
    affine : ndarray, shape (4, 4)
        Of the maps' grid.

    Returns
    -------
    proposed : ndarray of bool, shape (x, y, z)
    source : str
        Where it comes from, in words.

    Raises
    ------
    InputError
        As `given_mask`.
    """
    shape = common.mean.shape
    if mask == "mni":
        return brain_mask(affine, shape), "MNI152 brain"
    if mask == "background":
        return background_mask(common.mean), "background of the maps' mean"
    return given_mask(mask, shape, affine), mask


def mask_counts(common, proposed, source, zeros_missing=False):
    """What is analysed of a proposed mask, and how many voxels are dropped for what.

    Parameters
    ----------
    common : Survey
    proposed : ndarray of bool, shape (x, y, z)
    source : str
        Where it comes from.
    zeros_missing : bool
        Whether a voxel is dropped, too, that is exactly 0 in some map.

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
    there, zero = proposed & common.finite & common.varies, common.zeros > 0
    analysed = there & ~zero if zeros_missing else there
    counts = {
        "Source": source,
        "VoxelsProposed": int(proposed.sum()),
        "VoxelsNotFiniteInSomeMap": int((~common.finite).sum()),
        "VoxelsDroppedAsNotFinite": int((proposed & ~common.finite).sum()),
        "VoxelsDroppedAsConstant": int((proposed & common.finite & ~common.varies).sum()),
        "VoxelsDroppedAsZero": int((there & zero).sum()) if zeros_missing else 0,
        "VoxelsZeroInSomeMaps": int((analysed & zero).sum()),
        "VoxelsZeroInHalfOfMaps": int((analysed & (2 * common.zeros >= common.n_maps)).sum()),
    }
    if not analysed.any():
        raise InputError(f"The mask ({source}) holds no voxel that can be analysed: {counts}.")
    return analysed, counts


def given_mask(path, shape, affine):
    """Read a mask that the user gives, an array of bool; an `InputError` if it is not on the grid of the maps."""
    given, given_affine = read_image(path)
    if not same_grid((shape, affine), (given.shape, given_affine)):
        raise InputError(f"The mask {path} is not on the grid of the maps ({shape}); resample it to one of the maps.")
    return np.nan_to_num(given) != 0
