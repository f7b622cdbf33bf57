"""The fit of a weighted model to every element under every shuffle, compiled to machine code."""

import numpy as np

from secondlevel.base.compiling import compiled
from secondlevel.permutation.statistics.deviates import BITS, OCTAVES, SIZE

DEPENDENT = 1e-10  # of a column's squared length, what is left of it if it is a sum of others, to rounding
NOTHING = 1e-12  # of a squared length of 1, what is rounding alone
PERFECT = 1 - 1e-10  # the largest share of variance that is told from 1
LEAST = 2.0 ** -(OCTAVES + 1)  # the first knot of the tables, and the number that its bits are
FIRST = (1023 - OCTAVES - 1) << BITS


@compiled
def factor(products, n_columns, rank, roots, ranks):
    """Take the columns of a design one after the other, each freed of those before, for many patterns of weights.

    Parameters
    ----------
    products : ndarray, shape (n_pairs, n_patterns)
        Weighted products of the columns, the lower triangle row by row; the last `rank` columns are the effect.
    n_columns, rank : int
    roots : ndarray, shape (n_pairs, n_patterns)
        Takes the Cholesky factors, with the inverse of their diagonal; that of a column which depends on others is 0.
    ranks : ndarray of int, shape (n_patterns,)
        Takes the numbers of independent columns; below 0 if the effect cannot be told from the rest.
    """
    ranks[:] = 0
    for j in range(n_columns):
        row = j * (j + 1) // 2
        left, whole, penalty = roots[row + j], products[row + j], -2 * n_columns if j >= n_columns - rank else 0
        left[:] = whole
        for k in range(j):
            other = k * (k + 1) // 2
            value, inverse = roots[row + k], roots[other + k]
            value[:] = products[row + k]
            for m in range(k):
                mine, theirs = roots[row + m], roots[other + m]
                for pattern in range(value.size):
                    value[pattern] -= mine[pattern] * theirs[pattern]
            for pattern in range(value.size):
                value[pattern] *= inverse[pattern]
                left[pattern] -= value[pattern] * value[pattern]
        for pattern in range(left.size):
            independent = left[pattern] > DEPENDENT * whole[pattern]
            left[pattern] = 1 / np.sqrt(left[pattern]) if independent else 0.0
            ranks[pattern] += 1 if independent else penalty


@compiled
def free(scores, roots, still, patterns, freed):
    """Free each column's scores of the columns before: L^-1 b.

    Parameters
    ----------
    scores : ndarray, shape (n_scored, n_elements)
        Of the last columns of a design; those of the first are 0.
    roots : ndarray, shape (n_pairs, n_patterns)
        From `factor`.
    still : int
        The number of the first columns.
    patterns : ndarray of int, shape (n_elements,)
    freed : ndarray, shape (n_scored, n_elements)
        Takes them.
    """
    for i in range(len(scores)):
        j = still + i
        row, mine = j * (j + 1) // 2, freed[i]
        mine[:] = scores[i]
        for k in range(i):
            root, other = roots[row + still + k], freed[k]
            for element in range(mine.size):
                mine[element] -= root[patterns[element]] * other[element]
        root = roots[row + j]
        for element in range(mine.size):
            mine[element] *= root[patterns[element]]


@compiled
def shares(freed, rank, share, sign):
    """The share of variance that the effect explains, and what z of the tables is to be multiplied with.

    Parameters
    ----------
    freed : ndarray, shape (n_scored, n_elements)
        From `free`.
    rank : int
    share, sign : ndarray, shape (n_elements,)
        Take them; `sign` is R with that of the effect for t, 1 for F, and 0 where there is no statistic.
    """
    n_nuisance = len(freed) - rank
    sign[:], share[:] = 1, 0
    for j in range(n_nuisance):
        mine = freed[j]
        for element in range(share.size):
            sign[element] -= mine[element] * mine[element]
    for j in range(n_nuisance, len(freed)):
        mine = freed[j]
        for element in range(share.size):
            share[element] += mine[element] * mine[element]
    mine = freed[n_nuisance]
    for element in range(share.size):
        some = share[element] > NOTHING * NOTHING and sign[element] > NOTHING
        whole = share[element] / (sign[element] if some else 1.0)
        share[element] = whole if whole < PERFECT else PERFECT
        size = np.copysign(np.sqrt(share[element]), mine[element]) if rank == 1 else 1.0
        sign[element] = size if some else 0.0


@compiled
def deviate(explained, cubics, first):
    """z from the tables of some degrees of freedom, see `deviates`; of t what it is divided by R.

    Parameters
    ----------
    explained : float
        The share of variance that the effect explains.
    cubics : ndarray, shape (n_cubics, 4)
    first : int
        The number of the first one of these degrees of freedom.
    """
    rest = 1 - explained
    share = np.float64(max(min(explained, rest), LEAST))
    # The exponent and the first bits of the fraction are the number of the interval.
    interval = min((share.view(np.int64) >> (52 - BITS)) - FIRST, SIZE - 1)
    beyond = share - np.int64((interval + FIRST) << (52 - BITS)).view(np.float64)
    here = first + interval + (0 if explained < rest else SIZE)
    return ((cubics[here, 0] * beyond + cubics[here, 1]) * beyond + cubics[here, 2]) * beyond + cubics[here, 3]


@compiled
def deviates(products, scores, still, patterns, counts, rank, tables, least, nothing, out):
    """z of every element under every shuffle.

    Parameters
    ----------
    products : ndarray, shape (n_shuffles, n_pairs, n_patterns)
        As for `factor`.
    scores : ndarray, shape (n_shuffles, n_scored, n_elements)
        Weighted products of the last columns, the effect among them, and residuals whose weighted squares add up to 1,
        or are all 0.
    still : int
        The number of the first columns, whose products with residuals are 0.
    patterns : ndarray of int, shape (n_elements,)
        Which weights an element has.
    counts : ndarray of int, shape (n_elements,)
        Its number of values.
    rank : int
    tables : ndarray
        Of z, from `least` degrees of freedom on.
    least : int
    nothing : float
        z where there is no statistic.
    out : ndarray, shape (n_shuffles, n_elements)
        Takes z.
    """
    n_shuffles, n_scored, n_elements = scores.shape
    n_pairs, n_patterns = products.shape[1:]
    roots, ranks = np.empty((n_pairs, n_patterns)), np.empty(n_patterns, np.int64)
    freed, share, sign = np.empty((n_scored, n_elements)), np.empty(n_elements), np.empty(n_elements)
    cubics = tables.reshape(-1, 4)
    for shuffle in range(n_shuffles):
        factor(products[shuffle], still + n_scored, rank, roots, ranks)
        free(scores[shuffle], roots, still, patterns, freed)
        shares(freed, rank, share, sign)
        for element in range(n_elements):
            independent = ranks[patterns[element]]
            df = counts[element] - independent
            if independent < 0 or df < 1 or sign[element] == 0:
                out[shuffle, element] = nothing
            else:
                out[shuffle, element] = sign[element] * deviate(share[element], cubics, (df - least) * 2 * SIZE)
