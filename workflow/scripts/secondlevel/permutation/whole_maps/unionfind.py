"""Kernels that join neighbouring voxels into components, compiled to machine code.

Voxels are cells of a grid that has an empty border, so that a neighbour is a cell at a fixed offset and is always in
the grid. A cell holds the number of a node, 0 if its voxel is not in play; a node points to its parent, and a node
that is its own parent stands for a whole component. Since a voxel takes the node of a component that it touches, there
are few nodes, and they stay in the processor's nearest cache.
"""

import numpy as np
from numba import njit


def compiled(function):
    """A function as machine code, which is kept for the next job where some folder can be written."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # neither beside this file nor at home
        return njit(nogil=True)(function)


@compiled
def top_of(parent, node):
    """The node that stands for a node's component; the way there is shortened for the next time."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled
def components(positions, offsets, n_cells):
    """The component of each voxel, numbered from 0 but not without gaps; all voxels given are in play.

    Parameters
    ----------
    positions : ndarray of int32, shape (n,)
        The voxels' cells.
    offsets : ndarray of int32
        From a cell to its neighbours.
    n_cells : int

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    nodes = np.zeros(n_cells, np.int32)
    parent = np.zeros(positions.size + 1, np.int32)
    n_nodes = 0
    for cell in positions:
        mine = 0
        for offset in offsets:
            other = nodes[cell + offset]
            if other == 0:
                continue
            other = top_of(parent, other)
            if mine == 0:
                mine = other
            parent[other] = mine
        if mine == 0:
            n_nodes += 1
            mine = n_nodes
            parent[mine] = mine
        nodes[cell] = mine
    found = np.empty(positions.size, np.int32)
    for voxel, cell in enumerate(positions):
        found[voxel] = top_of(parent, nodes[cell]) - 1
    return found


@compiled
def joined(parent, extent, best, one, other):
    """Join two components, the smaller to the larger, whose node is returned; the larger integral is carried on."""
    small, large = (other, one) if extent[other] < extent[one] else (one, other)
    parent[small] = large
    extent[large] += extent[small]
    best[large] = max(best[large], best[small])
    return large


@compiled
def largest_enhancement(positions, levels, weights, offsets, n_cells):
    """The largest threshold-free cluster enhancement over a map's voxels; 0 if no voxel is above 0.

    From the highest voxel down, a component carries the largest integral, so far, of any of its voxels. While it keeps
    its size, all its voxels gain the same, so that the largest stays the largest. No second pass is needed.

    Parameters
    ----------
    positions : ndarray of int32, shape (n,)
        Cells of the voxels above 0, from the highest to the lowest.
    levels : ndarray of float64, shape (n,)
        The integral of the height's factor from 0 to the voxel's height.
    weights : ndarray of float64
        The factor of an extent, at its number of voxels.
    offsets, n_cells
        As for `components`.
    """
    nodes, n_nodes, largest = np.zeros(n_cells, np.int32), 0, 0.0
    parent, extent = np.empty(positions.size + 1, np.int32), np.empty(positions.size + 1, np.int32)
    best, reached = np.empty(positions.size + 1), np.empty(positions.size + 1)  # down to which level `best` is
    for voxel in range(positions.size):
        cell, level, mine, last = positions[voxel], levels[voxel], 0, 0
        for offset in offsets:
            other = nodes[cell + offset]
            if other == 0 or other == last:
                continue
            last = other
            other = top_of(parent, other)
            if other != mine:
                best[other] += weights[extent[other]] * (reached[other] - level)
                reached[other] = level
                mine = other if mine == 0 else joined(parent, extent, best, mine, other)
        if mine == 0:
            n_nodes += 1
            mine = n_nodes
            parent[mine], extent[mine], reached[mine], best[mine] = mine, 0, level, 0.0
        extent[mine] += 1
        nodes[cell] = mine
    for node in range(1, n_nodes + 1):
        if parent[node] == node:
            largest = max(largest, best[node] + weights[extent[node]] * reached[node])
    return largest
