"""Kernels that join neighbouring voxels into components, compiled to machine code.

Voxels are cells of a grid that has an empty border, so that a neighbour is a cell at a fixed offset and is always in
the grid. A cell holds the number of a node, 0 if its voxel is not in play; a node points to its parent, and a node
that is its own parent stands for a whole component. Since a voxel takes the node of a component that it touches, there
are few nodes, and they stay in the processor's nearest cache.
"""

from typing import NamedTuple

import numpy as np

from secondlevel.base.compiling import compiled, inner


@inner
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


class Forest(NamedTuple):
    """What is known of components, each at the node that stands for it; of other nodes only the parent counts.

    Attributes
    ----------
    parent : ndarray of uint32, shape (n_nodes + 1,)
        That of 0, which is no node, is 0.
    extent : ndarray of int32, shape (n_nodes + 1,)
        Voxels.
    best, reached : ndarray of float64, shape (n_nodes + 1,)
        The largest integral of any of its voxels, and the level down to which that is taken.
    """

    parent: np.ndarray
    extent: np.ndarray
    best: np.ndarray
    reached: np.ndarray


@inner
def lowered(forest, weights, node, level):
    """Take a component's largest integral down to a level."""
    forest.best[node] += weights[forest.extent[node]] * (forest.reached[node] - level)
    forest.reached[node] = level


@inner
def joined(forest, one, other):
    """Join two components, the smaller to the larger, whose node is returned; the larger integral is carried on."""
    small, large = (other, one) if forest.extent[other] < forest.extent[one] else (one, other)
    forest.parent[small] = large
    forest.extent[large] += forest.extent[small]
    forest.best[large] = max(forest.best[large], forest.best[small])
    return large


@inner
def met(forest, weights, nodes, cell, offsets, level):
    """Join all components that hold a neighbour of a cell, at a level; returns their node."""
    mine, last = 0, 0
    for offset in offsets:
        other = nodes[cell + offset]
        if other == 0 or other == last:
            continue
        last = other
        other = top_of(forest.parent, other)
        if other != mine:
            lowered(forest, weights, other, level)
            mine = other if mine == 0 else joined(forest, mine, other)
    return mine


@compiled
def largest_enhancement(positions, levels, weights, offsets, n_cells):
    """The largest threshold-free cluster enhancement over a map's voxels; 0 if no voxel is above 0.

    From the highest voxel down, a component carries the largest integral, so far, of any of its voxels. While it keeps
    its size, all its voxels gain the same, so that the largest stays the largest. No second pass is needed, and in
    which order equal voxels come does not matter, since nothing is gained between them.

    Nearly all voxels touch one component only. That is seen without looking at one neighbour after the other, where the
    processor would often guess wrongly what comes: the largest and the smallest parent of their nodes are the same.

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
    nodes, n_nodes, largest, size = np.zeros(n_cells, np.uint32), 0, 0.0, positions.size + 1
    forest = Forest(np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(size), np.empty(size))
    forest.parent[0] = 0
    for voxel in range(positions.size):
        cell, level, most, least = positions[voxel], levels[voxel], np.uint32(0), np.uint32(2**32 - 1)
        for offset in offsets:
            node = forest.parent[nodes[np.uint32(cell + offset)]]
            most, least = max(most, node), min(least, np.uint32(node - 1))  # 0 becomes the largest number
        mine = np.int64(most)
        if most == 0:
            n_nodes += 1
            mine = n_nodes
            forest.parent[mine], forest.extent[mine], forest.best[mine], forest.reached[mine] = mine, 0, 0.0, level
        elif least + 1 == most and forest.parent[most] == most:
            lowered(forest, weights, mine, level)
        else:
            mine = met(forest, weights, nodes, cell, offsets, level)
        forest.extent[mine] += 1
        nodes[cell] = mine
    for node in range(1, n_nodes + 1):
        if forest.parent[node] == node:
            lowered(forest, weights, node, 0.0)
            largest = max(largest, forest.best[node])
    return largest
