"""The surfaces that maps lie on: by name or from files, and whether they can be surfaces."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse.csgraph import connected_components

from secondlevel.base.errors import InputError
from secondlevel.base.names import counted
from secondlevel.base.packages import in_package
from secondlevel.space.freesurfer import read_mesh as read_freesurfer
from secondlevel.space.gifti import read_mesh, read_values
from secondlevel.space.hemispheres import IN_NAME, require_side
from secondlevel.space.mesh import adjacency, vertex_areas

BUILT_IN = ("fsaverage5",)
# The vertices of a hemisphere by which a mesh is known.
DENSITIES = {642: "fsaverage3", 2562: "fsaverage4", 10242: "fsaverage5", 40962: "fsaverage6", 163842: "fsaverage"}
DENSITIES |= {4002: "fsLR-4k", 7842: "fsLR-8k", 32492: "fsLR-32k", 59292: "fsLR-59k"}
CORTEX_ONLY = {29696: "fsLR-32k", 29716: "fsLR-32k"}


@dataclass(frozen=True)
class Mesh:
    """A surface of triangles.

    Attributes
    ----------
    path : str
        The file, or the name of a surface that is built in.
    vertices : ndarray of float64, shape (n_vertices, 3)
        In mm.
    triangles : ndarray of int32, shape (n_triangles, 3)
    structure : str or None
        What it says that it is, such as ``CortexLeft``.
    """

    path: str
    vertices: np.ndarray
    triangles: np.ndarray
    structure: str | None = None

    @property
    def size(self):
        """Number of vertices."""
        return len(self.vertices)

    @cached_property
    def used(self):
        """Which vertices are corners of triangles, bool of shape (n_vertices,); others are on no surface."""
        used = np.zeros(self.size, dtype=bool)
        used[self.triangles] = True
        return used

    @cached_property
    def areas(self):
        """The area of each vertex in mm², float64 of shape (n_vertices,)."""
        return vertex_areas(self.vertices, self.triangles)

    @cached_property
    def neighbours(self):
        """Which vertices share an edge, a symmetric sparse matrix of bool, shape (n_vertices, n_vertices)."""
        return adjacency(self.triangles, self.size)


def mesh_of(given, part):
    """The surface on which the maps of a part of the brain lie: for areas, neighbours and smoothing.

    Parameters
    ----------
    given : str or Path
        ``fsaverage5``, of which it is the midthickness, halfway between white and pial; a ``.surf.gii`` file; or a
        surface of FreeSurfer, such as ``lh.white``.
    part : str
        ``left``, ``right``, or any other name of a part that comes from a file.

    Returns
    -------
    Mesh

    Raises
    ------
    InputError
        If it cannot be read, is not of that side, or cannot be a surface.
    """
    given = str(given)
    if given in BUILT_IN:
        (white, triangles), (pial, _) = (built_in(given, name, part) for name in ("white", "pial"))
        return checked(given, (white + pial) / 2, triangles, f"Cortex{part.title()}")
    is_gifti = given.lower().endswith((".gii", ".gii.gz"))
    vertices, triangles, structure = read_mesh(given) if is_gifti else (*read_freesurfer(given), None)
    require_side(given, part, structure)
    return checked(given, vertices, triangles, structure)


def built_in(name, surface, part):
    """Vertices and triangles of a surface that is built in; its name is that of nilearn's files."""
    if part not in IN_NAME:
        raise InputError(f"The surface {name} has a left and a right hemisphere, and no part '{part}'; name a file.")
    return read_mesh(in_package("nilearn", f"datasets/data/{name}/{surface}_{part}.gii.gz"))[:2]


def drawn(mesh, part):
    """How a surface is drawn.

    Returns
    -------
    vertices : ndarray of float64, shape (n_vertices, 3)
        Of one that is built in those of the inflated surface, else its own.
    depth : ndarray of float32, shape (n_vertices,), or None
        How deep in a sulcus each vertex lies, if that is known: above 0 in sulci, below on gyri.
    """
    if mesh.path not in BUILT_IN:
        return mesh.vertices, None
    sulci = in_package("nilearn", f"datasets/data/{mesh.path}/sulc_{part}.gii.gz")
    return built_in(mesh.path, "infl", part)[0], read_values(sulci)[0]


def checked(path, vertices, triangles, structure):
    """A `Mesh`, or an `InputError` that says why there cannot be such a surface."""
    n = len(vertices)
    missing = ~np.isfinite(vertices).all(axis=1)
    outside = (triangles < 0) | (triangles >= n)
    corners = np.sort(triangles, axis=1)
    folded = (corners[:, 1:] == corners[:, :-1]).any(axis=1)
    if missing.any():
        why = f"vertex {np.argmax(missing)} and {missing.sum() - 1:,} others have coordinates that are no numbers"
    elif not len(triangles):
        why = "it has no triangles"
    elif outside.any():
        why = (
            f"a triangle has the corner {triangles[outside][0]}, and its {n:,} vertices are numbered from 0 to {n - 1}"
        )
    elif folded.any():
        why = f"triangle {np.argmax(folded)} has a corner twice"
    elif not vertex_areas(vertices, triangles).any():
        why = "its triangles have no area"
    elif len(np.unique(corners, axis=0)) < len(corners):
        why = (
            f"it has {len(corners) - len(np.unique(corners, axis=0)):,} triangles twice, and their areas would be, too"
        )
    else:
        return Mesh(path, vertices, triangles.astype(np.int32), structure)
    raise InputError(f"The surface {path} is broken: {why}; make it anew.")


def notices(mesh):
    """Sentences on what of a surface is unusual, but no reason not to use it."""
    edges = np.sort(
        np.concatenate([mesh.triangles[:, [0, 1]], mesh.triangles[:, [1, 2]], mesh.triangles[:, [2, 0]]]), 1
    )
    _, times = np.unique(edges, axis=0, return_counts=True)
    unused, open_edges, crowded = (~mesh.used).sum(), (times == 1).sum(), (times > 2).sum()
    if unused:
        yield (
            f"The surface {mesh.path} has {unused:,} {'vertices' if unused > 1 else 'vertex'} in no triangle, which no "
            "analysis includes."
        )
    if open_edges:
        yield (
            f"The surface {mesh.path} is open: {counted('edge', open_edges)} of triangles lead to no other one, so "
            "that it has a border or holes, across which nothing is smoothed and no cluster grows."
        )
    if crowded:
        yield f"The surface {mesh.path} has {counted('edge', crowded)} in more than two triangles, where sheets meet."
    pieces = connected_components(mesh.neighbours[mesh.used][:, mesh.used], directed=False)[0]
    if pieces > 1:
        yield f"The surface {mesh.path} has {pieces:,} pieces that do not touch."


def require_fit(path, n_values, mesh):
    """An `InputError` if a map does not have as many values as its surface has vertices."""
    if n_values == mesh.size:
        return
    known = f", as {DENSITIES[n_values]} has" if n_values in DENSITIES else ""
    why = f"is its mesh another one{known}? Name the surface of that mesh, or resample the map"
    if n_values in CORTEX_ONLY:
        why = f"is it of {CORTEX_ONLY[n_values]} without the medial wall? Write it with all vertices"
    raise InputError(
        f"The map {path} has {n_values:,} values, and the surface {mesh.path} has {mesh.size:,} vertices; {why}."
    )
