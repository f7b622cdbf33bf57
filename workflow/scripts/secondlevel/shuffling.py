"""Shuffles of subjects that depend on the seed and their own number, and on nothing else.

The random words of shuffle k are a fixed stretch of the counter-based generator Philox (Salmon et al. 2011,
"Parallel random numbers: as easy as 1, 2, 3"), keyed by the seed: k says where the stretch starts. So any process
can draw any shuffle, in any order, and a run of shuffles is drawn at once.

Shuffle 0 changes nothing: it is the observed order.
"""

import numpy as np

SCHEMES = ("permute", "flip", "both")
PER_COUNTER = 4  # 64-bit words that Philox makes for each value of its counter


def draw(scheme, n, seed, first, count):
    """Draw the shuffles `first` to `first + count - 1`.

    Parameters
    ----------
    scheme : {"permute", "flip", "both"}
        Reorder subjects, flip signs, or do both.
    n : int
        Number of subjects.
    seed : int
    first, count : int
        Which shuffles.

    Returns
    -------
    order : ndarray of int, shape (count, n), or None
        The subject that takes each place; every order is equally likely. None if the scheme keeps the order.
    signs : ndarray of float32, shape (count, n), or None
        1 or -1 for each place. None if the scheme keeps the signs.
    """
    words = 2 * n  # the first n order the subjects, the others give their signs
    counters = -(-words // PER_COUNTER)
    random = np.random.Philox(key=seed, counter=first * counters)
    drawn = random.random_raw(count * counters * PER_COUNTER).reshape(count, -1)
    order = signs = None
    if scheme in ("permute", "both"):
        order = np.argsort(drawn[:, :n], axis=1)
    if scheme in ("flip", "both"):
        signs = np.where(drawn[:, n:words] >> np.uint64(63), np.float32(-1), np.float32(1))
    if first == 0 and order is not None:
        order[0] = np.arange(n)
    if first == 0 and signs is not None:
        signs[0] = 1
    return order, signs


def shuffled(rows, order, signs):
    """Shuffle vectors over subjects.

    Parameters
    ----------
    rows : ndarray, shape (n_rows, n_subjects)
    order, signs : ndarray or None
        From `draw`.

    Returns
    -------
    ndarray, shape (n_rows, count, n_subjects)
        Each row under each shuffle.
    """
    out = np.repeat(rows[:, None], len(signs), axis=1) if order is None else rows[:, order]
    return out if signs is None else out * signs
