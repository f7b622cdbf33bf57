"""Every subject's map, one slice of each."""

from itertools import permutations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.patches import Rectangle

from secondlevel.figures.style import ORANGE, drawable, fitting

SHOWN = 100  # maps in a montage


@drawable
def draw_montage(maps, mask, table):
    """Draw one axial slice of the maps, on one scale, with outliers framed.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : space.images.Mask
    table : pandas.DataFrame, n_subjects rows
        With columns `participant_id`, `correlation` and `outlier`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns, height, aspect = middle_slice(mask)
    rows, which = chosen(table)
    images = [np.where(columns >= 0, maps[row][columns], np.nan) for row in rows]
    n_columns = -(-len(rows) // -(-len(rows) // 10))
    # One axes, in inches: an axes for each map would take many times as long.
    cell, label, top, bottom = 1.0, 0.36 if table["outlier"].notna().any() else 0.22, 0.4, 0.7
    step = cell * aspect * columns.shape[0] / columns.shape[1] + label
    width, tall = max(5.5, 1.08 * n_columns), top + bottom + step * -(-len(rows) // n_columns)
    figure = plt.figure(figsize=(width, tall))
    axes = figure.add_axes((0, 0, 1, 1))
    extreme = float(np.nanpercentile(np.abs(images), 99)) or 1.0
    scale = {"cmap": "RdBu_r", "norm": plt.Normalize(-extreme, extreme), "interpolation": "nearest"}
    names = table["participant_id"].iloc[rows]
    size = fitting(names, cell, 8)
    for place, (row, image) in enumerate(zip(rows, images, strict=True)):
        x = (width - 1.08 * n_columns) / 2 + 1.08 * (place % n_columns) + 0.04
        y = tall - top - step * (place // n_columns + 1)
        axes.imshow(image, origin="lower", aspect="auto", extent=(x, x + cell, y, y + step - label), **scale)
        label_map(axes, names.iloc[place], table["outlier"].iloc[row], (x, y, cell, step - label), size)
    axes.set(xlim=(0, width), ylim=(0, tall))
    axes.axis("off")
    figure.suptitle(
        f"Axial slice at z = {height:.4g} mm (left is left) of {which}", fontsize=11, y=1 - 0.14 / tall, va="top"
    )
    bar = figure.add_axes((0.5 - 1.5 / width, 0.46 / tall, 3 / width, 0.12 / tall))
    figure.colorbar(ScalarMappable(scale["norm"], scale["cmap"]), cax=bar, orientation="horizontal")
    bar.tick_params(labelsize=8)
    bar.set_xlabel("value of the map", fontsize=8)
    return figure


def label_map(axes, name, reason, box, size):
    """Write a name above a box of (x, y, width, height); if there is a reason, write that too, and frame the box."""
    x, y, width, height = box
    where = {"ha": "center", "va": "bottom", "fontsize": size}
    if not isinstance(reason, str):
        axes.text(x + width / 2, y + height + 0.04, name, **where)
        return
    axes.text(x + width / 2, y + height + 0.16, name, fontweight="bold", **where)
    reason_size = fitting([reason], width, 7)
    axes.text(x + width / 2, y + height + 0.04, reason, color=ORANGE, **where | {"fontsize": reason_size})
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=ORANGE, linewidth=2))


def chosen(table):
    """The rows of the maps to show, and which they are in words: all, or outliers and then those least like others."""
    if len(table) <= SHOWN:
        return np.arange(len(table)), "each map"
    rows = np.lexsort((table["correlation"], table["outlier"].isna()))[:SHOWN]
    return rows, f"{SHOWN} of {len(table):,} maps: outliers, then those least like the others"


def middle_slice(mask):
    """The axial slice below and above which a mask has as many voxels.

    Parameters
    ----------
    mask : space.images.Mask

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
