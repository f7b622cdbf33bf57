"""Triangle meshes: areas, neighbours, and smoothing by diffusion along the surface."""

import numpy as np
from scipy import sparse

from secondlevel.base.errors import InputError
from secondlevel.space.forms import part_in_words


def corners_of(vertices, triangles):
    """The places of the three corners of each triangle, three arrays of shape (n_triangles, 3)."""
    return (vertices[triangles[:, corner]] for corner in range(3))


def vertex_areas(vertices, triangles):
    """A third of the area of the triangles at each vertex.

    Parameters
    ----------
    vertices : ndarray of float, shape (n_vertices, 3)
        In mm.
    triangles : ndarray of int, shape (n_triangles, 3)

    Returns
    -------
    ndarray, shape (n_vertices,)
        In mm²; their sum is the area of the mesh.
    """
    a, b, c = corners_of(vertices, triangles)
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    return np.bincount(triangles.ravel(), np.repeat(areas / 3, 3), len(vertices))


def adjacency(triangles, n_vertices):
    """Which vertices share an edge of a triangle, a symmetric sparse matrix of bool, shape (n_vertices, n_vertices)."""
    one, other = triangles[:, [0, 1, 2]].ravel(), triangles[:, [1, 2, 0]].ravel()
    pairs = sparse.csr_matrix((np.ones(one.size, dtype=bool), (one, other)), (n_vertices, n_vertices))
    return (pairs + pairs.T).tocsr()


def laplacian(vertices, triangles):
    """The cotangent Laplacian of a mesh (Pinkall and Polthier 1993, Experimental Mathematics 2), positive semidefinite.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_vertices, n_vertices)
        Its rows add up to 0. For two neighbours it has minus half the sum of the cotangents of the angles that face
        their edge.
    """
    n, places = len(vertices), list(corners_of(vertices, triangles))
    half = sparse.csr_matrix((n, n))
    for apex in range(3):
        left, right = (apex + 1) % 3, (apex + 2) % 3
        u, v = places[left] - places[apex], places[right] - places[apex]
        # A triangle without an area has no angles, and conducts nothing.
        across = np.linalg.norm(np.cross(u, v), axis=1)
        cotangent = np.divide((u * v).sum(axis=1), across, out=np.zeros(len(u)), where=across > 0)
        half = half + sparse.csr_matrix((cotangent / 2, (triangles[:, left], triangles[:, right])), (n, n))
    weights = half + half.T
    return (sparse.diags(np.asarray(weights.sum(axis=1)).ravel()) - weights).tocsr()


def diffusion_time(fwhm):
    """For how long heat must spread, in mm², to have a full width at half maximum in mm."""
    return fwhm**2 / (16 * np.log(2))


def spreading(vertices, triangles):
    """How fast heat flows between vertices, the matrix that turns temperatures into minus their change in time.

    Returns
    -------
    scipy.sparse matrix, shape (n_vertices, n_vertices)
        The cotangent Laplacian divided by the area of each vertex; in mm^-2. Nothing flows to a vertex in no triangle.
    """
    mass = vertex_areas(vertices, triangles)
    return sparse.diags(np.divide(1, mass, out=np.zeros(mass.size), where=mass > 0)) @ laplacian(vertices, triangles)


def flow_among(vertices, triangles, chosen):
    """How heat flows among some vertices of a mesh: along triangles with all corners there."""
    numbers = np.full(len(vertices), -1)
    numbers[chosen] = np.arange(chosen.size)
    triangles = numbers[triangles]
    return spreading(vertices[chosen], triangles[(triangles >= 0).all(axis=1)])


def spread(values, flow, fwhm):
    """Let values spread as `spreading` tells, see `smooth`."""
    from scipy.sparse.linalg import expm_multiply  # here, since its import takes long

    return expm_multiply(-diffusion_time(fwhm) * flow, values) if fwhm else values


def require_width(meshes, fwhm):
    """An `InputError` if a width in mm is larger than one of some meshes, (vertices, triangles) by name, is across."""
    for part, (vertices, _) in meshes.items():
        across = float(np.linalg.norm(np.ptp(vertices, axis=0)))
        if fwhm > across:
            raise InputError(
                f"smoothing_fwhm is {fwhm:g} mm, and the {part_in_words(part)} is {across:.3g} mm across; write less, "
                "or name a surface whose coordinates are in mm."
            )


def smooth(values, vertices, triangles, fwhm):
    """Let values spread along a mesh as heat does, which on a plane is smoothing with a Gaussian.

    Parameters
    ----------
    values : ndarray of float, shape (n_vertices,) or (n_vertices, n_maps)
    vertices, triangles
        As for `vertex_areas`; a vertex in no triangle keeps its value.
    fwhm : float
        Full width at half maximum in mm; 0 does not smooth.

    Returns
    -------
    ndarray, of the shape of `values`
        Its sum weighted by the vertices' areas is that of `values`, and a constant stays one.
    """
    return spread(values, spreading(vertices, triangles), fwhm)
