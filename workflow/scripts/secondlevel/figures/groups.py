"""The maps' values at a place by group: dots with means and intervals, and lines."""

import numpy as np

from secondlevel.figures.style import PALETTE, fitting
from secondlevel.model.comparison import label

WIDTH = 0.24  # of a cloud of dots; groups are 1 apart


def width_of(compared):
    """The width of the axes that a comparison.Comparison of cells needs, in inches."""
    two = len(compared.factors) == 2
    n_places = len({cell[compared.factors[0]] for cell in compared.cells} if two else compared.cells)
    return 5.2 if compared.slope else max(5.2, 1.6 + (1.1 if two else 0.9) * n_places)


def draw_cells(axes, found, compared):
    """Draw what a contrast of cells compares: dots by cell, by two factors as lines, or a line over a number each.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    found : model.cell_means.CellMeans
    compared : model.comparison.Comparison
    """
    if compared.slope:
        draw_slopes(axes, found, compared)
    elif len(compared.factors) == 2:
        draw_lines(axes, found, compared)
    else:
        draw_dots(axes, found, compared)


def cloud(values):
    """Shifts for dots that would lie on each other: those at one height side by side, in the order of the values."""
    order, shifts = np.argsort(values, kind="stable"), np.zeros(len(values))
    shifts[order] = np.resize([0, 0.5, -0.5, 1, -1, 0.25, -0.75, 0.75, -0.25], len(values))
    return shifts * WIDTH


def draw_dots(axes, found, compared):
    """A cloud of dots by cell, with its mean and the interval of that."""
    for number, count in enumerate(found.count):
        draw_group(axes, found, number, number, PALETTE[number % len(PALETTE)], 1)
        if not count:
            axes.text(number, 0.5, "nobody", transform=axes.get_xaxis_transform(), ha="center", color="grey")
    names = [f"{label(cell)}\nn = {n}" for cell, n in zip(compared.cells, found.count, strict=True)]
    axes.set_xticks(range(len(names)), names, fontsize=fitting([label(cell) for cell in compared.cells], 0.9, 10))
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xlabel(", ".join(compared.factors))


def draw_group(axes, found, number, place, colour, width):
    """The dots of a cell, and beside them its mean and the interval of that."""
    values = found.values[found.cell == number] if found.count[number] else np.empty(0)
    axes.scatter(place + width * cloud(values), values, color=colour, alpha=0.5, edgecolor="none", s=26)
    beside = place + width * (WIDTH + 0.08)
    axes.errorbar(beside, found.means[number, 0], found.half[number, 0], fmt="o", color=colour, mec="black", capsize=4)


def draw_lines(axes, found, compared):
    """Two factors: the levels of the first beside each other, those of the second as lines between the means."""
    first, second = compared.factors
    places = list(dict.fromkeys(cell[first] for cell in compared.cells))
    for row, level in enumerate(dict.fromkeys(cell[second] for cell in compared.cells)):
        numbers = [number for number, cell in enumerate(compared.cells) if cell[second] == level]
        n_lines = len(compared.cells) // len(places)
        shifts = np.arange(len(places)) + 0.8 * ((row + 0.5) / n_lines - 0.5)
        colour, width = PALETTE[row % len(PALETTE)], 0.8 / n_lines
        for number, place in zip(numbers, shifts, strict=True):
            draw_group(axes, found, number, place, colour, width)
        counts = ", ".join(str(found.count[number]) for number in numbers)
        means = [found.means[number, 0] for number in numbers]
        axes.plot(shifts + width * (WIDTH + 0.08), means, color=colour, label=f"{level} (n = {counts})")
    axes.set_xticks(range(len(places)), places, fontsize=fitting(places, 1.1, 10))
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_xlabel(first)
    legend(axes, second)


def draw_slopes(axes, found, compared):
    """A line over a number for each cell, with its band, among the dots of the cell; `found.x` is not adjusted."""
    for number, cell in enumerate(compared.cells):
        colour, of_cell = PALETTE[number % len(PALETTE)], found.cell == number
        if not found.count[number]:
            continue
        axes.scatter(found.x[of_cell], found.values[of_cell], color=colour, alpha=0.5, edgecolor="none", s=26)
        axes.plot(found.places[number], found.means[number], color=colour, label=f"{label(cell)} (n = {of_cell.sum()})")
        ends = found.means[number] - found.half[number], found.means[number] + found.half[number]
        axes.fill_between(found.places[number], *ends, color=colour, alpha=0.15, linewidth=0)
    axes.set_xlabel(compared.slope[0])
    legend(axes, ", ".join(compared.factors))


def legend(axes, title):
    """What each colour is, above the axes, where it covers nothing."""
    axes.legend(title=title, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=9)
