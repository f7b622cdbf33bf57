"""Meshes as the viewer in a report has them: what it has of a volume's grid for maps of vertices."""

import numpy as np

from secondlevel.report.packing import packed
from secondlevel.space.meshes import BUILT_IN, drawn, mesh_of
from secondlevel.space.relief import relief
from secondlevel.space.winding import outward

PER_MM = 100  # steps of a coordinate, of which tables show as many
DEEPEST = 15  # the last gray of depth


def grid_of_vertices(space):
    """The grid of a space of vertices, as `grid_of_meshes`; meshes that are built in are drawn inflated, with depth."""
    depth, places = {}, {}
    for part, given in space.names.items():
        if given in BUILT_IN:
            places[part], depth[part] = drawn(mesh_of(given, part), part)
    return grid_of_meshes(space.meshes, space.columns_of_vertices() >= 0, depth, places)


def grid_of_meshes(meshes, inside, depth=None, drawn=None):
    """Meshes, packed, and which of their vertices are analysed.

    Parameters
    ----------
    meshes : dict of (ndarray of float, shape (n, 3); ndarray of int, shape (m, 3))
        Vertices in mm, as tables tell them, and triangles, by name; "left" and "right" are seen from both sides.
    inside : ndarray of bool, shape (n_vertices,)
        Of all meshes, one after the other.
    depth : dict of ndarray, shape (n,), optional
        Sulcal depth or curvature of meshes by name, the larger the deeper.
    drawn : dict of ndarray, shape (n, 3), optional
        Other places in which the vertices of meshes are drawn, by name, such as those of an inflated surface.

    Returns
    -------
    dict
        As JSON, the ``grid`` of `viewer_data.viewer_data`.
    """
    of_meshes = [
        packed_mesh(name, *mesh, (depth or {}).get(name), (drawn or {}).get(name)) for name, mesh in meshes.items()
    ]
    return {"meshes": of_meshes, "inside": packed(inside.astype(int))}


def packed_mesh(name, vertices, triangles, depth, drawn):
    """One of them."""
    seen = vertices if drawn is None else drawn
    return {
        "name": name,
        "count": len(vertices),
        "places": packed_places(vertices),
        "drawn": None if drawn is None else packed_places(drawn),
        "triangles": {"count": len(triangles), "corners": packed(outward(seen, triangles).ravel())},
        "depth": None if depth is None else packed(np.rint(relief(depth) * DEEPEST).astype(int)),
        "deepest": DEEPEST,
    }


def packed_places(vertices):
    """Coordinates in steps, all x, then all y, then all z."""
    return packed(np.rint(vertices.T.ravel() * PER_MM).astype(int))
