"""Shuffles of subjects that depend on the seed and their own number, and on nothing else.

The random words of shuffle k are a fixed stretch of the counter-based generator Philox (Salmon et al. 2011,
"Parallel random numbers: as easy as 1, 2, 3"), keyed by the seed: k says where the stretch starts. So any process
can draw any shuffle, in any order, and a run of shuffles is drawn at once.

Shuffle 0 changes nothing: it is the observed order.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.enumeration import Enumeration, moved_on
from secondlevel.permutation.stuck import why_stuck

PER_COUNTER = 4  # 64-bit words that Philox makes for each value of its counter


@dataclass(frozen=True)
class Shuffles:
    """The shuffles of a test.

    Attributes
    ----------
    scheme : {"permute", "flip", "both"}
        Reorder subjects, flip signs, or do both.
    blocks : Blocks
        Which subjects are exchangeable.
    seed : int
    count : int
        Number of shuffles beside the observed order.
    distinct : int
        Number of shuffles that differ under the design, the observed order among them.
    enumeration : Enumeration or None
        Gives every distinct shuffle once; None if shuffles are drawn at random.
    """

    scheme: str
    blocks: Blocks
    seed: int
    count: int
    distinct: int
    enumeration: Enumeration | None

    @property
    def flipped(self):
        """The blocks that are flipped where every distinct shuffle is used, a tuple; None where they are drawn."""
        return None if self.enumeration is None else tuple(self.enumeration.flipped.tolist())

    def draw(self, first, count):
        """Draw the shuffles `first` to `first + count - 1`.

        Returns
        -------
        order : ndarray of int, shape (count, n_subjects), or None
            The subject that takes each place. None if the scheme keeps the order.
        signs : ndarray of float, shape (count, n_subjects), or None
            1 or -1 for each place. None if the scheme keeps the signs.
        """
        if self.enumeration is not None:
            return self.enumeration.draw(first, count)
        n = self.blocks.n_subjects
        # The first words order the subjects, n others give their signs. Blocks within blocks can be more than subjects.
        n_first = max(n, sum(len(unit) for unit in self.blocks.units))
        counters = -(-(n_first + n) // PER_COUNTER)
        random = np.random.Philox(key=self.seed, counter=first * counters)
        words = random.random_raw(count * counters * PER_COUNTER).reshape(count, -1)
        order = random_orders(words[:, :n_first], self.blocks) if self.scheme != "flip" else None
        signs = random_signs(words[:, n_first : n_first + n], self.blocks) if self.scheme != "permute" else None
        if first == 0 and order is not None:
            order[0] = np.arange(n)
        if first == 0 and signs is not None:
            signs[0] = 1
        return order, signs


def plan(design, scheme, blocks, asked, seed, counting=None):
    """Choose the shuffles of a test: `asked` of them at random, or every distinct one if there are no more.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Subjects with equal rows need not be exchanged with each other.
    scheme : {"permute", "flip", "both"}
    blocks : Blocks
    asked : int
        Number of shuffles beside the observed order.
    seed : int
    counting : ndarray of bool, shape (n_blocks,), optional
        Of blocks with one sign each, those whose sign says something of the contrast.

    Returns
    -------
    Shuffles

    Raises
    ------
    InputError
        If only the observed order is left.
    """
    every = Enumeration(design, scheme, blocks, counting)
    if every.size == 1:
        raise InputError(why_stuck(blocks, every))
    exhaustive = every.size - 1 <= asked
    return Shuffles(
        scheme, blocks, seed, every.size - 1 if exhaustive else asked, every.size, every if exhaustive else None
    )


def random_orders(words, blocks):
    """Orders from random words: what may change places is sorted by its words.

    Parameters
    ----------
    words : ndarray of uint64, shape (count, n)
        One for each item of each unit at least.
    blocks : Blocks

    Returns
    -------
    ndarray of int, shape (count, n_subjects)
    """
    order = np.tile(np.arange(blocks.n_subjects), (len(words), 1))
    used = 0
    for unit in blocks.units:
        moved_on(order, unit, np.argsort(words[:, used : used + len(unit)], axis=1))
        used += len(unit)
    return order


def random_signs(words, blocks):
    """Signs from random words, both of shape (count, n_subjects); a block that moves as a whole has one sign."""
    signs = np.where(words >> np.uint64(63), np.float32(-1), np.float32(1))
    return signs[:, blocks.labels] if blocks.whole else signs


def shuffled(rows, order, signs):
    """Shuffle vectors over subjects.

    Parameters
    ----------
    rows : ndarray, shape (n_rows, n_subjects)
    order, signs : ndarray or None
        From `Shuffles.draw`.

    Returns
    -------
    ndarray, shape (n_rows, count, n_subjects)
        Each row under each shuffle.
    """
    # Of rows[:, order], those of several vectors would lie apart in memory, and each product would first collect them.
    out = np.repeat(rows[:, None], len(signs), axis=1) if order is None else np.take(rows, order, axis=1)
    return out if signs is None else out * signs.astype(rows.dtype, copy=False)


def suited_scheme(split):
    """The scheme that suits a contrast: "flip" if it tests the mean, else "permute".

    A contrast tests the mean if the design holds a constant and the contrast's nuisance does not. Reordering subjects
    leaves the mean as it is, so that only flips tell whether it differs from 0.
    """
    constant = np.ones(len(split.effect)) / np.sqrt(len(split.effect))

    def part_in(basis):
        return np.linalg.norm(basis.T @ constant)

    in_nuisance = part_in(split.nuisance) > 1 - 1e-9
    in_design = np.hypot(part_in(split.nuisance), part_in(split.effect_basis)) > 1 - 1e-9
    return "flip" if in_design and not in_nuisance else "permute"
