"""An image of each subject's map beside the others, with outliers framed."""

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from secondlevel.figures.colours import Scale
from secondlevel.figures.style import ORANGE, fitting

WIDEST, GAP, TOP, BOTTOM = 10.8, 0.08, 0.4, 0.7  # inches


def scale_of_maps(values):
    """A scale on which all but the few most extreme values of maps fit; around 0, if some are below it.

    Parameters
    ----------
    values : ndarray
        NaN is left out.

    Returns
    -------
    colours.Scale
    """
    if np.nanmin(values) < 0:
        extreme = float(np.nanpercentile(np.abs(values), 99)) or 1.0
        return Scale("value of the map", "RdBu_r", -extreme, extreme)
    low, high = (float(value) for value in np.nanpercentile(values, [1, 99]))
    return Scale("value of the map", "viridis", low, high if high > low else low + 1)


def draw_cells(images, scale, names, reasons, title, size):
    """Draw images in rows, each with its subject above it.

    Parameters
    ----------
    images : list of ndarray, shape (up, across) or (up, across, 3)
        Values, NaN where there is none, or colours.
    scale : colours.Scale
        Of all of them.
    names, reasons : ndarray of str, shape (n_images,)
        Of the subjects, and why each is an outlier, empty where it is none.
    title : str
    size : (float, float)
        Width and height of an image in inches.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cell, height = size
    most = int(WIDEST / (cell + GAP))
    n_columns = -(-len(images) // -(-len(images) // most))
    label = 0.36 if (reasons != "").any() else 0.22
    wide, step = cell + GAP, height + label
    width, tall = max(5.5, wide * n_columns), TOP + BOTTOM + step * -(-len(images) // n_columns)
    figure = Figure(figsize=(width, tall))
    # One axes, in inches: an axes for each map would take many times as long.
    axes = figure.add_axes((0, 0, 1, 1))
    largest = fitting(names, cell, 8)
    for place, image in enumerate(images):
        x = (width - wide * n_columns) / 2 + wide * (place % n_columns) + GAP / 2
        box = x, tall - TOP - step * (place // n_columns + 1), cell, height
        extent = box[0], box[0] + cell, box[1], box[1] + height
        axes.imshow(image, origin="lower", aspect="auto", extent=extent, interpolation="nearest", **scale.style)
        label_map(axes, names[place], reasons[place], box, largest)
    axes.set(xlim=(0, width), ylim=(0, tall))
    axes.axis("off")
    figure.suptitle(title, fontsize=11, y=1 - 0.14 / tall, va="top")
    draw_lying_bar(figure, scale, (0.5 - 1.5 / width, 0.46 / tall, 3 / width, 0.12 / tall))
    return figure


def label_map(axes, name, reason, box, size):
    """Write a name above a box of (x, y, width, height); if there is a reason, write that too, and frame the box."""
    x, y, width, height = box
    where = {"ha": "center", "va": "bottom", "fontsize": size}
    if not reason:
        axes.text(x + width / 2, y + height + 0.04, name, **where)
        return
    axes.text(x + width / 2, y + height + 0.16, name, fontweight="bold", **where)
    reason_size = fitting([reason], width, 7)
    axes.text(x + width / 2, y + height + 0.04, reason, color=ORANGE, **where | {"fontsize": reason_size})
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=ORANGE, linewidth=2))


def draw_lying_bar(figure, scale, box):
    """Draw a scale's bar into a box of a figure, its label below it."""
    bar, norm = figure.add_axes(box), Normalize(scale.low, scale.high)
    figure.colorbar(ScalarMappable(norm, scale.cmap), cax=bar, orientation="horizontal")
    bar.tick_params(labelsize=8)
    bar.set_xlabel(scale.label, fontsize=8)
