"""Whether a cluster-robust test has as many clusters as it needs, from the design alone."""

import numpy as np

from secondlevel.base.columns import matrix_of
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.statistics.catalogue import flips_clusters
from secondlevel.permutation.statistics.cluster_robust import counting_clusters

LEAST, SAFE, OF_GROUP = 6, 12, 4  # clusters


def of_clusters(contrast, split, weighed, design, sample, permutation):
    """Sentences on clusters that are few for a contrast; none for a statistic that has no clusters.

    Parameters
    ----------
    contrast : str
        Its name.
    split : model.glm.Partition
    weighed : ndarray of bool, shape (n_columns,)
        Which columns of the design it weighs.
    design : dict of ndarray, shape (n_subjects,), by column
    sample : dict of ndarray of str, shape (n_subjects,), by column
    permutation : dict
        ``statistic`` and ``blocks``, as in the config.

    Yields
    ------
    str
    """
    if not flips_clusters(permutation["statistic"]):
        return
    # What has a sign of its own: clusters, or blocks that hold several, which are no more than these.
    blocks = Blocks.of_config(permutation["blocks"], sample)
    counting = counting_clusters(split, blocks.labels)
    n = int(counting.sum())
    told = f"Contrast {contrast}: {n} of {blocks.number} clusters of {blocks.variable} hold something of its effect"
    if n < LEAST:
        yield (
            f"{told}, which leaves {2 ** (n - 1)} distinct sizes of t: no two-sided p is below {2.0 ** (1 - n):.2g}, "
            "whatever is found."
        )
    elif n < SAFE:
        yield f"{told}; below {SAFE} the test is known to be approximate only, and has little power."
    for where, held in small_groups(design, blocks.labels, weighed, counting):
        yield (
            f"Contrast {contrast}: {held} cluster{'s' * (held > 1)} of {blocks.variable} {where}; with "
            f"fewer than {OF_GROUP} in a group the cluster-robust test can err too often."
        )


def small_groups(design, clusters, weighed, counting):
    """Groups of few clusters that count, among those that a contrast compares: where they are, and how many there are.

    A column tells groups if one that the contrast weighs is 0 wherever it says no: its own mark, or a product with it.
    """
    of_contrast, found = matrix_of(design)[:, weighed], {}
    for name, group in [*marked(design, clusters), *multiplied(design, clusters, weighed)]:
        inside = (of_contrast[~group[clusters]] == 0).all(axis=0).any()
        if inside and not group.all() and not any((group == other).all() for other in found.values()):
            found[name] = group
    if not found or not counting.any():
        return
    cells, sizes = np.unique(np.column_stack(list(found.values()))[counting], axis=0, return_counts=True)
    for cell, size in zip(cells, sizes.tolist(), strict=True):
        names = [name for name, within in zip(found, cell, strict=True) if within]
        if size < OF_GROUP and len(cells) > 1:
            yield f"in {' and '.join(names)}" if names else f"outside of {' and '.join(found)}", size


def marked(design, clusters):
    """Columns that mark groups of clusters, and these as an array of bool: 0 or 1, and the same in all of a cluster.

    Where clusters have columns of their own, these are no groups.
    """
    values, first = matrix_of(design), np.unique(clusters, return_index=True)[1]
    same = (values == values[first][clusters]).all(axis=0) & np.isin(values, (0, 1)).all(axis=0)
    groups = {name: values[first, number] == 1 for number, name in enumerate(design) if same[number]}
    own = [name for name, group in groups.items() if group.sum() == 1]
    if 2 * len(own) >= len(first) - 1:
        groups = {name: group for name, group in groups.items() if name not in own}
    yield from groups.items()


def multiplied(design, clusters, weighed):
    """The same of products whose group has no column, as next to columns of the clusters: another column, or 0."""
    values, n = matrix_of(design), clusters.max() + 1
    for number in np.flatnonzero(weighed):
        column = values[:, number]
        elsewhere = np.bincount(clusters, column != 0, minlength=n) == 0
        for other in np.delete(values, number, axis=1).T:
            same = np.bincount(clusters, column != other, minlength=n) == 0
            if (elsewhere | same).all() and (other[elsewhere[clusters]] != 0).any():
                yield list(design)[number], ~elsewhere
