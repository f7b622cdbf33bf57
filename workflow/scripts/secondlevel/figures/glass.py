"""A map seen through a brain of glass, whose outlines are those that nilearn draws, without nilearn's import."""

import json

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from secondlevel.base.packages import in_package
from secondlevel.figures.colours import beside, draw_bar
from secondlevel.figures.slices import ACROSS_AND_UP, nearest, room
from secondlevel.figures.style import drawable

# From the units of nilearn's outlines to mm: scale and shift along both axes, fitted by eye to the MNI152 template.
OUTLINES = {
    "x": ("side", (0.38, 0, 0, 0.38, -108, -70)),
    "y": ("back", (0.39, 0, 0, 0.39, -73, -73)),
    "z": ("top", (0.36, 0, 0, 0.37, -71, -107)),
}
CURVES = {"segment": [Path.MOVETO, Path.LINETO], "bezier": [Path.MOVETO] + [Path.CURVE4] * 3}
# The views from the left (of the left half), the front, the right and above.
VIEWS = (("x", -1), ("y", 0), ("x", 1), ("z", 0))
SIZES = {"x": (-110, 80, -74, 86), "y": (-76, 76, -74, 86), "z": (-76, 76, -110, 80)}  # of the views in mm
STEP = 2  # mm between the points at which a map is looked at


def projections(volume, affine):
    """The values of a map that are largest in size along each axis.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
        Not all 0.
    affine : ndarray, shape (4, 4)

    Yields
    ------
    image : ndarray, shape (up, across)
        A view of VIEWS; 0 where there is nothing.
    extent : tuple of float
        Left, right, lower and upper edge in mm.
    """
    box = room(volume != 0, affine) + [-STEP, STEP]
    grid = [np.arange(low, high + 1, STEP) for low, high in box]
    values = nearest(volume, affine, np.ix_(*grid))
    for view, side in VIEWS:
        seen = values if side == 0 else values[side * grid[0] >= 0]
        axis = "xyz".index(view)
        largest, least = (bound(seen, axis=axis, initial=0) for bound in (np.max, np.min))
        across, up = (grid[number] for number in ACROSS_AND_UP[view])
        ends = across[0] - STEP / 2, across[-1] + STEP / 2, up[0] - STEP / 2, up[-1] + STEP / 2
        yield np.where(largest >= -least, largest, least).T, ends


def draw_outlines(axes, view):
    """Draw the brain of glass of a view into axes in mm."""
    name, shift = OUTLINES[view]
    drawing = json.loads(in_package("nilearn", f"plotting/glass_brain_files/brain_schematics_{name}.json").read_text())
    place = Affine2D.from_values(*shift) + axes.transData
    for line in drawing["paths"]:
        joined = Path.make_compound_path(*(Path(item["pts"], CURVES[item["type"]]) for item in line["items"]))
        style = {"edgecolor": line["edgecolor"], "linewidth": line["linewidth"] * 0.7, "alpha": 0.7}
        axes.add_patch(PathPatch(joined, transform=place, facecolor="none", **style))


@drawable
def draw_glass(volume, affine, scale, title):
    """Draw a map through a glass brain; 0 is not drawn, and other parameters are as for `brains.draw_maps`."""
    figure = Figure(figsize=(10, 2.7))
    figure.suptitle(title, fontsize=11, y=0.97, va="top")
    images = list(projections(volume, affine)) if volume.any() else [None] * len(VIEWS)
    unit, left = 0.88 / sum(SIZES[view][1] - SIZES[view][0] for view, _ in VIEWS), 0.005
    for (view, side), image in zip(VIEWS, images, strict=True):
        x0, x1, y0, y1 = SIZES[view]
        axes = figure.add_axes((left, 0.02, unit * (x1 - x0), unit * (y1 - y0) * 10 / 2.7))
        left += unit * (x1 - x0)
        if image is not None:
            seen, extent = np.ma.masked_equal(image[0], 0), image[1]
            axes.imshow(seen, origin="lower", extent=extent, interpolation="none", **scale.style)
        draw_outlines(axes, view)
        axes.set(xlim=(x1, x0) if side < 0 else (x0, x1), ylim=(y0, y1))
        axes.axis("off")
        for place, name in ((0.1, "L"), (0.9, "R")) if view != "x" else ():
            axes.text(place, 0.97, name, transform=axes.transAxes, ha="center", va="top", fontsize=9)
    if volume.any():
        draw_bar(figure, scale, beside(figure))
    return figure
