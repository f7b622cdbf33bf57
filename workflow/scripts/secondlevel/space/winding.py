"""Which way round the corners of triangles are named, by which graphics cards tell the two sides of a surface."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components


def outward(vertices, triangles):
    """Name the corners of all triangles counterclockwise, as seen from outside of what they enclose.

    Parameters
    ----------
    vertices : ndarray of float, shape (n_vertices, 3)
    triangles : ndarray of int, shape (n_triangles, 3)

    Returns
    -------
    ndarray of int, shape (n_triangles, 3)
        The same triangles; each part of the mesh that hangs together is turned as a whole, if that is enough.
    """
    part, turns = turned(triangles)
    a, b, c = (vertices[triangles[:, corner]] - vertices.mean(axis=0) for corner in range(3))
    volume = np.bincount(part, turns * (np.cross(a, b) * c).sum(axis=1))
    flip = turns * np.where(volume < 0, -1, 1)[part] < 0
    return np.where(flip[:, None], triangles[:, ::-1], triangles)


def turned(triangles):
    """The part of the mesh that each triangle is in, and whether it is to be turned for all of that to be alike.

    Returns
    -------
    part, turns : ndarray of int, shape (n_triangles,)
        Numbers from 0; 1, or -1 for those that are to be turned.
    """
    n, one, other, alike = len(triangles), *neighbours(triangles)
    joined = sparse.csr_matrix((np.ones(one.size), (one, other)), (n, n))
    n_parts, part = connected_components(joined, directed=False)
    turns = np.ones(n, dtype=int)
    if not alike.all():
        signs = sparse.csr_matrix((np.where(alike, 1, -1), (one, other)), (n, n))
        signs = signs + signs.T
        for first in np.unique(part, return_index=True)[1]:
            order, before = breadth_first_order(joined, first, directed=False)
            relative = np.asarray(signs[order[1:], before[order[1:]]]).ravel()
            for triangle, sign in zip(order[1:], relative, strict=True):
                turns[triangle] = sign * turns[before[triangle]]
    return part, turns


def neighbours(triangles):
    """Pairs of triangles that share an edge, and whether they are named the same way round, as they run it in two ways.

    Returns
    -------
    one, other : ndarray of int, shape (n_pairs,)
    alike : ndarray of bool, shape (n_pairs,)
    """
    start, end = triangles.ravel().astype(np.int64), triangles[:, [1, 2, 0]].ravel().astype(np.int64)
    edge = np.minimum(start, end) * (int(triangles.max(initial=0)) + 1) + np.maximum(start, end)
    order = np.argsort(edge, kind="stable")
    same = np.flatnonzero(np.diff(edge[order]) == 0)
    first, second = order[same], order[same + 1]
    return first // 3, second // 3, start[first] != start[second]
