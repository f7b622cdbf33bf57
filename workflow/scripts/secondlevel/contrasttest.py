"""From an analysis' settings to the permutation test of each contrast."""

from dataclasses import dataclass

import numpy as np

from secondlevel.exchangeability import Blocks
from secondlevel.nulls import Null, nothing
from secondlevel.permutation import BLOCK, chunk_of_blocks, max_statistics, observed_statistics
from secondlevel.pseudot import TIE, Smoother, max_pseudo_t, observed_pseudo_t
from secondlevel.shuffling import Shuffles, plan, suited_scheme
from secondlevel.statistic import Ordinary, Welch


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
    """

    scheme: str
    blocks: Blocks
    asked: int
    seed: int
    two_sided: bool
    variance_groups: np.ndarray | None = None
    smoother: Smoother | None = None


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
    def about(self):
        """What is tested and how, as JSON."""
        split, shuffles = self.statistic.split, self.shuffles
        return {
            "statistic": {"name": "pseudo-t" if self.settings.smoother else self.statistic.name, "rank": split.rank},
            "degrees_of_freedom": split.df,
            "two_sided": self.settings.two_sided and split.rank == 1,
            "scheme": shuffles.scheme,
            "blocks": {"number": int(shuffles.blocks.labels.max()) + 1, "whole": shuffles.blocks.whole},
            "permutations": shuffles.count,
            # Larger numbers say no more than that.
            "distinct_permutations": shuffles.distinct if shuffles.distinct < 10**15 else None,
            "exhaustive": shuffles.enumeration is not None,
            "seed": shuffles.seed,
        }

    def observed(self, maps):
        """The observed statistics, and how much a maximum may be smaller and still reach them."""
        if self.settings.smoother:
            values = observed_pseudo_t(maps, self.statistic, self.settings.smoother)
            return values, TIE * np.abs(values)
        values = observed_statistics(maps, self.statistic)
        return values, self.statistic.statistic_tie(values)


def chunk_nulls(maps, tests, chunk, n_chunks, exceedances, threads, progress):
    """The share of one chunk in the null of every contrast.

    Tests with the same shuffles go through the maps together.

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
        Is told the number of shuffles done, now and then.

    Returns
    -------
    dict of nulls.Null by contrast
    """
    nulls = {}
    for scheme in dict.fromkeys(test.shuffles.scheme for test in tests.values()):
        group = {contrast: test for contrast, test in tests.items() if test.shuffles.scheme == scheme}
        shuffles = next(iter(group.values())).shuffles
        blocks = chunk_of_blocks(shuffles.count, chunk, n_chunks)
        run = (shuffles, blocks, exceedances, threads, progress)
        smoothers = {contrast: test.settings.smoother for contrast, test in group.items()}
        if any(smoothers.values()):
            results = [max_pseudo_t(maps, test.statistic, smoothers[c], *run) for c, test in group.items()]
        else:
            maxima, reached = max_statistics(maps, [test.statistic for test in group.values()], *run)
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
