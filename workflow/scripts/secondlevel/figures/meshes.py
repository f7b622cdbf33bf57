"""Maps on meshes, each from a few sides: in colour over the grey of the surface."""

from functools import cache

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from secondlevel.figures.colours import beside, draw_bar
from secondlevel.figures.mesh_views import look, size_of
from secondlevel.figures.slices import BAR, FOOT, TITLE, headline
from secondlevel.figures.style import DPI, drawable

WIDTH, GAP, LABEL, ROW_TITLE = 11, 0.12, 0.2, 0.22  # inches of a figure, between views, and of words above them
MOST = 4  # views in a row
FINER = 2  # pixels that are painted for one along each side
TALLEST = 2.4  # inches of a view
LIGHT, DARK = 0.86, 0.5  # greys of a surface: high up and facing the reader, and deep or turned away
VIVID = 0.8  # the brightness of a colour that is turned away


def rows_of(meshes):
    """The views of meshes in rows, those of a mesh in one row: lists of (number of the mesh, title, sight)."""
    rows = [[]]
    for number, mesh in enumerate(meshes):
        if len(rows[-1]) + len(mesh.sights) > MOST:
            rows.append([])
        rows[-1] += [(number, *view) for view in mesh.sights]
    return [row for row in rows if row]


@cache
def looks(meshes):
    """See meshes from all their sides, on one scale; once for all the pictures of a job.

    Parameters
    ----------
    meshes : tuple of mesh_views.Mesh

    Returns
    -------
    list of list of mesh_views.View
        By row.
    """
    rows, firsts = rows_of(meshes), np.cumsum([0] + [len(mesh.vertices) for mesh in meshes])
    sizes = [[size_of(meshes[number], sight) for number, _, sight in row] for row in rows]
    scale = min((WIDTH - BAR - GAP * len(row)) / sum(size[0] for size in row) for row in sizes)
    scale = min(scale, TALLEST / max(size[1] for row in sizes for size in row))
    return [
        [look(meshes[number], title, sight, scale * DPI * FINER, firsts[number]) for number, title, sight in row]
        for row in rows
    ]


def inches(view):
    """Width and height of a view in a figure."""
    return np.array(view.vertex.shape[::-1]) / (DPI * FINER)


def lay_out(rows, n_maps, titles=None):
    """Axes for views, a block of rows for each map.

    Parameters
    ----------
    rows : list of list of mesh_views.View
    n_maps : int
    titles : list of str, optional
        Of the maps.

    Returns
    -------
    figure : matplotlib.figure.Figure
    panels : list of list of (matplotlib.axes.Axes, mesh_views.View)
        For each map.
    """
    heights = [LABEL + GAP + max(inches(view)[1] for view in row) for row in rows]
    block = sum(heights) + (ROW_TITLE if titles else 0)
    tall = TITLE + FOOT + n_maps * block
    figure, panels = Figure(figsize=(WIDTH, tall)), []
    for number in range(n_maps):
        top = tall - TITLE - number * block
        if titles:
            figure.text(0.01, top / tall, titles[number], fontsize=10, va="top")
            top -= ROW_TITLE
        panels.append([])
        for row, height in zip(rows, heights, strict=True):
            left = (WIDTH - BAR - sum(inches(view)[0] for view in row) - GAP * (len(row) - 1)) / 2
            for view in row:
                width, high = inches(view)
                middle = top - LABEL - (height - LABEL - GAP) / 2
                box = (left / WIDTH, (middle - high / 2) / tall, width / WIDTH, high / tall)
                panels[-1].append((figure.add_axes(box), view))
                left += width + GAP
            top -= height
    return figure, panels


def grey(view):
    """The surface without a map: an image of greys, shape (up, across), 1 beside it."""
    low = view.light if view.depth is None else np.minimum(view.light, 0.35 + 0.65 * (1 - view.depth))
    return np.where(view.vertex >= 0, DARK + (LIGHT - DARK) * low, 1.0)


def painted(view, values, scale, opaque=None):
    """A map on a view.

    Parameters
    ----------
    view : mesh_views.View
    values : ndarray, shape (n_vertices,)
        Of the vertices of all meshes. 0 and NaN are not drawn.
    scale : colours.Scale
    opaque : ndarray, shape (n_vertices,), optional
        How opaque each value is, from 0 to 1.

    Returns
    -------
    ndarray, shape (up, across, 3)
        Red, green and blue from 0 to 1.
    """
    shown = view.values(np.nan_to_num(values), 0)
    colours = colormaps.get_cmap(scale.cmap)(Normalize(scale.low, scale.high)(shown))[..., :3]
    colours *= (VIVID + (1 - VIVID) * view.light)[..., None]
    alpha = (shown != 0) * (1.0 if opaque is None else view.values(np.nan_to_num(opaque), 0))
    image = grey(view)[..., None] * (1 - alpha[..., None]) + colours * alpha[..., None]
    return coarser(image)


def coarser(image):
    """The mean of each square of FINER × FINER pixels, which makes edges smooth; what is beside the image is white."""
    high, wide = (-(-n // FINER) for n in image.shape[:2])
    whole = np.ones((high * FINER, wide * FINER, image.shape[2]))
    whole[: image.shape[0], : image.shape[1]] = image
    return whole.reshape(high, FINER, wide, FINER, -1).mean(axis=(1, 3))


def show(axes, view, image, passes=None):
    """Put a painted view into its axes, with a line around the vertices that pass, ndarray of bool (n_vertices,)."""
    high, wide = view.vertex.shape
    axes.imshow(image, origin="lower", extent=(0, wide, 0, high), aspect="auto")
    if passes is not None and (inside := view.values(passes, False)).any() and not inside.all():
        x, y = np.arange(wide) + 0.5, np.arange(high) + 0.5
        line = axes.contour(x, y, inside, levels=[0.5], colors="black", linewidths=0.8)
        line.set_rasterized(True)  # as an SVG file, it would have a corner at each pixel
    axes.set(xlim=(0, wide), ylim=(0, high))
    axes.axis("off")
    axes.set_title(view.title, fontsize=9, pad=2)


@drawable
def draw_meshes(shown, meshes):
    """Draw maps on meshes from a few sides, a block of views for each map, on one scale.

    A hemisphere, which a mesh is that is named left or right, is seen from its outside and from the other hemisphere;
    any other mesh from the left, from above and from the right. Each vertex is drawn as it is.

    Parameters
    ----------
    shown : shown.Shown
        At the vertices of all meshes in their order, shape (n_vertices,).
    meshes : sequence of mesh_views.Mesh

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = looks(tuple(meshes))
    figure, panels = lay_out(rows, len(shown.maps), shown.titles)
    headline(figure, shown.title)
    for number, panel in enumerate(panels):
        opaque, passes = (of_map[number] if of_map else None for of_map in (shown.opaque, shown.passes))
        for axes, view in panel:
            show(axes, view, painted(view, shown.maps[number], shown.scale, opaque), passes)
    if shown.scale.label and any(np.nan_to_num(values).any() for values in shown.maps):
        draw_bar(figure, shown.scale, beside(figure))
    return figure
