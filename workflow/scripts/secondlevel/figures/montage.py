"""Every subject's map, one slice of each."""

from itertools import permutations

import numpy as np

from secondlevel.figures.cells import draw_cells
from secondlevel.figures.colours import Scale
from secondlevel.figures.style import drawable

SHOWN, CELL = 100, 1.0  # maps in a montage, and the inches of each


@drawable
def draw_montage(maps, mask, table):
    """Draw one axial slice of the maps, on one scale, with outliers framed.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : space.protocol.Space
    table : dict of ndarray, shape (n_subjects,), by column
        `participant_id`, `correlation` and `outlier`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns, height, aspect = middle_slice(mask)
    rows, which = chosen(table)
    images = [np.where(columns >= 0, maps[row][columns], np.nan) for row in rows]
    extreme = float(np.nanpercentile(np.abs(images), 99)) or 1.0
    scale = Scale("value of the map", "RdBu_r", -extreme, extreme)
    title = f"Axial slice at z = {height:.4g} mm (left is left) of {which}"
    tall = CELL * aspect * columns.shape[0] / columns.shape[1]
    return draw_cells(images, scale, table["participant_id"][rows], table["outlier"][rows], title, (CELL, tall))


def chosen(table):
    """The rows of the maps to show, and which they are in words: all, or outliers and then those least like others."""
    n = len(table["outlier"])
    if n <= SHOWN:
        return np.arange(n), "each map"
    rows = np.lexsort((table["correlation"], table["outlier"] == ""))[:SHOWN]
    return rows, f"{SHOWN} of {n:,} maps: outliers, then those least like the others"


def middle_slice(mask):
    """The axial slice below and above which a mask has as many voxels.

    Parameters
    ----------
    mask : space.protocol.Space

    Returns
    -------
    columns : ndarray of int, shape (y, x)
        Where each voxel of the slice is in a matrix of maps, -1 outside the mask, cut to the mask.
    height : float
        z of the slice in mm.
    aspect : float
        Height of a voxel by its width.
    """
    numbers, sizes = upright(mask.volume(np.arange(mask.size), outside=-1), mask.affine)
    below = np.cumsum((numbers >= 0).sum(axis=(0, 1)))
    shown = numbers[:, :, np.searchsorted(below, mask.size / 2)].T
    rows, columns = (np.flatnonzero((shown >= 0).any(axis=axis)) for axis in (1, 0))
    shown = shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inside = shown[shown >= 0]
    return shown, mask.coordinates(inside[len(inside) // 2])[2], sizes[1] / sizes[0]


def upright(volume, affine):
    """Turn an array to the axes of the brain.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)

    Returns
    -------
    volume : ndarray
        A view whose axes run, as nearly as they can, to the right, to the front and up.
    sizes : ndarray, shape (3,)
        Of the voxels along them, in mm.
    """
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    cosines = affine[:3, :3] / sizes
    order = max(permutations(range(3)), key=lambda axes: np.abs(cosines[range(3), axes]).sum())
    steps = tuple(slice(None, None, -1 if cosines[row, axis] < 0 else 1) for row, axis in enumerate(order))
    return volume.transpose(order)[steps], sizes[list(order)]
