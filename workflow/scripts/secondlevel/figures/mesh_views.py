"""Triangle meshes seen from one side: which vertex each pixel of a picture shows.

A mesh is turned into pixels once. Any map on it, be it of a contrast or of one of a hundred subjects, is then drawn as
fast as an image, by a look-up.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.space.mesh import corners_of
from secondlevel.space.relief import relief

# From where a mesh is seen: what goes to the right of the picture, what goes up, and what comes towards the reader, in
# the axes of the brain (right, front, top).
SIGHTS = {
    "left": ((0, -1, 0), (0, 0, 1), (-1, 0, 0)),
    "right": ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
    "above": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
# The views of a hemisphere, and of any other mesh: what each is called, and from where it is seen.
OF_SIDE = {
    "left": (("left lateral", "left"), ("left medial", "right")),
    "right": (("right medial", "left"), ("right lateral", "right")),
}
OF_ANY = (("from the left", "left"), ("from above", "above"), ("from the right", "right"))
ON_THE_EDGE = -1e-5  # rounding leaves no gaps between triangles


@dataclass(frozen=True, eq=False)
class Mesh:
    """A mesh of a figure.

    Attributes
    ----------
    name : str
        "left" and "right" are the hemispheres.
    vertices : ndarray of float, shape (n_vertices, 3)
        In mm, to the right, to the front and up.
    triangles : ndarray of int, shape (n_triangles, 3)
    depth : ndarray of float, shape (n_vertices,), optional
        Sulcal depth or curvature, the larger the deeper: what is deep is drawn in a darker grey.
    """

    name: str
    vertices: np.ndarray
    triangles: np.ndarray
    depth: np.ndarray | None = None

    @property
    def sights(self):
        """The views of it: pairs of a title and a key of SIGHTS."""
        return OF_SIDE.get(self.name) or tuple((f"{self.name}, {words}", sight) for words, sight in OF_ANY)


@dataclass(frozen=True)
class View:
    """A mesh from one side.

    Attributes
    ----------
    title : str
    vertex : ndarray of int, shape (up, across)
        The vertex that each pixel shows, among those of all meshes; -1 beside the mesh.
    light : ndarray of float, shape (up, across)
        How much each pixel faces the reader, from 0 to 1.
    depth : ndarray of float or None, shape (up, across)
        From 0, high up, to 1, deep.
    """

    title: str
    vertex: np.ndarray
    light: np.ndarray
    depth: np.ndarray | None

    def values(self, values, outside=np.nan):
        """Values of the vertices of all meshes, shape (n_vertices,), as an image of shape (up, across)."""
        return np.where(self.vertex >= 0, values[self.vertex], outside)


def size_of(mesh, sight):
    """Width and height of a mesh seen from a side, in mm."""
    across, up, _ = np.array(SIGHTS[sight]) @ mesh.vertices.T
    return np.array([np.ptp(across), np.ptp(up)])


def look(mesh, title, sight, fineness, first=0):
    """See a mesh from a side.

    Parameters
    ----------
    mesh : Mesh
    title : str
    sight : str
        A key of SIGHTS.
    fineness : float
        Pixels for a mm.
    first : int
        The number of the mesh's first vertex among those of all meshes.

    Returns
    -------
    View
    """
    across, up, near = np.array(SIGHTS[sight]) @ mesh.vertices.T
    places = fineness * np.column_stack([across - across.min(), up - up.min()])
    shape = tuple(np.ceil(places.max(axis=0)).astype(int)[::-1] + 1)
    corners, weights, pixels = rasterised(places, near, mesh.triangles, shape)
    shown = np.full(shape, -1)
    shown.flat[pixels] = first + corners[np.arange(len(corners)), weights.argmax(axis=1)]

    def blended(values):
        image = np.zeros(shape)
        image.flat[pixels] = (values[corners] * weights).sum(axis=1)
        return image

    depth = None if mesh.depth is None else blended(relief(mesh.depth))
    return View(title, shown, blended(facing(mesh, SIGHTS[sight][2])), depth)


def rasterised(places, near, triangles, shape):
    """Triangles as pixels, in each the nearest of them.

    Parameters
    ----------
    places : ndarray of float, shape (n_vertices, 2)
        Of the vertices in pixels: across and up.
    near : ndarray of float, shape (n_vertices,)
        The larger the nearer.
    triangles : ndarray of int, shape (n_triangles, 3)
    shape : (int, int)
        Of the image: up and across.

    Returns
    -------
    corners : ndarray of int, shape (n_pixels, 3)
        The vertices of the triangle that each pixel shows.
    weights : ndarray of float, shape (n_pixels, 3)
        How near the pixel is to each of them; they add up to 1.
    pixels : ndarray of int, shape (n_pixels,)
        Which pixels these are, by their number in the flat image; others show nothing.
    """
    (a, b, c), (near_a, near_b, near_c) = corners_of(places, triangles), near[triangles.T]
    low = np.ceil(np.minimum(np.minimum(a, b), c)).astype(np.int32)
    wide, tall = (np.floor(np.maximum(np.maximum(a, b), c)).astype(np.int32) - low + 1).T
    twice = cross(b - a, c - a)
    # Each triangle with each pixel of the box around it; one that is seen from its edge shows nothing.
    count = np.where(twice != 0, wide * tall, 0)
    twice, one = np.where(twice == 0, 1, twice), np.repeat(np.arange(len(triangles), dtype=np.int32), count)
    place = np.arange(one.size, dtype=np.int32) - np.repeat((np.cumsum(count) - count).astype(np.int32), count)
    y, x = np.divmod(place, wide[one])
    # The weights of two corners grow evenly along the box.
    ab, ac, begin = (b - a) / twice[:, None], (c - a) / twice[:, None], low - a
    of_b = evenly(cross(begin, c - a) / twice, ac[:, 1], -ac[:, 0], one, x, y)
    of_c = evenly(cross(b - a, begin) / twice, -ab[:, 1], ab[:, 0], one, x, y)
    candidates = np.flatnonzero(np.minimum(np.minimum(of_b, of_c), 1 - of_b - of_c) >= ON_THE_EDGE)
    heights = evenly(near_a, near_b - near_a, near_c - near_a, *(values[candidates] for values in (one, of_b, of_c)))
    candidates = candidates[np.argsort(heights, kind="stable")]
    one, of_b, of_c, x, y = (values[candidates] for values in (one, of_b, of_c, x, y))
    front = np.full(shape[0] * shape[1], -1, dtype=np.int32)
    # Where there are several, the last stays, which is the nearest.
    front[(y + low[one, 1]) * shape[1] + x + low[one, 0]] = np.arange(one.size)
    pixels = np.flatnonzero(front >= 0)
    seen = front[pixels]
    return triangles[one[seen]], np.column_stack([1 - of_b[seen] - of_c[seen], of_b[seen], of_c[seen]]), pixels


def cross(u, v):
    """The cross product of vectors of a plane, shape (n, 2) each: shape (n,)."""
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]


def evenly(start, across, up, one, x, y):
    """What has some value at a corner of each triangle and grows evenly, at points x and y of the triangles `one`."""
    start, across, up = (values.astype(np.float32) for values in (start, across, up))
    return start[one] + across[one] * x + up[one] * y


def facing(mesh, towards):
    """How much the triangles at each vertex face a direction, from 0 to 1; which side of them does is all the same."""
    a, b, c = corners_of(mesh.vertices, mesh.triangles)
    normals = np.cross(b - a, c - a)
    n, at = len(mesh.vertices), mesh.triangles.ravel()
    sizes = np.bincount(at, np.repeat(np.linalg.norm(normals, axis=1), 3), n)
    turned = np.bincount(at, np.repeat(np.abs(normals @ np.array(towards)), 3), n)
    return np.divide(turned, sizes, out=np.zeros(n), where=sizes > 0)
