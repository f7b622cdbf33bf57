"""Elements that are no voxels of a grid, and which of them are neighbours: vertices of a mesh, edges of a network.

Neighbours are found by what they touch. An element that comes into play marks some cells, and looks at some: it is the
neighbour of every element that has marked one of these. A vertex marks itself and looks at the vertices around it. An
edge between two nodes marks both and looks at both, so that edges meet in their nodes and the list of all pairs of
edges, which is long, is never made.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Graph:
    """Which elements are neighbours, and how much each one counts.

    Attributes
    ----------
    looks, marks : tuple of two ndarrays of int32
        The cells of each element one after the other, as a compressed sparse row matrix has them: where those of an
        element begin, shape (n_elements + 1,), and the cells.
    n_cells : int
    measures : ndarray of float64, shape (n_elements,)
        What an element adds to the extent of its component: an area in mm², or 1.
    """

    looks: tuple
    marks: tuple
    n_cells: int
    measures: np.ndarray

    @property
    def size(self):
        """Number of elements."""
        return self.measures.size

    @property
    def arrays(self):
        """What kernels take of it, in their order."""
        return *self.looks, *self.marks, self.n_cells, self.measures


def of_adjacency(adjacency, measures):
    """A graph of elements that are neighbours where a matrix is not 0.

    Parameters
    ----------
    adjacency : scipy.sparse matrix, shape (n_elements, n_elements)
        Symmetric.
    measures : ndarray, shape (n_elements,)
    """
    rows, own = adjacency.tocsr(), np.arange(adjacency.shape[0] + 1, dtype=np.int32)
    looks = rows.indptr.astype(np.int32), rows.indices.astype(np.int32)
    return Graph(looks, (own, own[:-1]), own.size - 1, np.asarray(measures, dtype=np.float64))


def of_edges(edges, n_nodes):
    """A graph whose elements are the edges of a network; those that share a node are neighbours.

    Parameters
    ----------
    edges : ndarray of int, shape (n_edges, 2)
        The nodes of each.
    n_nodes : int
    """
    edges = np.asarray(edges, dtype=np.int32)
    cells = np.arange(0, edges.size + 1, 2, dtype=np.int32), edges.ravel()
    return Graph(cells, cells, n_nodes, np.ones(len(edges)))
