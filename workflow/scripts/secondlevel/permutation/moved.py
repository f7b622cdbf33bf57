"""What of a space of vectors the shuffles move out of it; only that costs products (see `statistics.nuisance`).

The maps, free of nuisance, are orthogonal to it. They stay so under all shuffles to a part of it that every shuffle
maps onto itself, as one finds

- columns that are the same for all who can take each other's place, such as an intercept, or site where rows change
  places within sites;
- columns that change places among themselves, or sign, such as those of persons whose rows move together.
"""

from itertools import pairwise

import numpy as np
from scipy import linalg

SAME = 1e-9  # by how much a cosine may differ from 1 for vectors of a space
INSIDE = 1e-12  # the squared length, of a vector of length 1, that is rounding alone


def moved(basis, blocks, scheme):
    """What of a space some shuffle takes out of it.

    Parameters
    ----------
    basis : ndarray, shape (n_subjects, n_columns)
        Orthonormal columns that span the space.
    blocks : blocks.Blocks
    scheme : {"permute", "flip", "both"}

    Returns
    -------
    ndarray, shape (n_subjects, n)
        An orthonormal basis of the part that is orthogonal to the largest one that every shuffle maps onto itself.
    """
    if scheme == "permute":
        basis = without(basis, blocks.orbits)
    kept = basis
    while kept.shape[1]:
        leaving, axes = linalg.eigh(leaving_of(kept, blocks, scheme))
        if leaving[-1] < INSIDE:
            return without(basis, kept)
        kept = kept @ axes[:, leaving < INSIDE]
    return basis


def without(basis, others):
    """A basis of what is orthogonal, in the space of a basis, to those of its vectors that lie in another space."""
    _, cosines, axes = linalg.svd(others.T @ basis)
    shared = np.zeros(len(axes), dtype=bool)
    shared[: len(cosines)] = cosines > 1 - SAME
    return basis @ axes[~shared].T


def leaving_of(basis, blocks, scheme):
    """How much of a space's vectors leaves it, summed over shuffles that make up all others.

    Two alike items that change places, or an item that turns its sign, are a reflection I - U U' with U'U = 2 I. With
    D = U'Q, of Q it takes the part of squared length D'(2 I - D D')D out of the space of Q.

    Parameters
    ----------
    basis : ndarray, shape (n_subjects, n_columns)
        Q.

    Returns
    -------
    ndarray, shape (n_columns, n_columns)
        The quadratic form of the sum of squared lengths.
    """
    total = np.zeros((basis.shape[1],) * 2)
    for part in reflections(basis, blocks, scheme):
        total += part.T @ (2 * part - part @ part.T @ part)
    return total


def reflections(basis, blocks, scheme):
    """D of `leaving_of` for each of them, shape (n_subjects_of_an_item, n_columns)."""
    if scheme != "flip":
        for unit in blocks.units:
            yield from (basis[one] - basis[other] for one, other in pairwise(unit))
    if scheme != "permute":
        yield from (np.sqrt(2) * basis[subjects] for subjects in blocks.flipped)
