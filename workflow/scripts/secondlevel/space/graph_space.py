"""What all spaces have in common whose elements are those of a graph: vertices, grayordinates, edges of a network."""

from functools import cached_property

import numpy as np
from scipy import sparse


def matrix(cells, n_cells):
    """The cells of each element, from `graph.Graph.looks` or `marks`, as a sparse matrix of ones."""
    begins, which = cells
    return sparse.csr_matrix((np.ones(which.size, np.int32), which, begins), (begins.size - 1, n_cells))


class GraphSpace:
    """Clusters and peaks of the elements of a graph, which a space has as `graph`; see `protocol.Space`."""

    brain, frame_names = False, None

    @cached_property
    def size(self):
        """Number of elements."""
        return int(self.inside.sum())

    @cached_property
    def elements(self):
        """Where each column lies in the frame, shape (n_elements,)."""
        return np.flatnonzero(self.inside)

    def full(self, values, outside=0):
        """Put values of shape (n_elements,) back into an array of the shape of a map."""
        whole = np.full(self.inside.shape, outside, dtype=np.asarray(values).dtype)
        whole[self.inside] = values
        return whole

    def neighbourhood(self, connectivity):
        """The graph, whatever the connectivity of voxels is."""
        return self.graph

    @cached_property
    def cells(self):
        """What each element looks at, and what it marks, as sparse matrices."""
        return matrix(self.graph.looks, self.graph.n_cells), matrix(self.graph.marks, self.graph.n_cells)

    def components(self, chosen, connectivity):
        """Number the components of some elements from 1, shape (n_elements,), and how many there are."""
        from scipy.sparse.csgraph import connected_components  # here, since few jobs need it and its import takes long

        found, elements = np.zeros(self.size, dtype=int), np.flatnonzero(chosen)
        if not elements.size:
            return found, 0
        looks, marks = (cells[elements] for cells in self.cells)
        # Elements and cells as nodes of one graph: an element is joined to the cells that it marks, and to those that
        # it looks at if another one has marked them.
        marked = sparse.diags(np.asarray(marks.sum(axis=0)).ravel() > 0, dtype=np.int32)
        touched = marks + looks @ marked
        whole = sparse.bmat([[None, touched], [touched.T, None]])
        component = connected_components(whole, directed=False)[1][: elements.size]
        names, found[elements] = np.unique(component, return_inverse=True)
        found[elements] += 1
        return found, names.size

    def summits(self, heights, labels, elements):
        """Whether each of some elements is at least as high as all neighbours with its label."""
        looks, marks = self.cells
        n_labels = labels.max(initial=0) + 1
        marked = marks[elements].tocoo()
        seen = looks[elements].tocoo()
        # The highest of each label at each cell.
        keys = marked.col.astype(np.int64) * n_labels + labels[elements][marked.row]
        names, place = np.unique(keys, return_inverse=True)
        highest = np.zeros(names.size)
        np.maximum.at(highest, place, heights[elements][marked.row])
        wanted = seen.col.astype(np.int64) * n_labels + labels[elements][seen.row]
        where = np.minimum(np.searchsorted(names, wanted), names.size - 1)
        beside = np.where(names[where] == wanted, highest[where], 0)
        around = np.zeros(elements.size)
        np.maximum.at(around, seen.row, beside)
        return heights[elements] >= around
