"""From an analysis' settings to the permutation test of each contrast."""

from dataclasses import dataclass
from functools import cached_property

from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import BLOCK, chunk_of_blocks, max_statistics, observed_statistics
from secondlevel.permutation.nulls import Null, nothing
from secondlevel.permutation.reach import Reach, require_moved
from secondlevel.permutation.shuffling import Shuffles, plan, suited_scheme
from secondlevel.permutation.statistics.catalogue import chosen, flips_clusters, has_distribution
from secondlevel.permutation.statistics.cluster_robust import counting_clusters
from secondlevel.permutation.statistics.protocol import Ground, Statistic
from secondlevel.permutation.statistics.registry import STATISTICS
from secondlevel.space.protocol import Space


@dataclass(frozen=True)
class Settings:
    """How contrasts are tested by permutation.

    Attributes
    ----------
    permutation : dict
        ``count`` of shuffles beside the observed order, ``scheme``, ``statistic``, ``nuisance`` and ``seed``, as in
        the config.
    two_sided : bool
    whole_maps : dict of dict or None
        The settings of each statistic of whole maps, by its key of the config; None where it is not asked for.
    blocks : Blocks
    sample : dict of ndarray of str, shape (n_subjects,), by column
        The table of subjects.
    mask : space.protocol.Space
    """

    permutation: dict
    two_sided: bool
    whole_maps: dict
    blocks: Blocks
    sample: dict
    mask: Space

    @classmethod
    def of(cls, permutation, two_sided, whole_maps, sample, mask):
        """From parts of the config, the table of subjects and the mask."""
        blocks = Blocks.of_config(permutation["blocks"], sample)
        return cls(permutation, two_sided, whole_maps, blocks, sample, mask)

    def shuffles(self, design, split, contrast):
        """The shuffles of a contrast and their reach: a `shuffling.Shuffles` and a `reach.Reach`."""
        scheme = suited_scheme(split) if self.permutation["scheme"] == "auto" else self.permutation["scheme"]
        blocks = self.blocks.ordered(design, self.sample)
        of_clusters = blocks.whole and flips_clusters(self.permutation["statistic"])
        counting = counting_clusters(split, blocks.labels) if of_clusters else None
        shuffles = plan(design, scheme, blocks, self.permutation["count"], self.permutation["seed"], counting)
        return shuffles, require_moved(contrast, split, blocks, scheme)


@dataclass(frozen=True)
class ContrastTest:
    """The test statistic of a contrast, its shuffles, and how much of the effect they reach."""

    settings: Settings
    shuffles: Shuffles
    reach: Reach
    statistic: Statistic

    @classmethod
    def of(cls, settings, design, split, contrast=""):
        """The test of a contrast, from the design, its partition, and the contrast's name, for messages."""
        shuffles, reach = settings.shuffles(design, split, contrast)
        name, value = chosen(settings.permutation["statistic"])
        nuisance = settings.permutation["nuisance"]
        ground = Ground(settings.sample, settings.mask, shuffles.blocks, shuffles.scheme, nuisance)
        return cls(settings, shuffles, reach, STATISTICS[name].of_config(value, split, settings.two_sided, ground))

    @property
    def name(self):
        """The statistic's name and the contrast's rank."""
        return {"name": self.statistic.name, "rank": self.statistic.split.rank}

    @property
    def two_sided(self):
        """Whether both signs are tested; F has none."""
        return self.settings.two_sided and self.statistic.split.rank == 1

    @cached_property
    def search(self):
        """The `search.Search` that the settings ask for, or None."""
        wanted = {key: settings for key, settings in self.settings.whole_maps.items() if settings}
        if not wanted:
            return None
        # Their kernels take long to import.
        from secondlevel.permutation.whole_maps.registry import WHOLE_MAPS
        from secondlevel.permutation.whole_maps.search import Search

        what = self.settings.mask, self.name, self.statistic.split.df, self.two_sided
        return Search({key: WHOLE_MAPS[key].of_config(settings, *what) for key, settings in wanted.items()})

    @property
    def about(self):
        """What is tested and how, as JSON."""
        split, shuffles, parts = self.statistic.split, self.shuffles, self.search.parts if self.search else {}
        return {
            "statistic": self.name,
            # Of one without a known distribution there are none that would say anything.
            "degrees_of_freedom": split.df if has_distribution(self.settings.permutation["statistic"]) else None,
            "two_sided": self.two_sided,
            "scheme": shuffles.scheme,
            "nuisance": self.settings.permutation["nuisance"],
            "blocks": {"number": shuffles.blocks.number, "whole": shuffles.blocks.whole},
            "permutations": shuffles.count,
            # Larger numbers say no more than that.
            "distinct_permutations": shuffles.distinct if shuffles.distinct < 10**15 else None,
            "exhaustive": shuffles.enumeration is not None,
            "seed": shuffles.seed,
            **{
                key: parts[key].about(settings) if settings else None
                for key, settings in self.settings.whole_maps.items()
            },
        }

    def observed(self, maps):
        """The observed statistics by method, and how much a maximum may be smaller and still reach them."""
        values = observed_statistics(maps, self.statistic)
        statistics, ties = {"maxT": values}, {"maxT": self.statistic.statistic_tie(values)}
        if self.search:
            found = self.search.maps(values)
            statistics |= found
            ties |= {method: share * abs(found[method]) for method, share in self.search.ties.items()}
        return statistics, ties


def chunk_nulls(maps, tests, chunk, n_chunks, exceedances, threads, progress):
    """The share of one chunk in the null of every contrast.

    Tests with the same shuffles go through the maps together, unless whole maps are needed: those of one test at a time
    are enough to hold.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    tests : dict of ContrastTest by contrast
    chunk, n_chunks : int
        Which share, from 0, of how many.
    exceedances : bool
        Whether to count the shuffles that reach each element's statistic.
    threads : int
    progress : callable
        Takes a number of shuffles and what they are, and returns a function that is told how many are done.

    Returns
    -------
    dict of nulls.Null by contrast
    """
    nulls = {}
    for group in groups(tests):
        shuffles = next(iter(group.values())).shuffles
        blocks = chunk_of_blocks(shuffles.count, chunk, n_chunks)
        n_shuffles = min(blocks.stop * BLOCK, shuffles.count + 1) - blocks.start * BLOCK
        run = (shuffles, blocks, exceedances, threads, progress(n_shuffles, f"shuffles of {', '.join(group)}"))
        searches = [test.search for test in group.values()]
        maxima, reached = max_statistics(maps, [test.statistic for test in group.values()], *run, searches=searches)
        for number, (contrast, test) in enumerate(group.items()):
            nulls[contrast] = Null(
                test.about,
                blocks.start * BLOCK,
                maxima[number],
                reached[number] if exceedances else nothing(),
                *(test.observed(maps) if blocks.start == 0 and len(blocks) else ()),
            )
    return nulls


def groups(tests):
    """Tests that go through the maps together, as a list of dicts by contrast."""
    found = {}
    for contrast, test in tests.items():
        alone = contrast if test.search or test.statistic.fields else None
        found.setdefault((test.shuffles.scheme, test.shuffles.flipped, alone), {})[contrast] = test
    return list(found.values())
