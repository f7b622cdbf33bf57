"""Blocks within blocks as a tree: a root, a node for each block, and the rows of the design as leaves.

Which units may take each other's place follows from the tree alone (Winkler et al. 2015, NeuroImage 123): children of
a free node, if they are of one shape. Units of one shape match child by child, so that a unit that moves takes all
that is below it along.
"""

from dataclasses import dataclass
from itertools import groupby

import numpy as np

WHOLE, WITHIN, BOTH = "whole", "within", "both"


@dataclass(frozen=True)
class Level:
    """One level of blocks.

    Attributes
    ----------
    variable : str or None
        The name of what tells the blocks, for messages.
    labels : ndarray of int, shape (n_subjects,)
        The block of each subject, numbered from 0; blocks of one name in two blocks of an outer level are two.
    shuffle : {"within", "whole", "both"}
        Whether the blocks stay where they are, or blocks of one shape may take each other's place. At the innermost
        level also whether the rows of a block may: with "within" and "both".
    """

    variable: str | None
    labels: np.ndarray
    shuffle: str

    @property
    def moves(self):
        """Whether its blocks may change places."""
        return self.shuffle != WITHIN

    @property
    def number(self):
        """How many blocks there are."""
        return int(self.labels.max()) + 1


@dataclass(frozen=True)
class Node:
    """A row, a block, or the root.

    Attributes
    ----------
    rows : tuple of int
        All that is below, in the order in which it matches that of others of its shape.
    shape : tuple
        The shapes of its children, sorted; of a row ().
    children : tuple of Node
        In the order of their shapes, wherever it matters.
    free : bool
        Whether its children may change places, if they are of one shape.
    """

    rows: tuple
    shape: tuple = ()
    children: tuple = ()
    free: bool = False

    @property
    def alike(self):
        """Its children that may take each other's place, a list for each shape; none if it is not free."""
        if self.free:
            for _, nodes in groupby(self.children, key=lambda child: child.shape):
                yield list(nodes)

    def walk(self, depth=0):
        """All nodes below with their depth, what is inside a node before the node itself."""
        for child in self.children:
            yield from child.walk(depth + 1)
        yield depth, self


def grown(levels, order):
    """The tree of some levels.

    Parameters
    ----------
    levels : sequence of Level
        From the outermost in.
    order : ndarray of int, shape (n_subjects,)
        All rows; those of a block come in this order.

    Returns
    -------
    Node
        The root.
    """
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    return node_of(np.asarray(order), levels, place, WITHIN if levels else BOTH, False)


def node_of(rows, levels, place, around, moved):
    """The node of some rows: `around` is how its own level shuffles, `moved` whether something takes it along."""
    if not levels:
        # Leaves need no order of their own: they are in that of the rows.
        children = tuple(Node((int(row),)) for row in rows)
        return Node(tuple(map(int, rows)), ((),) * len(rows), children, around != WHOLE)
    level, free = levels[0], levels[0].moves
    labels = level.labels[rows]
    children = [
        node_of(rows[labels == label], levels[1:], place, level.shuffle, moved or free) for label in np.unique(labels)
    ]
    if free:
        children.sort(key=lambda child: child.shape)
    elif moved:
        children.sort(key=lambda child: (child.shape, min(place[list(child.rows)])))
    shape = tuple(sorted(child.shape for child in children))
    return Node(tuple(row for child in children for row in child.rows), shape, tuple(children), free)


def kind_of(node, row_kinds):
    """What two nodes of a shape share if no shuffle below them tells their rows of the design apart.

    Sorted where children are free, in order where they are not.
    """
    if not node.children:
        return int(row_kinds[node.rows[0]])
    kinds = [kind_of(child, row_kinds) for child in node.children]
    if not node.free:
        return tuple(kinds)
    kept, start = [], 0
    for nodes in node.alike:
        kept += sorted(kinds[start : start + len(nodes)])
        start += len(nodes)
    return tuple(kept)
