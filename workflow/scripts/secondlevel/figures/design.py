"""The design matrix as a picture."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.base.columns import matrix_of
from secondlevel.figures.style import BLUE, ORANGE, drawable, fitting
from secondlevel.sample.people import maps_and_people

ROWS = 30  # of contrasts that are drawn
WIDTH = 1.1  # of a column, in inches


@drawable
def draw_design(design, contrasts, n_people=None):
    """Draw a design matrix, each column on a scale of its own with its range below, and the contrasts' weights.

    Parameters
    ----------
    design : dict of ndarray, shape (n_subjects,), by column
    contrasts : dict of ndarray of str, shape (n_rows,), by column
        The table of weights: the contrast of each row in ``contrast``, and a column for each of the design's.
    n_people : int, optional
        How many the rows are of; by default one each.

    Returns
    -------
    matplotlib.figure.Figure
    """
    matrix, names = matrix_of(design), contrasts["contrast"][:ROWS]
    size = (2.4 + WIDTH * len(design), 6 + 0.28 * len(names))
    ratios = {"height_ratios": [5, 0.28 * len(names)]}
    figure = Figure(layout="constrained", figsize=size)
    above, below = figure.subplots(2, 1, gridspec_kw=ratios)
    draw_matrix(above, matrix, list(design))
    above.set_ylabel(maps_and_people(len(matrix), n_people or len(matrix)))
    above.set_title("Design matrix", fontsize=11)
    weights = np.column_stack([contrasts[name][:ROWS].astype(float) for name in design])
    draw_weights(below, names, weights)
    more = f", {ROWS} of {len(contrasts['contrast'])}" if len(contrasts["contrast"]) > ROWS else ""
    below.set_title(f"Weights of the contrasts{more}", fontsize=11)
    return figure


def draw_matrix(axes, matrix, names):
    """Draw a design matrix, from black at a column's smallest value to white at its largest, with both below it."""
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    shades = (matrix - low) / np.where(high > low, high - low, 1) + (high == low)
    axes.imshow(shades, aspect="auto", cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ranges = [f"{a:.4g}" if a == b else f"{a:.4g} to {b:.4g}" for a, b in zip(low, high, strict=True)]
    labels = [f"{name}\n{span}" for name, span in zip(names, ranges, strict=True)]
    lines = [line for label in labels for line in label.split("\n")]
    axes.set_xticks(range(len(names)), labels, fontsize=fitting(lines, WIDTH, 9))
    axes.set_yticks([])
    for edge in range(1, len(names)):
        axes.axvline(edge - 0.5, color=ORANGE, linewidth=1)


def draw_weights(axes, names, weights):
    """Draw the weights of contrasts, shape (n_rows, n_columns), as numbers in blue for plus and orange for minus."""
    axes.set(xlim=(-0.5, weights.shape[1] - 0.5), ylim=(len(names) - 0.5, -0.5))
    for (row, column), weight in np.ndenumerate(weights):
        colour = "0.6" if weight == 0 else BLUE if weight > 0 else ORANGE
        style = {"fontsize": 9, "color": colour, "fontweight": "normal" if weight == 0 else "bold"}
        axes.text(column, row, f"{weight:.4g}", ha="center", va="center", **style)
    axes.set_xticks([])
    axes.set_yticks(range(len(names)), names, fontsize=fitting(names, 1.2, 9))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for edge in range(1, len(names)):
        axes.axhline(edge - 0.5, color="0.9", linewidth=0.8)
