"""The null distributions of the max statistics."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from secondlevel.figures.style import BLUE, GREY, ORANGE, bins_of, drawable
from secondlevel.inference.catalogue import BY_KEY

PANEL, TITLE = (5.4, 3.6), 0.35  # inches, of each panel and of the room above all
LEFT, RIGHT, BOTTOM, TOP = 0.75, 0.15, 0.55, 0.45  # inches, around the axes in a panel
FAR = 0.5  # of the width of a null's scale: what is farther beyond is pointed at


@drawable
def null_figure(contrast, maxima, summaries, unit):
    """The histograms of a contrast's nulls.

    Parameters
    ----------
    contrast : str
    maxima : dict of ndarray, shape (n,), by method
        Of every shuffle but the observed order.
    summaries : list of dict
        What `inference.correction.correct` says of each method.
    unit : space.units.Unit

    Returns
    -------
    matplotlib.figure.Figure
    """
    nulls = []
    for summary in summaries:
        name, method = summary["statistic"]["name"], summary["method"]
        tested = f"|{name}|" if summary["two_sided"] else name
        label = f"max {unit.worded(BY_KEY[method].axis)}{tested} of the contrast {contrast}"
        shown = summary["observed_maximum"], summary["threshold"], summary["alpha"], label
        nulls.append(Histogram(maxima[method], *shown))
    return draw_nulls(nulls)


@dataclass(frozen=True)
class Histogram:
    """What is drawn of a null.

    Attributes
    ----------
    maxima : ndarray, shape (n,)
        Of every shuffle but the observed order.
    observed : float
        The observed maximum.
    threshold : float or None
        The statistic at `alpha`; None if the shuffles are too few for it.
    alpha : float
        Family-wise error rate.
    label : str
        What the statistic is.
    """

    maxima: np.ndarray
    observed: float
    threshold: float | None
    alpha: float
    label: str


def draw_nulls(nulls):
    """Draw the histograms of max statistics under the null, a panel each, with threshold and observed maximum.

    Parameters
    ----------
    nulls : list of Histogram

    Returns
    -------
    matplotlib.figure.Figure
    """
    n_columns = min(2, len(nulls))
    n_rows = -(-len(nulls) // n_columns)
    # Margins in inches: finding them out by matplotlib's layout would take as long as all else.
    width, height = PANEL[0] * n_columns, PANEL[1] * n_rows + TITLE
    inner = PANEL[0] - LEFT - RIGHT, PANEL[1] - BOTTOM - TOP
    room = {
        "left": LEFT / width,
        "right": 1 - RIGHT / width,
        "bottom": BOTTOM / height,
        "top": 1 - (TITLE + TOP) / height,
        "wspace": (LEFT + RIGHT) / inner[0],
        "hspace": (BOTTOM + TOP) / inner[1],
    }
    figure = Figure(figsize=(width, height))
    axes = figure.subplots(n_rows, n_columns, squeeze=False, gridspec_kw=room)
    for axis in axes.flat[len(nulls) :]:
        axis.axis("off")
    for axis, null in zip(axes.flat, nulls, strict=False):
        draw_null(axis, null)
    words = f"Null distribution of the maximum over the mask, {len(nulls[0].maxima):,} permutations"
    figure.suptitle(words, fontsize=11, y=1 - 0.1 / height, va="top")
    return figure


def draw_null(axes, null):
    """Draw a `Histogram` on its own scale; an observed maximum far beyond it is an arrow that points there."""
    axes.hist(null.maxima, bins=bins_of(null.maxima), color=BLUE, alpha=0.7)
    if null.threshold is not None:
        label = f"threshold at {null.alpha:.0%} FWE: {null.threshold:.4g}"
        axes.axvline(null.threshold, color=GREY, linestyle="--", label=label)
    low, high = axes.get_xlim()
    label = f"observed maximum: {null.observed:.4g}"
    if null.observed <= high + FAR * (high - low):
        axes.axvline(null.observed, color=ORANGE, label=label)
    else:
        axes.plot([], color=ORANGE, marker=">", linestyle="none", label=f"{label}, far to the right")
        axes.set_xlim(low, high + 0.12 * (high - low))
        arrow = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2, "mutation_scale": 16}
        axes.annotate("", (1, 0.5), (0.9, 0.5), xycoords="axes fraction", arrowprops=arrow)
    axes.set_xlabel(null.label)
    axes.set_ylabel("permutations")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    # Above the panel, where there is no bar.
    axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
