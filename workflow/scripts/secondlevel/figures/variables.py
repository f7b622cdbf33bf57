"""The variables of a design: their distributions and correlations."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.base.columns import matrix_of
from secondlevel.figures.style import BLUE, PALETTE, bins_of, drawable, fitting
from secondlevel.sample.people import maps_and_people

VARIABLES = 12


@drawable
def draw_variables(variables, design, n_people=None, groups=None):
    """Draw the distributions of a design's variables, and the correlations of its columns if there are several.

    Parameters
    ----------
    variables : dict of ndarray, shape (n_subjects,), by name
        Numbers, or labels; as the sample table has them, so before any centring.
    design : dict of ndarray, shape (n_subjects,), by column
    n_people : int, optional
        How many the rows are of; by default one each.
    groups : dict of ndarray of bool, shape (n_subjects,), by group, optional
        Which are told apart by colour in the distributions of numbers.

    Returns
    -------
    matplotlib.figure.Figure
    """
    varying = {name: values for name, values in variables.items() if len(np.unique(values)) > 1}
    every, n_rows = {name: column for name, column in design.items() if np.ptp(column)}, len(matrix_of(design))
    if not varying:
        figure = Figure(figsize=(5.2, 1.4))
        figure.text(0.5, 0.5, "The design has no variable: a mean is tested.", ha="center", va="center", fontsize=11)
        return figure
    drawn = dict(list(varying.items())[:VARIABLES])
    figure, panels, beside = variable_panels(len(drawn), len(every))
    for axes in panels.flat[len(drawn) :]:
        axes.axis("off")
    for axes, (name, values) in zip(panels.flat, drawn.items(), strict=False):
        draw_distribution(axes, values, groups)
        axes.set_title(name, fontsize=fitting([name], 2.2, 10))
        axes.tick_params(labelsize=9)
    for axes in panels[:, 0]:
        axes.set_ylabel("subjects" if n_people in (None, n_rows) else "maps", fontsize=9)
    if beside:
        draw_correlations(beside, dict(list(every.items())[:VARIABLES]))
    some = f"{VARIABLES} of {len(varying)} variables" if len(varying) > VARIABLES else "Variables"
    figure.suptitle(f"{some} of the design, {maps_and_people(n_rows, n_people or n_rows)}", fontsize=11)
    return figure


def variable_panels(n, n_columns_of_design):
    """A figure with panels for n variables, and axes for the correlations, to the right or below, or None."""
    n_columns = min(4, n)
    n_rows = -(-n // n_columns)
    width, height, side = 2.5 * n_columns, 2.4 * n_rows, 2.2 + 0.42 * min(n_columns_of_design, VARIABLES)
    if n_columns_of_design == 1:
        figure = Figure(layout="constrained", figsize=(4, 3))
        axes = figure.subplots(squeeze=False)
        return figure, axes, None
    if n <= 3:
        figure = Figure(layout="constrained", figsize=(width + side, side + 0.3))
        first, second = figure.subfigures(1, 2, width_ratios=(width, side))
    else:
        figure = Figure(layout="constrained", figsize=(width, height + side + 0.3))
        first, second = figure.subfigures(2, 1, height_ratios=(height, side))
    return figure, first.subplots(n_rows, n_columns, squeeze=False), second.subplots()


def draw_distribution(axes, values, groups=None):
    """Draw a histogram of numbers, shape (n,), by group if there are some; for labels and few numbers a bar each."""
    distinct, counts = np.unique(values, return_counts=True)
    is_label = values.dtype.kind in "OUS"
    if len(distinct) > 6 and not is_label:
        edges = bins_of(values)
        if groups:
            colours = PALETTE[: len(groups)]
            of_groups = [values[inside] for inside in groups.values()]
            axes.hist(of_groups, bins=edges, color=colours, alpha=0.8, stacked=True, label=list(groups))
            axes.legend(fontsize=7, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
        else:
            axes.hist(values, bins=edges, color=BLUE, alpha=0.8)
    else:
        axes.bar(range(len(distinct)), counts, color=BLUE, alpha=0.8, width=0.6)
        names = [str(value) if is_label else f"{value:.3g}" for value in distinct]
        axes.set_xticks(range(len(distinct)), names, fontsize=fitting(names, 2.2 / max(len(names), 1), 9))
        axes.set_xlim(-0.8, len(distinct) - 0.2)
    axes.yaxis.get_major_locator().set_params(integer=True)


def draw_correlations(axes, columns):
    """Draw the correlations of columns, a dict of arrays, as a heat map with the numbers in it."""
    correlations = np.corrcoef(matrix_of(columns), rowvar=False)
    axes.imshow(correlations, cmap="RdBu_r", vmin=-1, vmax=1)
    for (row, column), value in np.ndenumerate(correlations):
        colour = "white" if abs(value) > 0.6 else "black"
        axes.text(column, row, f"{round(value, 2) + 0:.2f}", ha="center", va="center", fontsize=8, color=colour)
    size = fitting(list(columns), 1.6, 9)
    axes.set_xticks(range(len(correlations)), list(columns), fontsize=size, rotation=90)
    axes.set_yticks(range(len(correlations)), list(columns), fontsize=size)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_title("correlations", fontsize=10)
