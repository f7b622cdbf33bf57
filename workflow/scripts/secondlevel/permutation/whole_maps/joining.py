"""Kernels that join neighbouring elements of a graph into components, compiled to machine code.

From the highest element down, each one that comes into play joins the components that it touches, and stands for all of
them from then on. So the elements make a tree, in which each one's parent is that which joined its component to others.
"""

import numpy as np

from secondlevel.permutation.whole_maps.unionfind import compiled, top_of


@compiled
def tree_of(elements, looks, looked, marks, marked, n_cells, measures):
    """Let elements come into play one after the other.

    Parameters
    ----------
    elements : ndarray of int32, shape (n,)
        From the highest to the lowest.
    looks, looked, marks, marked : ndarray of int32
        Of a `space.graph.Graph`: where the cells of each element begin, and the cells.
    n_cells : int
    measures : ndarray of float64, shape (n_elements,)

    Returns
    -------
    parents : ndarray of int32, shape (n,)
        For each element in the order given, which one has joined it to others, by its place in that order; itself if
        none.
    tops : ndarray of int32, shape (n,)
        The last element of its component, likewise.
    extents : ndarray of float64, shape (n,)
        The measures of the component that an element stands for when it comes into play, added up.
    """
    n = elements.size
    cells, parents, tops = np.full(n_cells, -1, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    extents = np.empty(n)
    for place in range(n):
        element = elements[place]
        parents[place], tops[place], extents[place] = place, place, measures[element]
        for cell in looked[looks[element] : looks[element + 1]]:
            if cells[cell] >= 0:
                other = top_of(tops, cells[cell])
                if other != place:
                    parents[other], tops[other] = place, place
                    extents[place] += extents[other]
        for cell in marked[marks[element] : marks[element + 1]]:
            cells[cell] = place
    for place in range(n):
        tops[place] = top_of(tops, place)
    return parents, tops, extents


def components_of(graph, elements):
    """The component of some elements of a graph, numbered as its last element is in their order.

    Parameters
    ----------
    graph : space.graph.Graph
    elements : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of int, shape (n,)
    """
    return tree_of(elements.astype(np.int32), *graph.arrays)[1]


@compiled
def enhanced(parents, extents, levels, power):
    """The threshold-free cluster enhancement of elements, from their tree.

    From the lowest one up, so that all that is added is positive and nothing is lost by rounding.

    Parameters
    ----------
    parents, extents
        As `tree_of` gives them.
    levels : ndarray of float64, shape (n,)
        The integral of the height's factor from 0 to the height of each element.
    power : float
        That of the extent.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    gained = np.empty(parents.size)
    for place in range(parents.size - 1, -1, -1):
        parent, factor = parents[place], extents[place] ** power
        if parent == place:
            gained[place] = factor * levels[place]
        else:
            gained[place] = gained[parent] + factor * (levels[place] - levels[parent])
    return gained


@compiled
def factor(extent, power):
    """An extent to a power; those that are usual need no logarithm."""
    return extent if power == 1 else np.sqrt(extent) if power == 0.5 else extent**power


@compiled
def largest_gain(elements, levels, looks, looked, marks, marked, n_cells, measures, power):
    """The largest threshold-free cluster enhancement of some elements of a graph; 0 of none.

    As `unionfind.largest_enhancement`: from the highest element down, a component carries the largest integral, so far,
    of any of its elements.

    Parameters
    ----------
    elements, looks, looked, marks, marked, n_cells, measures
        As for `tree_of`.
    levels, power
        As for `enhanced`.
    """
    nodes, n_nodes, size = np.zeros(n_cells, np.int32), 0, elements.size + 1
    parent, extent, best, reached = np.zeros(size, np.int32), np.empty(size), np.empty(size), np.empty(size)
    for place in range(elements.size):
        element, level, mine, last = elements[place], levels[place], 0, 0
        for cell in looked[looks[element] : looks[element + 1]]:
            other = nodes[cell]
            if other == 0 or other == last:
                continue
            last = other
            other = top_of(parent, other)
            if other == mine:
                continue
            best[other] += factor(extent[other], power) * (reached[other] - level)
            reached[other] = level
            if mine == 0:
                mine = other
            else:
                small, mine = (other, mine) if extent[other] < extent[mine] else (mine, other)
                parent[small] = mine
                extent[mine] += extent[small]
                best[mine] = max(best[mine], best[small])
        if mine == 0:
            mine = n_nodes = n_nodes + 1
            parent[mine], extent[mine], best[mine], reached[mine] = mine, 0.0, 0.0, level
        extent[mine] += measures[element]
        for cell in marked[marks[element] : marks[element + 1]]:
            nodes[cell] = mine
    largest = 0.0
    for node in range(1, n_nodes + 1):
        if parent[node] == node:
            largest = max(largest, best[node] + factor(extent[node], power) * reached[node])
    return largest
