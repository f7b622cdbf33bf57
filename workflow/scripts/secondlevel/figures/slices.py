"""Slices of the standard brain, by nilearn, for maps to be laid over."""

import gc

from nilearn import plotting

from secondlevel.space.brain import background

# nilearn collects garbage several times a figure, which takes long where all that was imported is looked at each time.
gc.freeze()


def slices(figure, cut_coords, **more):
    """Show slices of the standard brain for maps to be laid over, through a point unless nilearn is told more."""
    where = {"cut_coords": cut_coords, "draw_cross": False, "figure": figure, "axes": (0.02, 0.02, 0.96, 0.8)}
    grey = {"cmap": "gray", "vmin": -0.45, "vmax": 1, "threshold": 1e-3, "colorbar": False}  # light, on white
    return plotting.plot_img(background(), **grey, **where, **more)
