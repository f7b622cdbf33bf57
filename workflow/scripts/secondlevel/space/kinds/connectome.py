"""Connectomes: the edges between nodes that are analysed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from secondlevel.base.columns import read_rows, write_rows
from secondlevel.base.files import read_json, write_json
from secondlevel.space.graph import of_edges
from secondlevel.space.graph_space import GraphSpace
from secondlevel.space.images import about_software, write_sidecar
from secondlevel.space.intents import UNSPECIFIED
from secondlevel.space.nodes import Nodes, read_nodes
from secondlevel.space.units import EDGES
from secondlevel.space.written_tables import edges_of, write_relmat


@dataclass(frozen=True, eq=False)
class Connectome(GraphSpace):
    """The edges of an analysis; see `protocol.Space`.

    Clusters of edges that share nodes are those of the network-based statistic (Zalesky et al. 2010, NeuroImage 53).

    Attributes
    ----------
    inside : ndarray of bool, shape (n_edges,)
        Of all pairs of nodes, the first node before the second, as `numpy.triu_indices` has them.
    nodes : space.nodes.Nodes
    label : str or None
    """

    inside: np.ndarray
    nodes: Nodes
    label: str | None = None

    unit = EDGES
    place_columns, size_columns = ("node_1", "node_2"), ("edges", "nodes")

    @classmethod
    def load(cls, files):
        """From a mask and a table of nodes, as `save` wrote them."""
        mask, nodes = files
        label = read_json(Path(mask).with_name("mask.json")).get("SpatialReference")
        return cls(values_of(mask) != 0, read_nodes(nodes), label)

    @property
    def names(self):
        """Those of the nodes."""
        return self.nodes.names

    @property
    def modules(self):
        """That of each node, or None."""
        return self.nodes.modules

    @cached_property
    def edges(self):
        """The numbers of the two nodes of each edge to analyse, shape (n_elements, 2)."""
        return edges_of(len(self.names))[self.inside]

    @cached_property
    def graph(self):
        """The edges to analyse, neighbours where they share a node."""
        return of_edges(self.edges, len(self.names))

    def place(self, element):
        """Its nodes."""
        return tuple(self.names[node] for node in self.edges[element])

    def distances(self, element, others):
        """Edges have no distance."""
        return np.full(np.shape(others), np.inf)

    def sizes(self, elements):
        """Their number, and that of their nodes."""
        return len(elements), np.unique(self.edges[elements]).size

    def smooth(self, values, fwhm):
        """Edges are not smoothed."""
        return values[self.inside]

    def read(self, files):
        """The values of a map, float64 of shape (n_elements,)."""
        return values_of(files)[self.inside]

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=UNSPECIFIED):
        """Write a map as a square table, see `protocol.Space`."""
        write_relmat(files, self.full(np.asarray(values, dtype=dtype), outside), self.names, outside)
        write_sidecar(files, about | {"OutsideMask": outside, "Edges": self.size}, self.label)

    def save(self, files, about):
        """Write the mask, the table of nodes, and a JSON file that says how they came about."""
        mask, nodes = files
        write_relmat(mask, self.inside.astype(np.int32), self.names)
        modules, places = self.nodes.modules, self.nodes.places
        rows = [{"name": name} for name in self.names]
        for number, row in enumerate(rows):
            row |= {"module": modules[number]} if modules else {}
            row |= dict(zip("xyz", places[number].tolist(), strict=True)) if places is not None else {}
        write_rows(nodes, rows, list(rows[0]))
        about = about | {"Description": "edges to analyse", "Type": "ROI", "Edges": self.size}
        write_json(Path(mask).with_name("mask.json"), about_software(about, self.label))


def values_of(path):
    """The values of all edges of a square table that `write` wrote, float64 of shape (n_edges,)."""
    rows = read_rows(path)
    matrix = np.array([[cell if cell != "n/a" else "nan" for cell in row.values()] for row in rows], dtype=np.float64)
    return matrix[np.triu_indices(len(rows), 1)]
