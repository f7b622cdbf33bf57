"""The design matrix as a picture."""

import matplotlib.pyplot as plt

from secondlevel.figures.style import ORANGE, drawable
from secondlevel.sample.people import maps_and_people


@drawable
def draw_design(design, n_people=None):
    """Draw a design matrix, each column on a scale of its own, with its range written below.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n_subjects, n_columns)
    n_people : int, optional
        How many the rows are of; by default one each.

    Returns
    -------
    matplotlib.figure.Figure
    """
    low, high = design.min(), design.max()
    shades = (design - low) / (high - low).where(high > low, 1) + (high == low).astype(float)
    figure, axes = plt.subplots(layout="constrained", figsize=(1.6 + 1.1 * design.shape[1], 6))
    axes.imshow(shades, aspect="auto", cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ranges = [f"{a:g}" if a == b else f"{a:g} to {b:g}" for a, b in zip(low, high, strict=True)]
    labels = [f"{name}\n{span}" for name, span in zip(design.columns, ranges, strict=True)]
    axes.set_xticks(range(design.shape[1]), labels, fontsize=9)
    axes.set_ylabel(maps_and_people(len(design), n_people or len(design)))
    axes.set_yticks([])
    for edge in range(1, design.shape[1]):
        axes.axvline(edge - 0.5, color=ORANGE, linewidth=1)
    axes.set_title("Design matrix", fontsize=11)
    return figure
