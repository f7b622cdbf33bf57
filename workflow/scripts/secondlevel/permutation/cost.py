"""What a permutation costs, as far as the settings choose it."""

from secondlevel.permutation.statistics.catalogue import STATISTICS, chosen

WORTH_TELLING = 4  # how many times as fast permutations must become
# What is made of a whole map, in multiplications for each element that take as long (docs/benchmarks.md).
WHOLE_MAPS = {"clusters": 600, "tfce": 2700, "discoveries": 200}


def of_nuisance(statistic, settings):
    """What to say where Smith's scheme would be much faster than Freedman and Lane's.

    Parameters
    ----------
    statistic : statistics.protocol.Statistic
    settings : dict
        ``permutation``, and those of each statistic of whole maps, None where it is not asked for.

    Returns
    -------
    str or None
        None if it would not be, or cannot be had.
    """
    permutation, (n_vectors, n_subjects) = settings["permutation"], statistic.vectors.shape
    name, _ = chosen(permutation["statistic"])
    if permutation["nuisance"] == "smith" or "smith" not in STATISTICS[name].nuisance:
        return None
    others, rank = sum(cost for key, cost in WHOLE_MAPS.items() if settings[key]), statistic.split.rank
    gain = (n_vectors * n_subjects + others) / (rank * n_subjects + others)
    if gain < WORTH_TELLING:
        return None
    return (
        f"each shuffle moves {n_vectors - rank} columns of nuisance; with permutation.nuisance: smith the permutations "
        f"would be about {gain:.0f} times as fast"
    )
