"""From an analysis' settings to the permutation test of each contrast."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.exchangeability import Blocks
from secondlevel.nulls import Null, nothing
from secondlevel.permutation import BLOCK, chunk_of_blocks, max_statistics, observed_statistics
from secondlevel.pseudot import TIE, Smoother, max_pseudo_t, observed_pseudo_t
from secondlevel.shuffling import Shuffles, plan, suited_scheme
from secondlevel.statistic import Ordinary, Welch
from secondlevel.tails import forming_threshold


@dataclass(frozen=True)
class Settings:
    """How contrasts are tested by permutation.

    Attributes
    ----------
    scheme : {"auto", "permute", "flip", "both"}
    blocks : Blocks
    asked : int
        Number of shuffles beside the observed order.
    seed : int
    two_sided : bool
    variance_groups : ndarray of int or None
        The variance group of each subject.
    smoother : Smoother or None
        Of the variance, for pseudo-t.
    inside : ndarray of bool, shape (x, y, z), or None
        The mask, needed for clusters and TFCE.
    clusters : dict or None
        ``threshold``, as `tails.forming_threshold` reads it, and ``connectivity``.
    tfce : dict or None
        ``statistic`` ("t" or "z"), ``extent_power``, ``height_power`` and ``connectivity``.
    """

    scheme: str
    blocks: Blocks
    asked: int
    seed: int
    two_sided: bool
    variance_groups: np.ndarray | None = None
    smoother: Smoother | None = None
    inside: np.ndarray | None = None
    clusters: dict | None = None
    tfce: dict | None = None

    @classmethod
    def of(cls, permutation, two_sided, clusters, tfce, sample, mask):
        """From parts of the config, the table of subjects and the mask."""
        groups, fwhm = permutation["variance_groups"], permutation["variance_fwhm"]
        return cls(
            permutation["scheme"],
            Blocks.of_config(permutation["blocks"], sample),
            permutation["count"],
            permutation["seed"],
            two_sided,
            np.unique(sample[groups], return_inverse=True)[1] if groups else None,
            Smoother.of_fwhm(mask.inside, mask.affine, fwhm) if fwhm else None,
            mask.inside,
            clusters,
            tfce,
        )


@dataclass(frozen=True)
class ContrastTest:
    """The test statistic of a contrast and its shuffles."""

    settings: Settings
    shuffles: Shuffles
    statistic: Ordinary | Welch

    @classmethod
    def of(cls, settings, design, split):
        """The test of a contrast, from the design and its partition."""
        scheme = suited_scheme(split) if settings.scheme == "auto" else settings.scheme
        shuffles = plan(design, scheme, settings.blocks, settings.asked, settings.seed)
        if settings.variance_groups is not None:
            return cls(settings, shuffles, Welch(split, settings.two_sided, settings.variance_groups))
        orbits = settings.blocks.orbits if scheme == "permute" else None
        return cls(settings, shuffles, Ordinary(split, settings.two_sided, orbits))

    @property
    def name(self):
        """The statistic's name and the contrast's rank."""
        name = "pseudo-t" if self.settings.smoother else self.statistic.name
        return {"name": name, "rank": self.statistic.split.rank}

    @property
    def two_sided(self):
        return self.settings.two_sided and self.statistic.split.rank == 1

    @cached_property
    def search(self):
        """The `search.Search` that the settings ask for, or None."""
        clusters, enhancement = self.settings.clusters, self.settings.tfce
        if not (clusters or enhancement):
            return None
        # Their kernels take long to import.
        from secondlevel.clusters import Clusters
        from secondlevel.enhancement import Enhancement, ZHeights
        from secondlevel.neighbourhood import Neighbourhood
        from secondlevel.search import Search

        parts = []
        if clusters:
            neighbourhood = Neighbourhood(self.settings.inside, clusters["connectivity"])
            parts.append(Clusters(neighbourhood, self.threshold, self.two_sided))
        if enhancement:
            neighbourhood = Neighbourhood(self.settings.inside, enhancement["connectivity"])
            height = ZHeights(self.name, self.statistic.split.df) if enhancement["statistic"] == "z" else None
            powers = enhancement["extent_power"], enhancement["height_power"]
            parts.append(Enhancement(neighbourhood, *powers, self.two_sided, height))
        return Search(tuple(parts))

    @property
    def threshold(self):
        """The statistic that a voxel of a cluster must exceed; None without clusters."""
        if not self.settings.clusters:
            return None
        text = self.settings.clusters["threshold"]
        return forming_threshold(text, self.name, self.statistic.split.df, self.two_sided)

    @property
    def about(self):
        """What is tested and how, as JSON."""
        split, shuffles, clusters = self.statistic.split, self.shuffles, self.settings.clusters
        return {
            "statistic": self.name,
            "degrees_of_freedom": split.df,
            "two_sided": self.two_sided,
            "scheme": shuffles.scheme,
            "blocks": {"number": int(shuffles.blocks.labels.max()) + 1, "whole": shuffles.blocks.whole},
            "permutations": shuffles.count,
            # Larger numbers say no more than that.
            "distinct_permutations": shuffles.distinct if shuffles.distinct < 10**15 else None,
            "exhaustive": shuffles.enumeration is not None,
            "seed": shuffles.seed,
            "clusters": clusters and clusters | {"statistic_above": self.threshold},
            "tfce": self.settings.tfce,
        }

    def observed(self, maps):
        """The observed statistics by method, and how much a maximum may be smaller and still reach them."""
        if self.settings.smoother:
            values = observed_pseudo_t(maps, self.statistic, self.settings.smoother)
            tie = TIE * np.abs(values)
        else:
            values = observed_statistics(maps, self.statistic)
            tie = self.statistic.statistic_tie(values)
        if not self.search:
            return {"maxT": values}, {"maxT": tie}
        found = self.search.maps(values)
        ties = {method: share * np.abs(found[method]) for method, share in self.search.ties.items()}
        return {"maxT": values} | found, {"maxT": tie} | ties


def chunk_nulls(maps, tests, chunk, n_chunks, exceedances, threads, progress):
    """The share of one chunk in the null of every contrast.

    Tests with the same shuffles go through the maps together, unless whole maps are needed: those of one test at a time
    are enough to hold.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    tests : dict of ContrastTest by contrast
    chunk, n_chunks : int
        Which share, from 0, of how many.
    exceedances : bool
        Whether to count the shuffles that reach each voxel's statistic.
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
        smoother, searches = next(iter(group.values())).settings.smoother, [test.search for test in group.values()]
        if smoother:
            (test,) = group.values()
            results = [max_pseudo_t(maps, test.statistic, smoother, *run, search=test.search)]
        else:
            tested = [test.statistic for test in group.values()]
            maxima, reached = max_statistics(maps, tested, *run, searches=searches)
            results = zip(maxima, reached if exceedances else [None] * len(group), strict=True)
        for (contrast, test), (maxima, reached) in zip(group.items(), results, strict=True):
            nulls[contrast] = Null(
                test.about,
                blocks.start * BLOCK,
                maxima,
                nothing() if reached is None else reached,
                *(test.observed(maps) if blocks.start == 0 and len(blocks) else ()),
            )
    return nulls


def groups(tests):
    """Tests that go through the maps together, as a list of dicts by contrast."""
    found = {}
    for contrast, test in tests.items():
        alone = contrast if test.search or test.settings.smoother else None
        found.setdefault((test.shuffles.scheme, alone), {})[contrast] = test
    return list(found.values())
