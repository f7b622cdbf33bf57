"""Every distinct shuffle of a small sample, by its number.

Subjects with equal rows of the design are not told apart: a group comparison has as many distinct permutations as
there are ways to deal out the groups. Within each unit of exchangeable items (see `blocks`) the
permutations of the items' kinds are numbered in lexicographic order, units are combined as the digits of a number,
and flips are the binary digits that follow. Of blocks within blocks, what is inside a block is dealt out in its own
place first, and then goes where the block goes, so that an item of a kind stands for all others of that kind.
"""

from math import factorial, prod

import numpy as np

from secondlevel.permutation.tree import kind_of


class Enumeration:
    """All distinct shuffles of a design; number 0 is the observed order.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
    scheme : {"permute", "flip", "both"}
    blocks : blocks.Blocks
    counting : ndarray of bool, shape (n_blocks,), optional
        Of blocks with one sign each, those whose sign says something; the others keep theirs.

    Attributes
    ----------
    size : int
        How many there are.
    """

    def __init__(self, design, scheme, blocks, counting=None):
        self.scheme, self.blocks = scheme, blocks
        subject_kinds = np.unique(np.asarray(design, dtype=float), axis=0, return_inverse=True)[1].ravel()
        alike = blocks.alike if scheme != "flip" else []
        self.kinds = [numbered([kind_of(node, subject_kinds) for node in nodes]) for nodes in alike]
        self.unit_sizes = [arrangements(np.bincount(kinds)) for kinds in self.kinds]
        flipped = np.ones(blocks.number if blocks.whole else blocks.n_subjects, dtype=bool)
        self.flipped = np.flatnonzero(flipped if counting is None else counting)
        self.flips = len(self.flipped) if scheme != "permute" else 0
        self.size = prod(self.unit_sizes) * 2**self.flips

    def draw(self, first, count):
        """The shuffles `first` to `first + count - 1`, as `Shuffles.draw` gives them; past the last they begin anew."""
        number = np.arange(first, first + count, dtype=np.int64) % self.size
        n = self.blocks.n_subjects
        order = signs = None
        if self.scheme != "permute":
            bits = (number[:, None] >> np.arange(self.flips)) & 1
            signs = np.ones((count, self.blocks.number if self.blocks.whole else n), dtype=np.float32)
            signs[:, self.flipped] = np.where(bits, np.float32(-1), np.float32(1))
            signs = signs[:, self.blocks.labels] if self.blocks.whole else signs
            number = number >> self.flips
        if self.scheme != "flip":
            order = np.broadcast_to(np.arange(n), (count, n)).copy()
            for unit, kinds, size in zip(self.blocks.units, self.kinds, self.unit_sizes, strict=True):
                rank = (number % size + rank_of(kinds)) % size  # so that 0 is the observed arrangement
                number = number // size
                items = dealt(arrangement(rank, np.bincount(kinds)), kinds)
                moved_on(order, unit, items)
        return order, signs


def numbered(kinds):
    """Kinds as numbers from 0, in their order."""
    numbers = {known: number for number, known in enumerate(sorted(set(kinds)))}
    return np.array([numbers[known] for known in kinds])


def moved_on(order, unit, items):
    """Shuffle orders further: at each place of a unit's items comes what is now at that of another item.

    Parameters
    ----------
    order : ndarray of int, shape (count, n_subjects)
        Is changed.
    unit : ndarray of int, shape (n_items, n_subjects_of_an_item)
    items : ndarray of int, shape (count, n_items)
        The item that takes each item's place.
    """
    sources = unit[items].reshape(len(order), -1)
    order[:, unit.ravel()] = np.take_along_axis(order, sources, axis=1)


def arrangements(counts):
    """In how many ways items of some kinds, `counts` of each, can be put in a row."""
    return factorial(int(sum(counts))) // prod(factorial(int(count)) for count in counts)


def rank_of(kinds):
    """The number of an arrangement of kinds, in lexicographic order."""
    counts, rank = np.bincount(kinds), 0
    for kind in kinds:
        for lower in range(kind):
            if counts[lower]:
                counts[lower] -= 1
                rank += arrangements(counts)
                counts[lower] += 1
        counts[kind] -= 1
    return rank


def arrangement(ranks, counts):
    """The arrangements with given numbers, of shape (n_ranks, sum of counts): `rank_of` backwards, many at once."""
    ranks, left = ranks.copy(), np.tile(np.asarray(counts, dtype=np.int64), (len(ranks), 1))
    ways = np.full(len(ranks), arrangements(counts), dtype=np.int64)
    rows = np.arange(len(ranks))
    out = np.empty((len(ranks), sum(counts)), dtype=int)
    for place in range(out.shape[1]):
        starting = ways[:, None] * left // (out.shape[1] - place)  # how many go on with each kind
        ends = np.cumsum(starting, axis=1)
        kind = (ranks[:, None] >= ends).sum(axis=1)
        ranks -= ends[rows, kind] - starting[rows, kind]
        ways = starting[rows, kind]
        left[rows, kind] -= 1
        out[:, place] = kind
    return out


def dealt(arranged, kinds):
    """Items for arrangements of kinds: the first place of a kind gets the first item of that kind, and so on."""
    items = np.empty_like(arranged)
    places = np.argsort(arranged, axis=1, kind="stable")
    np.put_along_axis(items, places, np.argsort(kinds, kind="stable")[None], axis=1)
    return items
