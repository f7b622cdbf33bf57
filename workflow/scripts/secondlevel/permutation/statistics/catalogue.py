"""What settings, rules and report have to know of each test statistic, and of what shuffles do to the nuisance.

Read by the rules, so it imports no other file.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """A test statistic, by the name that it has in ``permutation.statistic`` of the config.

    Attributes
    ----------
    value : str or None
        What stands beside the name in the config: ``variable``, a column of the table; ``fwhm``, a width in mm; or
        nothing.
    stat : str or None
        The entity ``stat-`` of its own map; None if the model's map of t or F is the statistic.
    has_f : bool
        Whether contrasts of several rows can be tested.
    as_t : bool
        Whether thresholds of p and z can be turned into it as into t or F.
    exact : bool
        Whether it is t or F itself, so that it can be turned into z.
    nuisance : tuple of str
        The keys of `NUISANCE` that it is defined for.
    words : str or None
        What a methods text says of it; ``{value}`` and ``{one}``, an
        element, are filled in, and a work's key in braces becomes its citation.
    flips_clusters : bool
        Whether its shuffles turn the signs of whole clusters, those of its variable, and nothing else.
    memory : int
        MB that a chunk of permutations needs at least.
    """

    value: str | None = None
    stat: str | None = None
    has_f: bool = True
    as_t: bool = True
    exact: bool = False
    nuisance: tuple[str, ...] = ("freedman-lane",)
    words: str | None = None
    flips_clusters: bool = False
    memory: int = 1000


STATISTICS = {
    "t": About(exact=True, nuisance=("freedman-lane", "smith")),
    "welch": About(
        value="variable",
        stat="welch",
        words="{name}, which gives each level of {value} a variance of its own ({Winkler2014})",
    ),
    "pseudo_t": About(
        value="fwhm",
        stat="pseudot",
        has_f=False,
        as_t=False,
        words="pseudo-t, with the variance smoothed at a FWHM of {value:g} mm ({Nichols2002})",
        memory=2500,
    ),
    "cluster_robust": About(
        value="variable",
        stat="robust",
        as_t=False,
        flips_clusters=True,
        words="{name}, whose variance takes maps of one {value} for dependent in any way ({Liang1986}), under sign "
        "flips of whole clusters ({Cameron2008}; {Guillaume2015})",
        memory=1500,
    ),
    "weighted": About(
        stat="weighted",
        exact=True,
        words="{name} of the t or F of the fit at each {one}, with the degrees of freedom of the subjects who have a "
        "value there",
        memory=1500,
    ),
}

# What a methods text says of nuisance, by the name that it has in ``permutation.nuisance`` of the config.
NUISANCE = {
    "freedman-lane": "once the rest of the design was regressed out of the maps ({Freedman1983}; {Winkler2014})",
    "smith": "once the rest of the design was regressed out of the maps, and out of the effect again after each "
    "permutation of it (Smith's scheme; {Winkler2014})",
}


def flips_clusters(statistic):
    """Whether a statistic, as the config names it, is tested by flips of whole clusters."""
    return STATISTICS[chosen(statistic)[0]].flips_clusters


def has_distribution(statistic):
    """Whether a statistic, as the config names it, has degrees of freedom by which p and z could be told."""
    return STATISTICS[chosen(statistic)[0]].as_t


def chosen(statistic):
    """The name of a statistic and what stands beside it, from the config: ``t``, or ``{welch: group}``."""
    return (statistic, None) if isinstance(statistic, str) else next(iter(statistic.items()))
