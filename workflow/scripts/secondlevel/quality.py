"""What each map is like, and which maps cannot be used."""

from dataclasses import dataclass

import numpy as np

from secondlevel.errors import InputError
from secondlevel.images import read_image


@dataclass(frozen=True)
class MapQuality:
    """The quality of one subject's map.

    Attributes
    ----------
    problem : str or None
        Why the map cannot be used.
    grid : tuple or None
        Shape and affine, rounded to a micrometre; None if the map cannot be read.
    figures : dict
        Number of voxels that are not finite or zero, and the mean, standard deviation, least and largest of the rest.
    not_finite : ndarray of uint8 or None
        The voxels that are not finite, eight to a byte; None if all are finite.
    """

    problem: str | None
    grid: tuple | None = None
    figures: dict | None = None
    not_finite: np.ndarray | None = None


def inspect(path, grid=None):
    """Look at a map.

    Parameters
    ----------
    path : str or None
        None where the sample table lists no map.
    grid : tuple, optional
        The grid onto which maps are resampled, as for `images.read_image`.

    Returns
    -------
    MapQuality
    """
    if path is None:
        return MapQuality("no map is listed for this subject")
    try:
        data, affine = read_image(path, grid)
    except InputError as error:
        return MapQuality(str(error).removesuffix("."))
    grid = (data.shape, tuple(np.round(affine.ravel(), 3).tolist()))
    finite = np.isfinite(data)
    values = data[finite & (data != 0)].astype(np.float64)
    figures = {"n_not_finite": int((~finite).sum()), "n_zero": int((data == 0).sum())}
    if values.size == 0:
        return MapQuality(f"the map {path} is empty: it has no finite value other than 0", grid, figures)
    figures |= {"mean": values.mean(), "sd": values.std(), "minimum": values.min(), "maximum": values.max()}
    return MapQuality(None, grid, figures, None if finite.all() else np.packbits(~finite))


def describe(grid):
    """A grid in words."""
    shape, affine = grid
    affine = np.reshape(affine, (4, 4))
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    origin = ", ".join(f"{value:g}" for value in affine[:3, 3])
    return f"{' x '.join(map(str, shape))} voxels of {' x '.join(f'{s:g}' for s in sizes)} mm from ({origin})"


def lost_alone(qualities):
    """For each kept map, the number of voxels that are not finite in it and finite in all the others."""
    packed = [quality.not_finite for quality in qualities]
    some = [bits for bits in packed if bits is not None]
    if not some:
        return [0] * len(packed)
    once, more = np.zeros_like(some[0]), np.zeros_like(some[0])
    for bits in some:
        more |= once & bits
        once |= bits
    return [0 if bits is None else int(np.bitwise_count(bits & ~more).sum()) for bits in packed]
