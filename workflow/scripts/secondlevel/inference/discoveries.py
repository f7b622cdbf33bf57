"""Lower bounds on how many elements of a set are truly active, whatever set is chosen, also after looking.

With lambda the quantile of the Simes statistic psi (see `permutation.whole_maps.discoveries`), fewer than j of the null
elements have a p value below lambda j / m, for all j <= K at once, with probability 1 - alpha. So of a set S at least

    max over j <= K of   1 - j + #{v in S: p_v < lambda j / m}

elements are active, for all sets at once (Blanchard, Neuvial and Roquain 2020, Ann. Stat. 48; by permutation: Andreella
et al. 2023, Stat. Med. 42; Blain et al. 2022, NeuroImage 260). All that is needed of an element is its *level*, the
least j for which its p value is below lambda j / m.

lambda is the (floor(alpha N) + 1)-th smallest psi of the N shuffles, the observed order among them, and p values are
strictly below: with the floor(alpha N)-th and p values that may reach it, shuffles that are ties, such as signs that
are all turned in a two-sided test, err more often than alpha.
"""

import numpy as np

from secondlevel.permutation.whole_maps.discoveries import TIE

METHOD = "maxSimes"  # in the nulls
ROUNDING = 1e-12  # relative: p values that near to a threshold lie on it


def log_lambda(maxima, alpha, n_elements, tie=TIE):
    """Logarithm of lambda.

    Parameters
    ----------
    maxima : ndarray, shape (n_shuffles,)
        -log psi of every shuffle, the observed order among them.
    alpha : float
        The probability that any bound of any set is above the truth.
    n_elements : int
    tie : float
        How much -log p of ties may differ, relative to them; lambda is lowered by it.

    Returns
    -------
    float or None
        None if the shuffles are too few for alpha.
    """
    rank = int(np.floor(alpha * maxima.size + 1e-9))
    if rank < 1:
        return None
    found = float(np.sort(maxima)[::-1][rank])
    return -found - tie * (found + np.log(n_elements))  # -log p is at most -log psi + log m


def levels(evidence, log_lambda, largest):
    """The level of each element: the least j <= K for which its p value is below lambda j / m.

    Parameters
    ----------
    evidence : ndarray, shape (n_elements,)
        -log p.
    log_lambda : float or None
    largest : int
        K.

    Returns
    -------
    ndarray of int, shape (n_elements,)
        0 where there is no such j.
    """
    if log_lambda is None:
        return np.zeros(evidence.size, dtype=int)
    steps = evidence.size * np.exp(np.minimum(-evidence - log_lambda, 1)) * (1 + ROUNDING)
    of_all = np.floor(steps).astype(int) + 1
    within = (of_all <= largest) & (-evidence - log_lambda < 1)
    return np.where(within, of_all, 0)


def bounds(null, alpha):
    """The levels of a contrast's elements, and what its null says of bounds.

    Parameters
    ----------
    null : permutation.nulls.Null
        Of all shuffles.
    alpha : float
        The probability that any bound of any set is above the truth.

    Returns
    -------
    levels : ndarray of int, shape (n_elements,)
    summary : dict
        As JSON: ``alpha``; ``lambda``, None if the shuffles are too few for alpha; ``true_discoveries``, the bound of
        all elements; and ``warnings``.
    """
    evidence = null.evidence(METHOD)
    found = log_lambda(null.maxima[METHOD], alpha, evidence.size)
    of_elements = levels(evidence, found, null.about["discoveries"]["largest"])
    too_few = (
        f"{null.size - 1} permutations are too few to bound true discoveries at an error rate of {alpha:g}; at least "
        f"{int(np.ceil(1 / alpha - 1e-9)) - 1} are needed."
    )
    return of_elements, {
        "alpha": alpha,
        "lambda": None if found is None else float(np.exp(found)),
        "true_discoveries": at_least(of_elements),
        "warnings": [too_few] if found is None else [],
    }


def at_least(levels):
    """How many elements of a set are active at least, from their levels, in linear time."""
    counts = np.cumsum(np.bincount(levels)[1:])
    return int(max(0, (counts - np.arange(counts.size)).max(initial=0)))


def at_least_of_each(levels, labels):
    """The same for each of some sets that do not overlap.

    Parameters
    ----------
    levels : ndarray of int, shape (n_elements,)
    labels : ndarray of int, shape (n_elements,)
        The number of the set of each element, from 0.

    Returns
    -------
    ndarray of int, shape (n_sets,)
    """
    found = np.zeros(int(labels.max(initial=0)) + 1, dtype=int)
    active = np.flatnonzero(levels)
    active = active[np.argsort(labels[active], kind="stable")]
    for some in np.split(active, np.flatnonzero(np.diff(labels[active])) + 1):
        if some.size:
            found[labels[some[0]]] = at_least(levels[some])
    return found


def columns_of_discoveries(levels, labels):
    """What tables of clusters tell of each cluster at its elements, as `table_columns.columns_of_clusters` does.

    Parameters
    ----------
    levels : ndarray of int, shape (n_elements,), or None
        None if no bounds are asked for, which leaves nothing to tell.
    labels : ndarray of int, shape (n_elements,)
        From `cluster_table.cluster_labels`.

    Returns
    -------
    dict of ndarray, shape (n_elements,)
    """
    if levels is None:
        return {}
    found, sizes = at_least_of_each(levels, labels), np.maximum(np.bincount(labels), 1)
    return {"discoveries": found[labels], "discoveries_share": (found / sizes)[labels]}


def curve(levels):
    """The bound of the first 1, 2, ... elements, as they come, in one pass.

    A set can hold as many null elements as find a place of their own: each element takes a free place below its level,
    the largest that there is (as jobs are put before their deadlines). One that finds none adds an active element to
    the bound, and one of no level always finds one.

    Parameters
    ----------
    levels : ndarray of int, shape (n_elements,)
        Such as those of elements from the highest to the lowest.

    Returns
    -------
    ndarray of int, shape (n_elements,)
    """
    free = list(range(int(levels.max(initial=0)) + 1))  # at or below each place a free one, or the way there
    active = np.zeros(levels.size, dtype=int)
    for element in np.flatnonzero(levels):
        place = start = int(levels[element]) - 1
        while free[place] != place:
            place = free[place]
        while free[start] != place:
            free[start], start = place, free[start]
        if place:
            free[place] = place - 1
        else:
            active[element] = 1
    return np.cumsum(active)
