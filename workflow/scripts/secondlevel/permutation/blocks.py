"""Exchangeability blocks: which subjects may take each other's place, or change sign, on their own or together.

Winkler et al. 2014 (NeuroImage 92), section "Restricted exchangeability".
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from secondlevel.base.errors import InputError


@dataclass(frozen=True)
class Blocks:
    """A division of subjects.

    Attributes
    ----------
    labels : ndarray of int, shape (n_subjects,)
        The block of each subject, numbered from 0.
    whole : bool
        True if blocks move as a whole, their subjects in order, and change sign together; False if subjects move
        within their block and change sign on their own.
    variable : str or None
        The name of what tells the blocks, for messages.
    columns : tuple of str
        The columns of the table that put the subjects of a block in order, where it moves as a whole.
    order : ndarray of int, shape (n_subjects,), or None
        All subjects, those of each block in its own order; None if that is the table's.
    """

    labels: np.ndarray
    whole: bool = False
    variable: str | None = None
    columns: tuple[str, ...] = ()
    order: np.ndarray | None = None

    @classmethod
    def none(cls, n_subjects):
        """One block of all: every subject is exchangeable with every other."""
        return cls(np.zeros(n_subjects, dtype=int))

    @classmethod
    def of_config(cls, blocks, sample):
        """From the config's ``permutation.blocks`` and the columns of the table of subjects."""
        if not blocks:
            return cls.none(len(sample["participant_id"]))
        names, variable = sample[blocks["variable"]], blocks["variable"]
        return cls.of(names, blocks["shuffle"] == "whole", variable, tuple(blocks.get("order", ())))

    @classmethod
    def of(cls, names, whole, variable=None, columns=()):
        """Blocks of the subjects with the same name."""
        return cls(np.unique(np.asarray(names, dtype=str), return_inverse=True)[1], whole, variable, columns)

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
    def number(self):
        """How many blocks there are."""
        return int(self.labels.max()) + 1

    @property
    def inside(self):
        """Whether there are blocks and subjects stay inside theirs."""
        return self.number > 1 and not self.whole

    @cached_property
    def units(self):
        """What may change places, as a list of arrays of subjects, shape (n_items, n_subjects_of_an_item).

        The items of one array, its rows, may take each other's place: single subjects of a block, or whole blocks
        of one size.
        """
        order = np.arange(self.labels.size) if self.order is None else self.order
        members = [order[self.labels[order] == label] for label in range(self.number)]
        if not self.whole:
            return [block[:, None] for block in members]
        sizes = sorted({len(block) for block in members})
        return [np.array([block for block in members if len(block) == size]) for size in sizes]

    @cached_property
    def flipped(self):
        """What turns its sign on its own, as a list of arrays of subjects: whole blocks, or single subjects."""
        labels = self.labels if self.whole else np.arange(self.labels.size)
        return [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]

    def require_several(self, scheme):
        """An `InputError` if the blocks by themselves leave nothing that could change places."""
        if scheme != "permute" or self.number == 1 or any(len(unit) > 1 for unit in self.units):
            return
        why = (
            "no two of them hold as many rows; let rows change places within their block, or use the scheme 'flip'"
            if self.whole
            else "each of them holds a single row; name a variable in permutation.blocks that several rows share"
        )
        raise InputError(f"The blocks of {self.variable} allow no shuffle but the observed order, since {why}.")

    @cached_property
    def orbits(self):
        """Indicators of the subjects that can come to each other's place, scaled to length 1, shape (n_subjects, n)."""
        columns = [column for unit in self.units for column in unit.T]
        indicators = np.zeros((self.labels.size, len(columns)))
        for number, subjects in enumerate(columns):
            indicators[subjects, number] = 1 / np.sqrt(len(subjects))
        return indicators
