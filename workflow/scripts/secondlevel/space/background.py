"""The value that a map has where it has none: that of its background.

Software writes 0 or NaN outside of the brain, and some write -1 or -1000. Smoothing takes 0 and NaN as they are, but
any other such value would bleed into the brain, so it is read as NaN.
"""

import numpy as np

from secondlevel.space.headers import read_header
from secondlevel.space.images import resampled

BORDER = 2  # voxels at each face of the grid that show the background's value


def border(volume):
    """The values of a volume of shape (x, y, z) at the faces of its grid, shape (n,).

    An axis of one voxel, as of a single slice, has no faces: all of the volume would be on them.
    """
    along = [np.moveaxis(volume, axis, 0) for axis in range(3) if volume.shape[axis] >= BORDER]
    faces = [face for layers in along for face in (layers[:BORDER], layers[-BORDER:])]
    return np.concatenate([face.ravel("K") for face in faces]) if faces else volume.ravel()


def fill_value(volume):
    """The value that fills a map's background, if it is neither 0 nor NaN.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)

    Returns
    -------
    float or None
        The border's median, if at least half of the border has it and not all of the map.
    """
    values = border(volume)
    with np.errstate(over="ignore", invalid="ignore"):  # between two values that are infinite, or nearly so
        median = np.median(values)
    if np.isnan(values).any() or median == 0 or not np.isfinite(median):
        return None
    return float(median) if np.mean(values == median) >= 0.5 and (volume != median).any() else None


def read_subject_map(path, grid=None):
    """Read a subject's map, as `subject_map` does, from a path as for `images.read_image`."""
    return subject_map(read_header(path), grid)


def subject_map(header, grid=None, has_background=True):
    """Read a subject's map, without its background's value.

    Parameters
    ----------
    header : headers.Header
        That of its file.
    grid
        As for `images.read_image`.
    has_background : bool
        Whether there is such a value; a mask of the map, say, has none.

    Returns
    -------
    data : ndarray of float32, shape (x, y, z)
        NaN where the map has the value that fills its background.
    affine : ndarray, shape (4, 4)
    fill : float or None
        That value, if it is neither 0 nor NaN.

    Raises
    ------
    InputError
        As `images.read_image`.
    """
    data, affine = header.values(np.float32), header.affine
    fill = fill_value(data) if has_background else None
    if fill is not None:
        data = np.where(data == fill, np.float32(np.nan), data)
    return (resampled(data, affine, grid), grid[1], fill) if grid else (data, affine, fill)
