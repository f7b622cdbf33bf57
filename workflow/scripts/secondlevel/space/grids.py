"""The grids of images: shape and affine, and which of them are the same."""

import numpy as np

from secondlevel.space.affines import apart, edges, is_usable
from secondlevel.space.headers import read_header

TOLERANCE = 0.01  # of a voxel, at the corners of a grid: more than any header's rounding, less than matters


def grid_of(shape, affine):
    """Shape and affine as a tuple of plain numbers, as `sample.quality.MapQuality` has it."""
    return tuple(shape), tuple(np.ravel(affine).tolist())


def read_grid(path):
    """Shape and affine of an image's first three dimensions."""
    header = read_header(path)
    return header.shape, header.affine


def reference_grid(path):
    """The same of an image onto whose grid others are brought: it says how it lies, and is read to its checksum."""
    header = read_header(path)
    header.require_oriented()
    header.values()
    return header.shape, header.affine


def same_grid(grid, other):
    """Whether two grids, pairs of shape and affine, have their voxels at the same places, but for rounding."""
    (shape, affine), (other_shape, other_affine) = grid, other
    if tuple(shape) != tuple(other_shape):
        return False
    affine, other_affine = np.reshape(affine, (4, 4)), np.reshape(other_affine, (4, 4))
    return is_usable(affine) and apart(affine, other_affine, shape) <= TOLERANCE


def alike(grids):
    """Which grids are the same.

    Parameters
    ----------
    grids : sequence of tuple
        Pairs of shape and affine.

    Returns
    -------
    list of list of int
        The indices of those that are the same as the first one of their group; groups in the order of their first.
    """
    groups = []
    for number, grid in enumerate(grids):
        group = next((group for group in groups if same_grid(grids[group[0]], grid)), None)
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    return groups


def describe(grid, n_axes=None):
    """A grid in words, the same ones for grids that differ by rounding alone; of one without mm its first axes."""
    shape, affine = grid
    affine = np.reshape(affine, (4, 4)).round(5).round(3)  # at once, 3.43749999 would be 3.437 and 3.4375 be 3.438
    what, unit = ("voxels", " mm") if n_axes is None else ("pixels", "")
    origin = ", ".join(f"{value:g}" for value in affine[:3, 3][:n_axes])
    steps = " x ".join(f"{size:g}" for size in edges(affine)[:n_axes])
    return f"{' x '.join(map(str, shape[:n_axes]))} {what} of {steps}{unit} from ({origin})"
