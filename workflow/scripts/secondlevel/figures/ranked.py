"""What has a name and no place in a picture, such as parcels and edges: ranked effects with their intervals."""

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from secondlevel.base.names import short
from secondlevel.figures.style import BLUE, GREY, PALETTE, drawable, fitting

MOST = 40  # elements that are named
WIDTH, LINE, NAMES, SIDE = 8.4, 0.19, 2.6, 2.0  # inches: figure, height of a line, names, the panel of all elements
TOP, BOTTOM = 0.75, 0.6  # inches above and below the panels
LEGEND = {"frameon": False, "fontsize": 8, "loc": "lower right", "bbox_to_anchor": (1, 1), "borderaxespad": 0.2}


def strongest(evidence, most=MOST):
    """The numbers of the elements with most evidence, shape (n,), from the largest on; NaN has none."""
    order = np.argsort(-np.nan_to_num(evidence, nan=-np.inf), kind="stable")
    return order[np.isfinite(evidence[order])][:most]


def panels(n_named, n_all):
    """A figure with a line for each element that is named and, if there are more, a panel on its right for all."""
    more = SIDE if n_all > n_named else 0
    tall = TOP + BOTTOM + LINE * max(n_named, 4)
    figure = Figure(figsize=(WIDTH, tall))
    low, high, inner = BOTTOM / tall, (tall - TOP - BOTTOM) / tall, WIDTH - NAMES - more - 0.15
    axes = figure.add_axes((NAMES / WIDTH, low, inner / WIDTH, high))
    side = figure.add_axes((1 - (SIDE - 0.4) / WIDTH, low, (SIDE - 0.55) / WIDTH, high)) if more else None
    return figure, axes, side


def name_lines(axes, names):
    """Write names beside lines, the first one at the top."""
    names = [short(name) for name in names]
    size = fitting(names, NAMES - 0.2, 9)
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.set_ylim(max(len(names), 4) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.grid(axis="y", color="0.92", linewidth=0.6)
    axes.set_axisbelow(True)


@drawable
def draw_ranked(effect, bounds, evidence, passes, names, title, label, unit, passing):
    """Draw the effects of those elements that have most evidence, by size, with confidence intervals.

    Parameters
    ----------
    effect : ndarray, shape (n_elements,)
        NaN at elements that are not analysed, which are not drawn.
    bounds : (ndarray, ndarray) or None
        Lower and upper ends of the intervals, shape (n_elements,) each; None if the effect has none.
    evidence : ndarray, shape (n_elements,)
        The larger the more: z, or its size in a test of both sides.
    passes : ndarray of bool, shape (n_elements,)
    names : sequence of str, length n_elements
    title, label : str
        What it is, and what the effect is.
    unit : space.units.Unit
    passing : str
        What the elements pass, as "FDR 0.05".

    Returns
    -------
    matplotlib.figure.Figure
        With a panel of all elements beside it, if not all are named.
    """
    known = np.flatnonzero(np.isfinite(effect))
    rows = strongest(evidence)
    rows = rows[np.argsort(-effect[rows], kind="stable")]
    figure, axes, side = panels(len(rows), len(known))
    for passed, colour in ((True, BLUE), (False, GREY)):
        places = np.flatnonzero(passes[rows] == passed)
        words = f"{'passes' if passed else 'does not pass'} {passing}: {np.sum(passes[known] == passed):,}"
        draw_effects(axes, effect, bounds, rows[places], places, colour, words, passed)
    axes.axvline(0, color="black", linewidth=0.8, zorder=0)
    name_lines(axes, [names[row] for row in rows])
    interval = "" if bounds is None else ", 95 % confidence interval"
    axes.set_xlabel(f"{label}{interval}", fontsize=9)
    axes.legend(**LEGEND)
    if side is not None:
        draw_all(side, effect, bounds, passes, known, unit)
        title += f", the {len(rows)} {unit.many} of most evidence"
    figure.suptitle(title, fontsize=fitting([title], WIDTH - 0.3, 11), y=1 - 0.1 / figure.get_figheight(), va="top")
    return figure


def draw_effects(axes, effect, bounds, rows, places, colour, words, filled):
    """Effects as dots at the heights `places`, with lines from the lower to the upper end."""
    if bounds is not None:
        axes.hlines(places, bounds[0][rows], bounds[1][rows], color=colour, linewidth=1.4)
    face = colour if filled else "white"
    axes.plot(effect[rows], places, "o", color=colour, mfc=face, markersize=5, label=words)


def draw_all(axes, effect, bounds, passes, known, unit):
    """All effects from the largest to the smallest, without names."""
    order = known[np.argsort(-effect[known], kind="stable")]
    height = np.arange(len(order))
    if bounds is not None:
        axes.fill_betweenx(height, bounds[0][order], bounds[1][order], color="0.85", linewidth=0)
    many_dots = {"s": 5, "edgecolor": "none", "rasterized": len(order) > 1000}
    axes.scatter(effect[order], height, color=np.where(passes[order], BLUE, GREY), **many_dots)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_ylim(len(order), -1)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.set_title(f"all {len(order):,} {unit.many}", fontsize=9)


@drawable
def draw_ranked_maps(shown, names, unit, most=MOST):
    """Draw maps at the elements with the largest values: z in the colours of its signs, others in a colour for each.

    Parameters
    ----------
    shown : shown.Shown
        At elements, shape (n_elements,); the scale's mark gets a line.
    names : sequence of str, length n_elements
    unit : space.units.Unit
    most : int
        How many elements are named.

    Returns
    -------
    matplotlib.figure.Figure
    """
    largest = np.max(np.abs(np.nan_to_num(shown.maps)), axis=0)
    drawn = int((largest > 0).sum())
    rows = strongest(largest, min(most, drawn))
    figure, axes, _ = panels(len(rows), len(rows))
    if shown.scale.low < 0:
        draw_signed(axes, shown.maps[0][rows], shown.passes[0][rows], shown.scale)
    else:
        draw_each(axes, [values[rows] for values in shown.maps], shown.titles)
    if shown.scale.mark is not None:
        axes.axvline(shown.scale.mark, color="black", linestyle="--", linewidth=0.9, zorder=0)
    name_lines(axes, [names[row] for row in rows])
    axes.set_xlim(min(shown.scale.low * 1.05, 0), shown.scale.high * 1.05)
    axes.set_xlabel(shown.scale.label, fontsize=9)
    if shown.titles:
        axes.legend(**LEGEND)
    if not drawn:
        axes.text(0.5, 0.5, f"no {unit.one}", transform=axes.transAxes, ha="center")
    title = shown.title + (f", the largest {len(rows)} of {drawn:,} {unit.many}" if drawn > len(rows) else "")
    figure.suptitle(title, fontsize=fitting([title], WIDTH - 0.3, 11), y=1 - 0.1 / figure.get_figheight(), va="top")
    return figure


def draw_signed(axes, values, passes, scale):
    """Draw a dot for each value in the colour of its sign, filled where it passes."""
    for sign, colour in ((1, colormaps.get_cmap(scale.cmap)(0.9)), (-1, colormaps.get_cmap(scale.cmap)(0.1))):
        for filled in (True, False):
            places = np.flatnonzero((sign * values > 0) & (passes == filled))
            face = colour if filled else "white"
            axes.plot(values[places], places, "o", color=colour, mfc=face, markersize=5)
    axes.axvline(0, color="black", linewidth=0.8, zorder=0)


def draw_each(axes, maps, titles):
    """Draw a dot for each value that is not 0, a colour for each map, beside each other."""
    for number, values in enumerate(maps):
        found = np.flatnonzero(np.nan_to_num(values))
        words, shift = titles[number] if titles else None, 0.0 if len(maps) == 1 else 0.12
        place = found + shift * (2 * number - len(maps) + 1)
        axes.plot(values[found], place, "o", color=PALETTE[number % len(PALETTE)], markersize=5, label=words)
