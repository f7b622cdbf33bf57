"""Figures of a sample: every map, what sets each apart, and the variables."""

from itertools import permutations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.patches import Rectangle

from secondlevel.figures import BLUE, GREY, ORANGE, bins_of

SHOWN = 100  # maps in a montage
LABELLED = 8  # subjects named in a panel
VARIABLES = 12
MEASURES = {
    "mean": "mean\nover the mask",
    "sd": "standard deviation\nover the mask",
    "correlation": "correlation with the mean\nof the other maps",
    "leverage": "leverage\nin the design",
}


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


def middle_slice(mask):
    """The axial slice below and above which a mask has as many voxels.

    Parameters
    ----------
    mask : images.Mask

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


def chosen(table):
    """The rows of the maps to show, and which they are in words: all, or outliers and then those least like others."""
    if len(table) <= SHOWN:
        return np.arange(len(table)), "each map"
    rows = np.lexsort((table["correlation"], table["outlier"].isna()))[:SHOWN]
    return rows, f"{SHOWN} of {len(table):,} maps: outliers, then those least like the others"


def fitting(labels, inches, largest):
    """The font size, up to the largest, at which the longest label fits into some inches."""
    return float(np.clip(72 * inches / (0.62 * max(map(len, labels), default=1)), 4, largest))


def draw_montage(maps, mask, table):
    """Draw one axial slice of the maps, on one scale, with outliers framed.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : images.Mask
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


def apart(places, gap, top=0.97):
    """Spread ascending places, from 0 to 1, until none is nearer to the next than a gap, and none is above the top."""
    steps = gap * np.arange(len(places))
    free = places - steps
    pushed_up, pushed_down = np.maximum.accumulate(free), np.minimum.accumulate(free[::-1])[::-1]
    return np.clip((pushed_up + pushed_down) / 2 + steps, steps, top - steps[::-1])


def draw_quality(table):
    """Draw what sets maps apart, a panel for each measure and a dot for each subject, with outliers named.

    Parameters
    ----------
    table : pandas.DataFrame, n_subjects rows
        With columns `participant_id`, `outlier` and those of MEASURES.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(MEASURES), layout="constrained", figsize=(11, 4.2))
    for axes, (name, label) in zip(panels, MEASURES.items(), strict=True):
        axes.set_title(label, fontsize=10)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(labelsize=9)
        draw_strip(axes, table[name].to_numpy(), table["outlier"].notna().to_numpy(), table["participant_id"])
    outliers = table["outlier"].notna().sum()
    figure.suptitle(f"Analysed maps: {len(table):,}, outliers: {outliers or 'none'}", fontsize=11)
    return figure


def draw_strip(axes, values, outlier, names):
    """Draw a dot for each value, shape (n_subjects,), and a line at the median; the farthest outliers are named."""
    axes.set_xlim(-0.7, 2.2 if outlier.any() else 0.7)
    if np.isnan(values).all():
        axes.text(0.5, 0.5, "no other map", transform=axes.transAxes, ha="center")
        axes.set_yticks([])
        return
    x = (np.arange(len(values)) * 0.618034) % 1 - 0.5  # spread evenly, and the same each time
    dots = {"s": float(np.clip(2000 / len(values), 4, 28)), "edgecolor": "none", "rasterized": len(values) > 1000}
    axes.scatter(x[~outlier], values[~outlier], color=BLUE, alpha=0.6, **dots)
    axes.scatter(x[outlier], values[outlier], color=ORANGE, **dots)
    axes.hlines(np.median(values), -0.6, 0.6, color=GREY, linewidth=1.5)
    farthest = np.argsort(-np.abs(values - np.median(values)), kind="stable")
    named = farthest[outlier[farthest]][:LABELLED]
    label_dots(axes, x[named], values[named], names.iloc[named])


def label_dots(axes, x, y, labels):
    """Name dots to the right of a strip, so that no two names overlap, each joined to its dot."""
    order = np.argsort(y, kind="stable")
    low, high = axes.get_ylim()
    places = low + (high - low) * apart((y[order] - low) / (high - low), 0.055)
    size = fitting(labels, 1.1, 8)
    for row, place in zip(order, places, strict=True):
        line = {"arrowstyle": "-", "color": ORANGE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2, "relpos": (0, 0.5)}
        style = {"fontsize": size, "va": "center", "arrowprops": line, "annotation_clip": False}
        axes.annotate(labels.iloc[row], (x[row], y[row]), (0.8, place), **style)
    axes.set_ylim(low, high)


def draw_variables(design):
    """Draw the distributions of a design's variables, and their correlations if there are several.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n_subjects, n_columns)

    Returns
    -------
    matplotlib.figure.Figure
    """
    every = design.loc[:, design.nunique() > 1]
    if every.empty:
        figure = plt.figure(figsize=(5.2, 1.4))
        figure.text(0.5, 0.5, "The design has no variable: a mean is tested.", ha="center", va="center", fontsize=11)
        return figure
    drawn = every.iloc[:, :VARIABLES]
    n = drawn.shape[1]
    figure, panels, beside = variable_panels(n)
    for axes in panels.flat[n:]:
        axes.axis("off")
    for axes, name in zip(panels.flat, drawn, strict=False):
        draw_distribution(axes, drawn[name].to_numpy())
        axes.set_title(name, fontsize=fitting([name], 2.2, 10))
        axes.tick_params(labelsize=9)
    for axes in panels[:, 0]:
        axes.set_ylabel("subjects", fontsize=9)
    if beside:
        draw_correlations(beside, drawn)
    some = f"{VARIABLES} of {every.shape[1]} variables" if every.shape[1] > VARIABLES else "Variables"
    figure.suptitle(f"{some} of the design, {len(design):,} subjects", fontsize=11)
    return figure


def variable_panels(n):
    """A figure with panels for n variables, and axes for their correlations, to the right or below; None if n is 1."""
    n_columns = min(4, n)
    n_rows = -(-n // n_columns)
    width, height, side = 2.5 * n_columns, 2.4 * n_rows, 2.2 + 0.42 * n
    if n == 1:
        figure, axes = plt.subplots(layout="constrained", figsize=(4, 3), squeeze=False)
        return figure, axes, None
    if n <= 3:
        figure = plt.figure(layout="constrained", figsize=(width + side, side + 0.3))
        first, second = figure.subfigures(1, 2, width_ratios=(width, side))
    else:
        figure = plt.figure(layout="constrained", figsize=(width, height + side + 0.3))
        first, second = figure.subfigures(2, 1, height_ratios=(height, side))
    return figure, first.subplots(n_rows, n_columns, squeeze=False), second.subplots()


def draw_distribution(axes, values):
    """Draw a histogram of values, shape (n,), or a bar for each of them if few are distinct."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) > 6:
        axes.hist(values, bins=bins_of(values), color=BLUE, alpha=0.8)
    else:
        axes.bar(range(len(distinct)), counts, color=BLUE, alpha=0.8, width=0.6)
        axes.set_xticks(range(len(distinct)), [f"{value:.3g}" for value in distinct])
        axes.set_xlim(-0.8, len(distinct) - 0.2)
    axes.yaxis.get_major_locator().set_params(integer=True)


def draw_correlations(axes, columns):
    """Draw the correlations of columns, shape (n_subjects, n_columns), as a heat map with the numbers in it."""
    correlations = np.corrcoef(columns.to_numpy(), rowvar=False)
    axes.imshow(correlations, cmap="RdBu_r", vmin=-1, vmax=1)
    for (row, column), value in np.ndenumerate(correlations):
        colour = "white" if abs(value) > 0.6 else "black"
        axes.text(column, row, f"{round(value, 2) + 0:.2f}", ha="center", va="center", fontsize=8, color=colour)
    size = fitting(columns.columns, 1.6, 9)
    axes.set_xticks(range(len(correlations)), columns.columns, fontsize=size, rotation=90)
    axes.set_yticks(range(len(correlations)), columns.columns, fontsize=size)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_title("correlations", fontsize=10)
