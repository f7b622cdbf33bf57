"""The tables of clusters and peaks that papers print, and the maps of cluster numbers that belong to them."""

import numpy as np

from secondlevel.base.sides import sides
from secondlevel.inference.catalogue import CORRECTIONS, FROM_Z
from secondlevel.inference.thresholds import above, least_logp


def passing(null, z, logp, thresholds, alpha):
    """Which elements make the clusters of each kind.

    Parameters
    ----------
    null : permutation.nulls.Null
    z : ndarray, shape (n_elements,)
    logp : dict of ndarray, shape (n_elements,), by method
        -log10 of the corrected p values.
    thresholds : dict of dict by method
        The entries of the thresholds of z.
    alpha : float
        Family-wise error rate.

    Returns
    -------
    dict of two ndarrays, shape (n_elements,), by kind
        The statistic whose peaks are listed, and whether each element passes.
    """
    kinds, statistic = {}, null.observed["maxT"]
    for correction in CORRECTIONS:
        key, table = correction.key, correction.table
        if table and correction.source == FROM_Z:
            kinds[table.kind] = z, above(z, thresholds[key]["threshold"], null.about["two_sided"])
        elif table and key in logp:
            inside = null.observed[key] != 0 if correction.of_clusters else above(logp[key], least_logp(alpha), False)
            kinds[table.kind] = statistic, inside
    return kinds


def cluster_labels(values, passing, mask, connectivity, two_sided):
    """Number the clusters of the elements that pass, from the one with the highest peak down.

    Parameters
    ----------
    values : ndarray, shape (n_elements,)
        The statistic, with its sign. Clusters of unlike signs are apart even where they touch.
    passing : ndarray of bool, shape (n_elements,)
    mask : space.protocol.Space
    connectivity : {6, 18, 26}
        Of voxels.
    two_sided : bool
        Whether elements with a negative value can pass.

    Returns
    -------
    ndarray of int, shape (n_elements,)
        From 1; 0 in no cluster.
    """
    labels, count = np.zeros(values.size, dtype=int), 0
    for sign in sides(two_sided):
        found, n = mask.components(passing & (sign * values > 0), connectivity)
        labels = np.where(found, found + count, labels)
        count += n
    tops, rank = np.zeros(count + 1), np.zeros(count + 1, dtype=int)
    np.maximum.at(tops, labels, np.abs(values))
    rank[1 + np.argsort(-tops[1:], kind="stable")] = np.arange(1, count + 1)
    return rank[labels]


def summits(values, labels, mask):
    """Whether each element is at least as high as all neighbours of its own cluster, by corners too.

    Parameters
    ----------
    values : ndarray, shape (n_elements,)
    labels : ndarray of int, shape (n_elements,)
        From `cluster_labels`.
    mask : space.protocol.Space

    Returns
    -------
    ndarray of int
        The elements that are, ascending.
    """
    elements = np.flatnonzero(labels)
    return elements[mask.summits(np.abs(values), labels, elements)]


def spread(candidates, mask, min_distance, most):
    """Of elements in order of their height, the highest ones that are not too near to a higher one that is given."""
    found = []
    while candidates.size and len(found) < most:
        first, candidates = candidates[0], candidates[1:]
        found.append(int(first))
        if not candidates.size or len(found) == most:
            break
        distance = mask.distances(first, candidates)
        # All at once rounds unlike one at a time: what is just as far as asked for is looked at alone.
        for near in np.flatnonzero(np.abs(distance - min_distance) < 1e-6):
            distance[near] = mask.distances(first, candidates[near])
        candidates = candidates[distance >= min_distance]
    return found


def peaks(values, labels, mask, min_distance, most):
    """The peaks of each cluster: its highest element, then local maxima that are not too near to a higher peak.

    Parameters
    ----------
    values : ndarray, shape (n_elements,)
    labels : ndarray of int, shape (n_elements,)
        From `cluster_labels`.
    mask : space.protocol.Space
    min_distance : float
        Between peaks, in mm.
    most : int
        How many peaks to give.

    Returns
    -------
    list of list of int
        Of each cluster its elements, the highest first.
    """
    candidates = summits(values, labels, mask)
    candidates = candidates[np.lexsort((candidates, -np.abs(values[candidates]), labels[candidates]))]
    of_cluster = np.split(candidates, np.flatnonzero(np.diff(labels[candidates])) + 1) if candidates.size else []
    return [spread(elements, mask, min_distance, most) for elements in of_cluster]


def cluster_table(values, labels, mask, columns, cluster_columns, names, min_distance, most):
    """A table with a row for each peak.

    Parameters
    ----------
    values : ndarray, shape (n_elements,)
        The statistic whose peaks are listed.
    labels : ndarray of int, shape (n_elements,)
        From `cluster_labels`.
    mask : space.protocol.Space
    columns : dict of ndarray, shape (n_elements,)
        What to tell of each peak, by the column's name.
    cluster_columns : dict of ndarray, shape (n_elements,)
        What to tell of each cluster, at its first peak.
    names : callable or None
        Takes an element and returns the name of its place.
    min_distance, most
        Of `peaks`.

    Returns
    -------
    dict of list, by column
        `cluster` and `peak` (both from 1), the place, the columns, and at a cluster's first peak its sizes and the
        cluster's columns, elsewhere None; `label` if there are names, None where there is none.
    """
    heads = ["cluster", "peak", *mask.place_columns, *columns, *mask.size_columns, *cluster_columns]
    heads, rows = heads + (["label"] if names else []), []
    order, sizes = np.argsort(labels, kind="stable"), np.bincount(labels)
    members = np.split(order, np.cumsum(sizes)[:-1])
    for cluster, elements in enumerate(peaks(values, labels, mask, min_distance, most), start=1):
        size = mask.sizes(members[cluster])
        for number, element in enumerate(elements, start=1):
            row = [cluster, number, *mask.place(element), *(column[element] for column in columns.values())]
            whole = [*size, *(c[element] for c in cluster_columns.values())]
            row += whole if number == 1 else [None] * len(whole)
            rows.append(row + ([names(element)] if names else []))
    return {name: [row[place] for row in rows] for place, name in enumerate(heads)}
