"""The variables of a design: their distributions and correlations."""

import matplotlib.pyplot as plt
import numpy as np

from secondlevel.figures.style import BLUE, bins_of, drawable, fitting
from secondlevel.sample.people import maps_and_people

VARIABLES = 12


@drawable
def draw_variables(design, n_people=None):
    """Draw the distributions of a design's variables, and their correlations if there are several.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n_subjects, n_columns)
    n_people : int, optional
        How many the rows are of; by default one each.

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
        axes.set_ylabel("subjects" if n_people in (None, len(design)) else "maps", fontsize=9)
    if beside:
        draw_correlations(beside, drawn)
    some = f"{VARIABLES} of {every.shape[1]} variables" if every.shape[1] > VARIABLES else "Variables"
    figure.suptitle(f"{some} of the design, {maps_and_people(len(design), n_people or len(design))}", fontsize=11)
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
