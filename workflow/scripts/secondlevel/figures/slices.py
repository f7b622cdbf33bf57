"""Slices through the standard brain, in mm, for maps of any grid to be laid over, each voxel drawn as it is."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from secondlevel.space.template import template

ACROSS_AND_UP = {"x": (1, 2), "y": (0, 2), "z": (0, 1)}  # the axes of a slice, by the one that it is cut at
GREY = {"cmap": "gray", "vmin": -0.45, "vmax": 1}  # light, for colours to stand out
# A place between two voxels is in the upper one, whatever its last bits, so that voxels are drawn equally wide.
HALF = 0.5 + 1e-6
GAP = 6  # mm between slices
WIDEST = 1000  # mm that are drawn
TITLE, ROW_TITLE, FOOT, BAR = 0.42, 0.36, 0.16, 1.0  # inches of titles, the place below a slice, and the colour bar


def points(cut_coords):
    """The slices through a point in mm, as `draw_slices` takes them: sagittal, coronal and axial."""
    return list(zip("xyz", cut_coords, strict=True))


def corners(inside, affine):
    """The whole mm between which an array of bool, shape (x, y, z), has voxels: ndarray of int, shape (3, 2)."""
    edges = [np.flatnonzero(inside.any(axis=axes))[[0, -1]] + [-0.5, 0.5] for axes in ((1, 2), (0, 2), (0, 1))]
    ends = np.array(np.meshgrid(*edges)).reshape(3, -1)
    places = affine[:3, :3] @ ends + affine[:3, 3:]
    return np.column_stack([np.floor(places.min(axis=1)), np.ceil(places.max(axis=1))]).astype(int)


@cache
def of_brain():
    """The same of the standard brain."""
    brain, affine = template()
    return corners(brain > 0, affine)


def room(inside, affine):
    """The room that slices show, as `corners` gives it: the standard brain, and more if the voxels reach beyond.

    Raises
    ------
    ValueError
        If voxels lie too far away to be drawn beside the standard brain.
    """
    boxes = [of_brain()] + ([corners(inside, affine)] if inside.any() else [])
    box = np.column_stack([np.min(boxes, axis=0)[:, 0] - 2, np.max(boxes, axis=0)[:, 1] + 2])
    if (wide := np.ptp(box, axis=1).max()) > WIDEST:
        raise ValueError(f"the maps and the standard brain lie {wide} mm apart, and figures show up to {WIDEST} mm")
    return box


def nearest(volume, affine, places):
    """The values of the voxels that places are in.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    places : sequence of three arrays of mm, which broadcast

    Returns
    -------
    ndarray
        Of the shape to which the places broadcast; 0 outside of the volume.
    """
    to_voxels = np.linalg.inv(affine)
    index = [
        np.floor(sum(to_voxels[row, axis] * places[axis] for axis in range(3)) + to_voxels[row, 3] + HALF).astype(int)
        for row in range(3)
    ]
    known = np.logical_and.reduce([(i >= 0) & (i < n) for i, n in zip(index, volume.shape, strict=True)])
    cells = tuple(np.where(known, i, 0) for i in index)
    return np.where(known, volume[cells], np.zeros((), volume.dtype))


@dataclass(frozen=True)
class Slice:
    """A slice of a figure.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        In mm.
    view : {"x", "y", "z"}
        The axis that it is cut at.
    at : float
        Where, in mm.
    room : ndarray of int, shape (3, 2)
        What is shown along each axis, in mm.
    """

    axes: Axes
    view: str
    at: float
    room: np.ndarray

    def values(self, volume, affine):
        """A volume on the plane, a value each mm, shape (up, across)."""
        across, up = ACROSS_AND_UP[self.view]
        places = [self.at] * 3
        places[across] = np.arange(self.room[across, 0], self.room[across, 1] + 1)
        places[up] = np.arange(self.room[up, 0], self.room[up, 1] + 1)[:, None]
        return nearest(volume, affine, places)

    @property
    def extent(self):
        """Left, right, lower and upper edge in mm."""
        across, up = ACROSS_AND_UP[self.view]
        return (*(self.room[across] + [-0.5, 0.5]), *(self.room[up] + [-0.5, 0.5]))

    def show(self, image, **style):
        """Draw an image of the plane, 0 left out, as sharp as it is."""
        seen = np.ma.masked_where(image == 0, image)
        self.axes.imshow(seen, origin="lower", extent=self.extent, interpolation="none", **style)

    def outline(self, inside):
        """Draw a line around what is true in an image of the plane."""
        if inside.any():
            left, right, low, high = self.extent
            x, y = np.arange(left + 0.5, right), np.arange(low + 0.5, high)
            self.axes.contour(x, y, inside, levels=[0.5], colors="black", linewidths=0.9)


def draw_slices(rows, inside, affine, titles=None, width=8.4, side=BAR):
    """Draw the standard brain on slices, all on one scale.

    Parameters
    ----------
    rows : list of list of (str, float)
        The axis of each slice and where it is cut, in mm.
    inside : ndarray of bool, shape (x, y, z)
        What has to find room.
    affine : ndarray, shape (4, 4)
    titles : list of str, optional
        Of the rows.
    width, side : float
        Inches of the figure, and of what is free on its right.

    Returns
    -------
    figure : matplotlib.figure.Figure
    slices : list of list of Slice
    """
    space = room(inside, affine)
    sizes = [[np.ptp(space[list(ACROSS_AND_UP[view])], axis=1) + 1 for view, _ in row] for row in rows]
    scale = (width - side) / max(sum(size[0] + GAP for size in row) for row in sizes)
    heights = [scale * max(size[1] for size in row) + FOOT + (ROW_TITLE if titles else 0) for row in sizes]
    tall, slices = TITLE + sum(heights), []
    figure = Figure(figsize=(width, tall))
    for number, (row, of_row) in enumerate(zip(rows, sizes, strict=True)):
        low, left = tall - TITLE - sum(heights[: number + 1]) + FOOT, scale * GAP / 2
        if titles:
            figure.text(0.02, (low - FOOT + heights[number] - 0.08) / tall, titles[number], fontsize=10, va="top")
        slices.append([])
        for (view, at), size in zip(row, of_row, strict=True):
            box = (left / width, low / tall, scale * size[0] / width, scale * size[1] / tall)
            slices[-1].append(brain_slice(figure.add_axes(box), view, at, space))
            left += scale * (size[0] + GAP)
    return figure, slices


def headline(figure, title):
    """Write a title at the top of a figure of slices."""
    figure.suptitle(title, fontsize=11, y=1 - 0.08 / figure.get_size_inches()[1], va="top")


def brain_slice(axes, view, at, space):
    """A slice of the standard brain, with its place and its sides."""
    made = Slice(axes, view, at, space)
    made.show(made.values(*template()), **GREY)
    left, right, low, high = made.extent
    axes.set(xlim=(left, right), ylim=(low, high))
    axes.axis("off")
    axes.text(0, 0, f"{view} = {round(at, 1):g}", transform=axes.transAxes, fontsize=9, va="top")
    if view != "x":
        for place, name, end in ((0, "L", "left"), (1, "R", "right")):
            axes.text(place, 0.98, name, transform=axes.transAxes, ha=end, va="top", fontsize=9)
    return made
