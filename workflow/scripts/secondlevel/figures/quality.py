"""What sets each subject's map apart from the others."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from secondlevel.base.columns import numbers, read_columns
from secondlevel.figures.style import BLUE, GREY, ORANGE, drawable, fitting
from secondlevel.figures.titles import entitle

COLOURS = (BLUE, "#009e73", "#cc79a7", "#56b4e9", "#f0e442", "#000000")  # of groups; ORANGE rings an outlier
LABELLED = 8  # subjects named in a panel
MANY = 1000  # dots from which they are an image
MEASURES = {
    "mean": "mean\nover the mask",
    "sd": "standard deviation\nover the mask",
    "correlation": "correlation with the mean\nof the other maps",
    "leverage": "leverage\nin the design",
}


def read_similarity(path):
    """What `similarity.compare` gave, by column: numbers, and text in `participant_id` and `outlier`, or nothing."""
    texts = read_columns(path)
    outlier = np.where(texts["outlier"] == "n/a", "", texts["outlier"])
    measures = {name: numbers(cells) for name, cells in texts.items() if name not in ("participant_id", "outlier")}
    return {"participant_id": texts["participant_id"], **measures, "outlier": outlier}


def grouping(sample, factors):
    """The factor whose levels can be told apart by colours: the first with few enough.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_subjects,), by column
    factors : list of str

    Returns
    -------
    name : str
        Empty if there is none.
    levels : ndarray of str, shape (n_subjects,)
    """
    for name in factors:
        if 2 <= len(np.unique(sample[name])) <= len(COLOURS):
            return name, sample[name]
    return "", np.full(len(sample["participant_id"]), "")


@drawable
def draw_quality(table, name="", levels=None):
    """Draw what sets maps apart, a panel for each measure and a dot for each subject, with outliers named.

    Parameters
    ----------
    table : dict of ndarray, shape (n_subjects,), by column
        `participant_id`, `outlier` and those of MEASURES.
    name : str
        Of the factor whose levels have colours.
    levels : ndarray of str, shape (n_subjects,), optional

    Returns
    -------
    matplotlib.figure.Figure
        In its SVG file, dots are named where the mouse is.
    """
    outlier, names = table["outlier"] != "", table["participant_id"]
    levels = np.full(len(names), "") if levels is None else levels
    figure = Figure(layout="constrained", figsize=(11, 4.2))
    panels = figure.subplots(1, len(MEASURES))
    for axes, (measure, label) in zip(panels, MEASURES.items(), strict=True):
        axes.set_title(label, fontsize=10)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(labelsize=9)
        draw_strip(axes, table[measure], outlier, names, levels)
    if name:
        handles = [
            Line2D([], [], color=colour, marker="o", linestyle="none", label=level)
            for level, colour in zip(np.unique(levels), COLOURS, strict=False)
        ]
        figure.legend(
            handles=handles, title=name, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9
        )
    figure.suptitle(f"Analysed maps: {len(names):,}, outliers: {outlier.sum() or 'none'}", fontsize=11)
    return figure


def draw_strip(axes, values, outlier, names, levels):
    """Draw a dot for each value, shape (n_subjects,), and a line at the median; the farthest outliers are named."""
    axes.set_xlim(-0.7, 2.2 if outlier.any() else 0.7)
    if np.isnan(values).all():
        axes.text(0.5, 0.5, "no other map", transform=axes.transAxes, ha="center")
        axes.set_yticks([])
        return
    x = (np.arange(len(values)) * 0.618034) % 1 - 0.5  # spread evenly, and the same each time
    colours = np.array(COLOURS)[np.unique(levels, return_inverse=True)[1]]
    size, many = float(np.clip(2000 / len(values), 4, 28)), len(values) > MANY
    dots = axes.scatter(x, values, s=size, color=colours, alpha=0.7, edgecolor="none", rasterized=many)
    axes.scatter(x[outlier], values[outlier], s=2.5 * size, facecolor="none", edgecolor=ORANGE, linewidth=1.3)
    if not many:
        entitle(dots, names)
    axes.hlines(np.median(values), -0.6, 0.6, color=GREY, linewidth=1.5)
    farthest = np.argsort(-np.abs(values - np.median(values)), kind="stable")
    named = farthest[outlier[farthest]][:LABELLED]
    label_dots(axes, x[named], values[named], names[named])


def label_dots(axes, x, y, labels):
    """Name dots to the right of a strip, so that no two names overlap, each joined to its dot."""
    order = np.argsort(y, kind="stable")
    low, high = axes.get_ylim()
    places = low + (high - low) * apart((y[order] - low) / (high - low), 0.055)
    size = fitting(labels, 1.1, 8)
    for row, place in zip(order, places, strict=True):
        line = {"arrowstyle": "-", "color": ORANGE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2, "relpos": (0, 0.5)}
        style = {"fontsize": size, "va": "center", "arrowprops": line, "annotation_clip": False}
        axes.annotate(labels[row], (x[row], y[row]), (0.8, place), **style)
    axes.set_ylim(low, high)


def apart(places, gap, top=0.97):
    """Spread ascending places, from 0 to 1, until none is nearer to the next than a gap, and none is above the top."""
    steps = gap * np.arange(len(places))
    free = places - steps
    pushed_up, pushed_down = np.maximum.accumulate(free), np.minimum.accumulate(free[::-1])[::-1]
    return np.clip((pushed_up + pushed_down) / 2 + steps, steps, top - steps[::-1])
