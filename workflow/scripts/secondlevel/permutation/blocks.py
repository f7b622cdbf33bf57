"""Exchangeability blocks: which subjects may take each other's place, or change sign, on their own or together.

Winkler et al. 2014 (NeuroImage 92), section "Restricted exchangeability"; blocks within blocks as in Winkler et al.
2015 (NeuroImage 123).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from secondlevel.base.levels import levels_of
from secondlevel.permutation.tree import WHOLE, WITHIN, Level, grown


@dataclass(frozen=True)
class Blocks:
    """A division of subjects.

    Attributes
    ----------
    n_subjects : int
    levels : tuple of tree.Level
        From the outermost in; none if every subject is exchangeable with every other.
    columns : tuple of str
        The columns of the table that put the subjects of a block in order, where it moves as a whole.
    order : ndarray of int, shape (n_subjects,), or None
        All subjects, those of each block in its own order; None if that is the table's.
    """

    n_subjects: int
    levels: tuple[Level, ...] = ()
    columns: tuple[str, ...] = ()
    order: np.ndarray | None = None

    @classmethod
    def none(cls, n_subjects):
        """No blocks: every subject is exchangeable with every other."""
        return cls(n_subjects)

    @classmethod
    def of_config(cls, blocks, sample):
        """From the config's ``permutation.blocks`` and the columns of the table of subjects."""
        levels = levels_of(blocks)
        named = [(sample[level["variable"]], level["shuffle"], level["variable"]) for level in levels]
        columns = next((tuple(level["order"]) for level in levels if "order" in level), ())
        return cls.nested(named, columns, len(sample["participant_id"]))

    @classmethod
    def of(cls, names, whole, variable=None, columns=()):
        """Blocks of the subjects with the same name, of one level."""
        return cls.nested([(names, WHOLE if whole else WITHIN, variable)], columns, len(names))

    @classmethod
    def nested(cls, levels, columns, n_subjects):
        """Blocks within blocks: for each level the names of the subjects' blocks, the shuffle, and the variable."""
        found, outer = [], np.zeros(n_subjects, dtype=int)
        for names, shuffle, variable in levels:
            labels = np.unique(np.asarray(names, dtype=str), return_inverse=True)[1]
            outer = np.unique(outer * (labels.max() + 1) + labels, return_inverse=True)[1]
            found.append(Level(variable, outer, shuffle))
        return cls(n_subjects, tuple(found), tuple(columns))

    def ordered(self, design, sample):
        """The same with the subjects of each block in an order that does not depend on the table's.

        That of the columns that are named, else of the design's rows, and of the IDs where these are equal.
        """
        if not self.whole:
            return self
        keys = [sample[name] for name in self.columns] or list(np.asarray(design, dtype=float).T)
        keys += [sample["participant_id"]]
        return replace(self, order=np.lexsort([np.unique(key, return_inverse=True)[1] for key in reversed(keys)]))

    @property
    def whole(self):
        """Whether blocks of some level move as wholes, and change sign together."""
        return any(level.moves for level in self.levels)

    @property
    def unit(self):
        """The level whose blocks have one sign each: the outermost whose blocks move, else the innermost, or None."""
        return next((level for level in self.levels if level.moves), self.levels[-1] if self.levels else None)

    @property
    def labels(self):
        """The block of that level of each subject, shape (n_subjects,); of none, all are in one."""
        return self.unit.labels if self.levels else np.zeros(self.n_subjects, dtype=int)

    @property
    def variable(self):
        """The name of what tells these blocks."""
        return self.unit.variable if self.levels else None

    @property
    def number(self):
        """How many of these blocks there are."""
        return self.unit.number if self.levels else 1

    @property
    def staying(self):
        """The level whose blocks no subject leaves: the innermost of those that stay, in others that stay; or None."""
        found = None
        for level in self.levels:
            if level.moves:
                break
            found = level
        return found if found is not None and found.number > 1 else None

    @cached_property
    def tree(self):
        """The root of the tree of blocks, a `tree.Node`."""
        return grown(self.levels, np.arange(self.n_subjects) if self.order is None else self.order)

    @cached_property
    def alike(self):
        """What may change places, as a list of lists of nodes; what is inside a node comes before the node."""
        return [nodes for _, node in self.tree.walk() for nodes in node.alike]

    @cached_property
    def units(self):
        """The same as a list of arrays of subjects, shape (n_items, n_subjects_of_an_item).

        The items of one array, its rows, may take each other's place: single subjects of a block, or whole blocks
        of one shape.
        """
        return [np.array([node.rows for node in nodes]) for nodes in self.alike]

    @cached_property
    def flipped(self):
        """What turns its sign on its own, as a list of arrays of subjects: whole blocks, or single subjects."""
        labels = self.labels if self.whole else np.arange(self.n_subjects)
        return [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]

    @cached_property
    def orbits(self):
        """Indicators of the subjects that can come to each other's place, scaled to length 1, shape (n_subjects, n)."""
        found = np.arange(self.n_subjects)
        for column in (column for unit in self.units for column in unit.T):
            together = np.isin(found, found[column])
            found[together] = found[column].min()
        # In the order in which units hold them, and then those that no unit holds.
        met = [found[column[0]] for unit in self.units for column in unit.T]
        columns = list(dict.fromkeys([*met, *found]))
        indicators = np.zeros((self.n_subjects, len(columns)))
        for number, first in enumerate(columns):
            subjects = np.flatnonzero(found == first)
            indicators[subjects, number] = 1 / np.sqrt(len(subjects))
        return indicators
