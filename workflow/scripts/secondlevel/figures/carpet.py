"""All maps as rows of one image, of elements that have no place in a picture, such as parcels and edges."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.figures.cells import draw_lying_bar, scale_of_maps
from secondlevel.figures.montage import chosen
from secondlevel.figures.style import ORANGE, drawable, fitting

WIDTH, NAMES, TOP, BOTTOM = 8.4, 1.5, 0.45, 0.95  # inches
ROW, LEAST, WIDEST = 0.14, 1.2, 2000  # inches of a row and of all rows; elements from which some share a column


def spread_out(n_elements):
    """The elements that are drawn: all, or of very many some, evenly: ndarray of int."""
    return np.unique(np.linspace(0, n_elements - 1, min(n_elements, WIDEST)).astype(int))


@drawable
def draw_carpet(maps, table, unit):
    """Draw the maps as rows of an image, on one scale, with outliers named in colour.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    table : dict of ndarray, shape (n_subjects,), by column
        `participant_id`, `correlation` and `outlier`.
    unit : space.units.Unit

    Returns
    -------
    matplotlib.figure.Figure
    """
    (rows, which), columns = chosen(table), spread_out(maps.shape[1])
    image = np.array([maps[row][columns] for row in rows], dtype=float)
    scale, tall = scale_of_maps(image), max(LEAST, ROW * len(rows))
    figure = Figure(figsize=(WIDTH, TOP + tall + BOTTOM))
    height = figure.get_figheight()
    axes = figure.add_axes((NAMES / WIDTH, BOTTOM / height, 1 - (NAMES + 0.15) / WIDTH, tall / height))
    axes.imshow(image, aspect="auto", interpolation="nearest", **scale.style)
    names, outlier = table["participant_id"][rows], table["outlier"][rows] != ""
    size = fitting(names, NAMES - 0.15, 72 * 0.9 * min(ROW, 0.13))
    for tick, framed in zip(axes.set_yticks(range(len(rows)), names, fontsize=size), outlier, strict=True):
        tick.label1.set(color=ORANGE if framed else "black", fontweight="bold" if framed else "normal")
    axes.set_xticks([])
    axes.tick_params(length=0)
    some = "" if len(columns) == maps.shape[1] else f" ({len(columns):,} are drawn, evenly chosen)"
    axes.set_xlabel(f"{unit.counted(maps.shape[1])}{some}", fontsize=9)
    found = f"; outliers in colour: {outlier.sum()}" if outlier.any() else ""
    figure.suptitle(f"Values by {unit.one} of {which}{found}", fontsize=11, y=1 - 0.12 / height, va="top")
    draw_lying_bar(figure, scale, (0.5 - 1.5 / WIDTH, 0.46 / height, 3 / WIDTH, 0.12 / height))
    return figure
