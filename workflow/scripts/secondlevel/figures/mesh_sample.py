"""The sample on meshes: every subject's map, what is analysed, and how far the maps lie from their fit."""

import numpy as np
from matplotlib.colors import ListedColormap

from secondlevel.figures.cells import draw_cells, scale_of_maps
from secondlevel.figures.colours import Scale
from secondlevel.figures.mesh_views import View, look, size_of
from secondlevel.figures.meshes import draw_meshes, painted
from secondlevel.figures.montage import chosen
from secondlevel.figures.shown import Shown
from secondlevel.figures.spread import MOST
from secondlevel.figures.style import DPI, drawable
from secondlevel.space.units import VERTICES

CELL, CELL_OF_SEVERAL = 1.0, 1.7  # inches of a subject's picture, of one mesh or of several beside each other


def outer(mesh):
    """The one view of a mesh that says most, as in `Mesh.sights`: a hemisphere from its outside, others from above."""
    return next((view for view in mesh.sights if "lateral" in view[0]), mesh.sights[1])


def beside_each_other(views, gap):
    """Views as one, from the left to the right, with some pixels between them."""
    high = max(view.vertex.shape[0] for view in views)

    def joined(images, beside):
        framed = []
        for image in images:
            low = (high - image.shape[0]) // 2
            margins = ((low, high - image.shape[0] - low), (gap, gap))
            framed.append(np.pad(image, margins, constant_values=beside))
        return np.concatenate(framed, axis=1)

    depth = [view.depth for view in views]
    depth = joined(depth, 0.0) if all(one is not None for one in depth) else None
    title = " and ".join(view.title for view in views)
    return View(title, joined([view.vertex for view in views], -1), joined([view.light for view in views], 0.0), depth)


def outside_view(meshes, wide):
    """All meshes beside each other as `outer` sees them, in a picture as wide as some inches."""
    sights, first, views = [outer(mesh) for mesh in meshes], 0, []
    total = sum(size_of(mesh, sight)[0] for mesh, (_, sight) in zip(meshes, sights, strict=True))
    for mesh, (title, sight) in zip(meshes, sights, strict=True):
        views.append(look(mesh, title, sight, 2 * DPI * wide / total, first))
        first += len(mesh.vertices)
    return beside_each_other(views, gap=4)


@drawable
def draw_mesh_montage(maps, columns, meshes, table):
    """Draw the maps from one side, on one scale, with outliers framed.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    columns : ndarray of int, shape (n_vertices,)
        Where each vertex of the meshes is in a map, -1 if it is not analysed.
    meshes : sequence of mesh_views.Mesh
    table : dict of ndarray, shape (n_subjects,), by column
        `participant_id`, `correlation` and `outlier`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cell, (rows, which) = (CELL_OF_SEVERAL if len(meshes) > 1 else CELL), chosen(table)
    view = outside_view(meshes, cell)
    on_meshes = [np.where(columns >= 0, maps[row][columns], np.nan) for row in rows]
    scale = scale_of_maps(np.array([view.values(values) for values in on_meshes]))
    images = [painted(view, values, scale) for values in on_meshes]
    height = cell * view.vertex.shape[0] / view.vertex.shape[1]
    names, title = table["participant_id"][rows], f"{view.title}: {which}"
    return draw_cells(images, scale, names, table["outlier"][rows], title, (cell, height))


@drawable
def draw_mesh_coverage(inside, meshes, colour, unit=VERTICES):
    """Draw what of the meshes is analysed.

    Parameters
    ----------
    inside : ndarray of bool, shape (n_vertices,)
    meshes : sequence of mesh_views.Mesh
    colour : str
    unit : space.units.Unit

    Returns
    -------
    matplotlib.figure.Figure
    """
    left_out = inside.size - int(inside.sum())
    words = f"{unit.counted(left_out)} left out, in grey" if left_out else "none left out"
    title = f"Analysed: {inside.sum():,} of {unit.counted(inside.size)}, in colour; {words}"
    shown = Shown([inside.astype(float)], Scale("", ListedColormap([colour]), 0, 1), title, opaque=[0.55 * inside])
    return draw_meshes(shown, meshes)


@drawable
def draw_mesh_spread(sd, meshes):
    """Draw the standard deviation of the residuals, shape (n_vertices,), NaN where it is not known, on meshes."""
    largest = float(np.nanpercentile(sd, MOST)) or 1.0
    scale = Scale("sd", "viridis", 0, largest)
    values = np.maximum(sd, np.finfo(float).tiny)  # 0 is not drawn
    return draw_meshes(Shown([values], scale, "Standard deviation of the residuals"), meshes)
