"""Whether a cluster-robust test has as many clusters as it needs, from the design alone."""

import numpy as np

from secondlevel.permutation.statistics.catalogue import STATISTICS, chosen
from secondlevel.permutation.statistics.cluster_robust import counting_clusters

LEAST, SAFE, OF_GROUP = 6, 12, 4  # clusters


def of_clusters(contrast, split, weighed, design, sample, statistic):
    """Sentences on clusters that are few for a contrast; none for a statistic that has no clusters.

    Parameters
    ----------
    contrast : str
        Its name.
    split : model.glm.Partition
    weighed : ndarray of bool, shape (n_columns,)
        Which columns of the design it weighs.
    design : pandas.DataFrame, shape (n_subjects, n_columns)
    sample : dict of ndarray of str, shape (n_subjects,), by column
    statistic : str or dict
        As in the config.

    Yields
    ------
    str
    """
    name, variable = chosen(statistic)
    if not STATISTICS[name].flips_clusters:
        return
    clusters = np.unique(sample[variable], return_inverse=True)[1]
    counting = int(counting_clusters(split, clusters).sum())
    told = (
        f"Contrast {contrast}: {counting} of {clusters.max() + 1} clusters of {variable} hold something of its effect"
    )
    if counting < LEAST:
        yield (
            f"{told}, which leaves {2 ** (counting - 1)} distinct sizes of t: no two-sided p is below "
            f"{2.0 ** (1 - counting):.2g}, whatever is found."
        )
    elif counting < SAFE:
        yield f"{told}; below {SAFE} the test is known to be approximate only, and has little power."
    for column, held in small_groups(design, clusters, weighed):
        yield (
            f"Contrast {contrast}: {held} {'cluster' if held == 1 else 'clusters'} of {variable} on one side of "
            f"{column}; with fewer than {OF_GROUP} in a group the cluster-robust test can err too often."
        )


def small_groups(design, clusters, weighed):
    """Groups of few clusters that a contrast compares: the column that marks each, and how many clusters it has.

    A column marks groups if it is 0 or 1 and the same in all rows of a cluster. It counts if the contrast weighs it, or
    a product with it. Where clusters have columns of their own, these are no groups.
    """
    values = design.to_numpy()
    first = np.unique(clusters, return_index=True)[1]
    same = (values == values[first][clusters]).all(axis=0) & np.isin(values, (0, 1)).all(axis=0)
    sizes = {number: int(values[first, number].sum()) for number in np.flatnonzero(same)}
    own = [number for number, size in sizes.items() if size == 1]
    if 2 * len(own) >= len(first) - 1:
        sizes = {number: size for number, size in sizes.items() if size != 1}
    weighed = values[:, weighed]
    for number, size in sizes.items():
        inside = (weighed[values[:, number] == 0] == 0).all(axis=0).any()
        held = min(size, len(first) - size)
        if inside and 0 < held < OF_GROUP:
            yield design.columns[number], held
