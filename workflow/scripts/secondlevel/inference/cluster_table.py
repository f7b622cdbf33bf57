"""The tables of clusters and peaks that papers print, and the maps of cluster numbers that belong to them."""

import numpy as np
import pandas as pd
from scipy import ndimage

from secondlevel.base.sides import sides
from secondlevel.inference.catalogue import CORRECTIONS, FROM_Z
from secondlevel.inference.thresholds import above, least_logp
from secondlevel.space.neighbourhood import REACH, Neighbourhood


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
    """Number the clusters of the voxels that pass, from the one with the highest peak down.

    Parameters
    ----------
    values : ndarray, shape (n_voxels,)
        The statistic, with its sign. Clusters of unlike signs are apart even where they touch.
    passing : ndarray of bool, shape (n_voxels,)
    mask : space.images.Mask
    connectivity : {6, 18, 26}
    two_sided : bool
        Whether voxels with a negative value can pass.

    Returns
    -------
    ndarray of int, shape (n_voxels,)
        From 1; 0 in no cluster.
    """
    structure = ndimage.generate_binary_structure(3, REACH[connectivity])
    labels, count = np.zeros(values.size, dtype=int), 0
    for sign in sides(two_sided):
        found, n = ndimage.label(mask.volume(passing & (sign * values > 0)), structure)
        found = found[mask.inside]
        labels = np.where(found, found + count, labels)
        count += n
    tops = ndimage.maximum(np.abs(values), labels, range(1, count + 1))
    rank = np.empty(count + 1, dtype=int)
    rank[0] = 0
    rank[1 + np.argsort(-np.asarray(tops), kind="stable")] = np.arange(1, count + 1)
    return rank[labels]


def summits(values, labels, mask):
    """Whether each voxel is at least as high as all neighbours of its own cluster, by corners too.

    Parameters
    ----------
    values : ndarray, shape (n_voxels,)
    labels : ndarray of int, shape (n_voxels,)
        From `cluster_labels`.
    mask : space.images.Mask

    Returns
    -------
    ndarray of int
        The voxels that are, ascending.
    """
    voxels, around = np.flatnonzero(labels), Neighbourhood(mask.inside, 26)
    height, of_cluster = np.zeros(around.n_cells), np.zeros(around.n_cells, dtype=int)
    cells = around.positions[voxels]
    height[cells], of_cluster[cells] = np.abs(values[voxels]), labels[voxels]
    highest = np.ones(voxels.size, dtype=bool)
    for offset in around.offsets:
        beside = cells + offset
        highest &= (of_cluster[beside] != of_cluster[cells]) | (height[beside] <= height[cells])
    return voxels[highest]


def spread(candidates, mask, min_distance, most):
    """Of voxels in order of their height, the highest ones that are not too near to a higher one that is given."""
    found = []
    while candidates.size and len(found) < most:
        first, candidates = candidates[0], candidates[1:]
        found.append(int(first))
        if not candidates.size or len(found) == most:
            break
        place, places = np.array(mask.coordinates(first)), mask.places(candidates)
        distance = np.linalg.norm(places - place, axis=1)
        # All at once rounds unlike one at a time: what is just as far as asked for is looked at alone.
        for near in np.flatnonzero(np.abs(distance - min_distance) < 1e-6):
            distance[near] = np.linalg.norm(np.array(mask.coordinates(candidates[near])) - place)
        candidates = candidates[distance >= min_distance]
    return found


def peaks(values, labels, mask, min_distance, most):
    """The peaks of each cluster: its highest voxel, then local maxima that are not too near to a higher peak.

    Parameters
    ----------
    values : ndarray, shape (n_voxels,)
    labels : ndarray of int, shape (n_voxels,)
        From `cluster_labels`.
    mask : space.images.Mask
    min_distance : float
        Between peaks, in mm.
    most : int
        How many peaks to give.

    Returns
    -------
    list of list of int
        Of each cluster its voxels, the highest first.
    """
    candidates = summits(values, labels, mask)
    candidates = candidates[np.lexsort((candidates, -np.abs(values[candidates]), labels[candidates]))]
    of_cluster = np.split(candidates, np.flatnonzero(np.diff(labels[candidates])) + 1) if candidates.size else []
    return [spread(voxels, mask, min_distance, most) for voxels in of_cluster]


def cluster_table(values, labels, mask, columns, cluster_columns, names, min_distance, most):
    """A table with a row for each peak.

    Parameters
    ----------
    values : ndarray, shape (n_voxels,)
        The statistic whose peaks are listed.
    labels : ndarray of int, shape (n_voxels,)
        From `cluster_labels`.
    mask : space.images.Mask
    columns : dict of ndarray, shape (n_voxels,)
        What to tell of each peak, by the column's name.
    cluster_columns : dict of ndarray, shape (n_voxels,)
        What to tell of each cluster, at its first peak.
    names : callable or None
        Takes coordinates in mm and returns the name of the place.
    min_distance, most
        Of `peaks`.

    Returns
    -------
    pandas.DataFrame
        `cluster` and `peak` (both from 1), `x_mm`, `y_mm`, `z_mm`, the columns, and at a cluster's first peak `voxels`,
        `mm3` and the cluster's columns; `label` if there are names.
    """
    volume_of_voxel = abs(np.linalg.det(mask.affine[:3, :3]))
    heads = ["cluster", "peak", "x_mm", "y_mm", "z_mm", *columns, "voxels", "mm3", *cluster_columns]
    rows = []
    sizes = np.bincount(labels)
    for cluster, voxels in enumerate(peaks(values, labels, mask, min_distance, most), start=1):
        size = int(sizes[cluster])
        for number, voxel in enumerate(voxels, start=1):
            place = mask.coordinates(voxel)
            row = [cluster, number, *place, *(column[voxel] for column in columns.values())]
            whole = [size, size * volume_of_voxel, *(c[voxel] for c in cluster_columns.values())]
            row += whole if number == 1 else [None] * len(whole)
            rows.append(row + ([names(place)] if names else []))
    table = pd.DataFrame(rows, columns=heads + (["label"] if names else []))
    return table.astype({"voxels": "Int64"})
