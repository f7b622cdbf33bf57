"""What sets each subject's map apart from the others."""

import matplotlib.pyplot as plt
import numpy as np

from secondlevel.figures.style import BLUE, GREY, ORANGE, drawable, fitting

LABELLED = 8  # subjects named in a panel
MEASURES = {
    "mean": "mean\nover the mask",
    "sd": "standard deviation\nover the mask",
    "correlation": "correlation with the mean\nof the other maps",
    "leverage": "leverage\nin the design",
}


@drawable
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


def apart(places, gap, top=0.97):
    """Spread ascending places, from 0 to 1, until none is nearer to the next than a gap, and none is above the top."""
    steps = gap * np.arange(len(places))
    free = places - steps
    pushed_up, pushed_down = np.maximum.accumulate(free), np.minimum.accumulate(free[::-1])[::-1]
    return np.clip((pushed_up + pushed_down) / 2 + steps, steps, top - steps[::-1])
