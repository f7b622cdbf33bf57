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


def mask_counts(common, proposed, source, unit, zeros_missing=False, least=None):
    """What is analysed of a proposed mask, and how many elements are dropped for what.

    Parameters
    ----------
    common : Survey
    proposed : ndarray of bool, of the shape of a map
    source : str
        Where it comes from.
    unit : protocol.Unit
    zeros_missing : bool
        Whether an element is dropped, too, that is exactly 0 in some map.
    least : int, optional
        How many maps must have a value; None for all.

    Returns
    -------
    analysed : ndarray of bool, of the shape of a map
    counts : dict
        As JSON.

    Raises
    ------
    InputError
        If no element is left.
    """
    finite = common.finite if least is None else common.counts >= least
    there, zero = proposed & finite & common.varies, common.zeros > 0
    analysed, many = there & ~zero if zeros_missing else there, unit.title
    counts = {
        "Source": source,
        f"{many}Proposed": int(proposed.sum()),
        f"{many}NotFiniteInSomeMap": int((~common.finite).sum()),
        f"{many}DroppedAsNotFinite": int((proposed & ~finite).sum()),
        f"{many}DroppedAsConstant": int((proposed & finite & ~common.varies).sum()),
        f"{many}DroppedAsZero": int((there & zero).sum()) if zeros_missing else 0,
        f"{many}ZeroInSomeMaps": int((analysed & zero).sum()),
        f"{many}ZeroInHalfOfMaps": int((analysed & (2 * common.zeros >= common.n_maps)).sum()),
    }
    if least is not None:
        some = int((analysed & ~common.finite).sum())
        counts |= {"LeastMapsWithValue": least, f"{many}WithoutValueInSomeMaps": some}
    if not analysed.any():
        raise InputError(f"The mask ({source}) holds no {unit.one} that can be analysed: {counts}.")
    return analysed, counts


def given_mask(path, shape, affine):
    """Read a mask that the user gives, an array of bool; an `InputError` if it is not on the grid of the maps."""
    given, given_affine = read_image(path)
    if not same_grid((shape, affine), (given.shape, given_affine)):
        raise InputError(f"The mask {path} is not on the grid of the maps ({shape}); resample it to one of the maps.")
    return np.nan_to_num(given) != 0
