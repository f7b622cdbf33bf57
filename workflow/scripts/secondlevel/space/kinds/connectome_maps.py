"""Connectomes as they are read: a square table for each subject, or a table of its edges."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.files import file_identity
from secondlevel.space.kinds.connectome import Connectome
from secondlevel.space.kinds.named import groups_of, unlike
from secondlevel.space.nodes import Nodes, read_nodes
from secondlevel.space.protocol import Reading
from secondlevel.space.reference import space_of_names
from secondlevel.space.relmat import holds_edges, read_edges, read_relmat
from secondlevel.space.units import EDGES


class Connectomes:
    """Connectomes, see `protocol.Kind`; a frame has the names of the nodes.

    Parameters
    ----------
    about : dict
        From `forms.wanted`; with ``nodes``, the path of a table of them.
    """

    unit, frame, frames = EDGES, "set of nodes", "sets of nodes"
    remedy, advice = "Give every matrix the same nodes in the same order", "give all the same nodes"

    def __init__(self, about):
        self.about = about
        self.nodes = read_nodes(about["nodes"]) if "nodes" in about else None

    def read(self, source):
        """All of a map."""
        names, values = self.matrix(source)
        return Reading(tuple(names), values)

    def matrix(self, path):
        """The nodes and the values of the edges of a table."""
        return (read_edges if holds_edges(path) else read_relmat)(path, self.nodes and self.nodes.names)

    glance = read
    identity = staticmethod(file_identity)

    def alike(self, frames):
        """Which frames are the same."""
        return groups_of(frames)

    def unlike(self, frame, other):
        """How a frame is not that of others, in words."""
        return unlike(frame, other, "nodes")

    def describe(self, frame):
        """A frame in words."""
        return f"{len(frame):,} nodes and {EDGES.counted(len(frame) * (len(frame) - 1) // 2)}"

    def frame_of(self, source):
        """The nodes of one of the maps."""
        return self.read(source).frame

    def proposed(self, mask, common, frame):
        """The edges that are asked for."""
        if mask == "background":
            return np.ones(len(frame) * (len(frame) - 1) // 2, dtype=bool), "all edges of the matrices"
        return self.given(mask, frame), mask

    def given(self, mask, frame):
        """The edges that are not 0 in a mask; an `InputError` if it is of other nodes."""
        names, values = self.matrix(mask)
        if frame is not None and tuple(names) != tuple(frame):
            raise InputError(f"The mask {mask} {unlike(tuple(names), frame, 'nodes')} of the maps; give it theirs.")
        return np.nan_to_num(values) != 0

    def require_mask(self, mask, frame):
        """An `InputError` if a mask cannot be read, or is of other nodes than a frame, unless that is None."""
        self.given(mask, frame)

    def space(self, inside, frame, sources, label):
        """The `Connectome` of the edges to analyse, and words of warning."""
        return Connectome(inside, self.nodes or Nodes(list(frame)), label or space_of_names(sources)), []
