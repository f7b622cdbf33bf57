"""What of all elements is analysed, where they have no place on paper."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.base.names import listed
from secondlevel.figures.style import BLUE, GREY, drawable

NAMED = 12  # elements that are left out and named


@drawable
def draw_left_out(space):
    """Draw how many elements of a space are analysed, and name some that are not.

    Parameters
    ----------
    space : space.protocol.Space

    Returns
    -------
    matplotlib.figure.Figure
    """
    n, size = space.inside.size, space.size
    figure = Figure(figsize=(8.4, 1.6), layout="constrained")
    axes = figure.subplots()
    axes.barh([0, 0], [size, n - size], left=[0, size], color=[BLUE, GREY])
    axes.set(xlim=(0, n), yticks=[], title=f"{size:,} of {n:,} {space.unit.many} are analysed")
    if size < n and (names := space.frame_names):
        left_out = listed([names[k] for k in np.flatnonzero(~space.inside)], most=NAMED)
        axes.set_xlabel(f"left out: {left_out}", fontsize=8, wrap=True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return figure
