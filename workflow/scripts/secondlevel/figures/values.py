"""At how much of the mask each subject has a value."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.base.matrix import columns
from secondlevel.figures.style import BLUE, ORANGE, drawable

TILE = 8192  # elements at a time
FEW = 0.9  # a share of the mask below which a subject is told by name
MOST_NAMES = 40


def shares_of_values(maps):
    """The share of the elements at which each map has a value, shape (n_subjects,)."""
    starts = range(0, maps.shape[1], TILE)
    return sum(np.isfinite(columns(maps, start, start + TILE)).sum(axis=1) for start in starts) / maps.shape[1]


@drawable
def draw_shares(shares, subjects):
    """Draw the share of the mask at which each subject has a value, the least first.

    Parameters
    ----------
    shares : ndarray, shape (n_subjects,)
    subjects : sequence of str

    Returns
    -------
    matplotlib.figure.Figure
    """
    order = np.argsort(shares, kind="stable")
    figure = Figure(layout="constrained", figsize=(8, 3.6))
    ax = figure.subplots()
    ax.bar(np.arange(order.size), shares[order], color=np.where(shares[order] < FEW, ORANGE, BLUE), width=0.9)
    named = [place for place in range(min(order.size, MOST_NAMES)) if shares[order][place] < FEW]
    ax.set_xticks(named, [subjects[order[place]] for place in named], rotation=90, fontsize=7)
    ax.set(ylim=(0, 1), ylabel="share of the mask with a value", xlabel="subjects, named if below 90 %")
    return figure
