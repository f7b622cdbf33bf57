"""Measure error rates and power of the weighted test: of maps that lack values, and of maps with variances.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/missing_values.py [--data-sets N] [--jobs N]

Each data set has 60 voxels in 6 regions, a design, maps and shuffles of its own, from a seed that is made of the case's
name and its number. A value is missing in whole regions of a subject. The table in
docs/incomplete_maps.md and the plot in docs/images are written anew.
"""

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path

import joblib
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from secondlevel.base.matrix import Stacked
from secondlevel.base.sides import tested
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.estimable import estimable
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import FreedmanLane
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.permutation.statistics.weighted import Weighted

ROOT = Path(__file__).resolve().parent.parent
PAGE, PLOT = ROOT / "docs/incomplete_maps.md", ROOT / "docs/images/weighted_power.png"
DATA_SETS, SHUFFLES, ALPHA = 1000, 199, 0.05
REGIONS, VOXELS = 6, 60
EFFECTS = (0, 0.4, 0.8, 1.2, 1.6)  # of the planted effect, in standard deviations between subjects
# How much of a region's chance to be missing goes with something.
HOLES = {
    "none": "none",
    "random": "at random, 15 %",
    "covariate": "with a covariate of the design",
    "tested": "with the tested variable",
    "group": "in 2 % of one group, in 45 % of the other",
    "value": "of values above the mean by a standard deviation, half of them",
}
VARIANCES = {
    None: "",
    "known": "known, up to tenfold",
    "noisy": "known up to noise of 30 %",
    "unequal": "eightfold in one group",
}


@dataclass(frozen=True)
class Case:
    """A kind of data set; `effect` is planted in one region."""

    design: str
    n: int
    errors: str
    holes: str = "none"
    variances: str | None = None
    effect: float = 0


def simulate(case, number):
    """The design, weights, maps and variances, or None for these, and the scheme of a data set."""
    seed = hashlib.sha256(f"{case} {number}".encode()).digest()[:8]
    rng, n = np.random.default_rng(int.from_bytes(seed, "little")), case.n
    group = np.arange(n) % 4 == 0
    score = group.astype(float) if case.design == "groups" else rng.normal(size=n)
    covariate = 0.6 * score + 0.8 * rng.normal(size=n)
    design = np.ones((n, 1)) if case.design == "mean" else np.column_stack([score, covariate, np.ones(n)])
    errors = rng.normal(size=(n, VOXELS)) if case.errors == "normal" else rng.exponential(size=(n, VOXELS)) - 1
    shared = rng.normal(size=(n, 1)) if case.errors == "normal" else rng.exponential(size=(n, 1)) - 1
    maps, variances = np.sqrt(0.7) * errors + np.sqrt(0.3) * shared, None
    if case.variances:
        variances = np.exp(rng.uniform(0, np.log(10), n))[:, None] * rng.uniform(0.7, 1.3, (n, VOXELS))
        variances *= np.where(group, 8, 1)[:, None] if case.variances == "unequal" else 1
        maps = maps + np.sqrt(variances) * rng.normal(size=maps.shape)
        variances = variances * (np.exp(rng.normal(0, 0.3, maps.shape)) if case.variances == "noisy" else 1)
    region = np.arange(VOXELS) * REGIONS // VOXELS
    maps = maps + case.effect * (region == 0) * design[:, :1]
    maps[missing(case, rng, score, covariate, group, maps, region)] = np.nan
    return design, np.eye(design.shape[1])[0], maps, variances, "flip" if case.design == "mean" else "permute"


def missing(case, rng, score, covariate, group, maps, region):
    """Which values are missing, shape (n_subjects, n_voxels)."""
    drawn = rng.random((case.n, REGIONS))[:, region]
    if case.holes == "value":
        return (maps > 1) & (rng.random(maps.shape) < 0.5)
    if case.holes == "none":
        return np.zeros(maps.shape, dtype=bool)
    share = {
        "random": np.full(case.n, 0.15),
        "covariate": 0.3 * (covariate > 0),
        "tested": 0.3 * (score > np.median(score)),
        "group": np.where(group, 0.02, 0.45),
    }[case.holes]
    return drawn < share[:, None]


def p_values(case, number, plain=False):
    """The family-wise p value of each voxel that is analysed; with the plain test, of those that all have."""
    design, weights, maps, variances, scheme = simulate(case, number)
    split, blocks = partition(design, weights), Blocks.none(case.n)
    shuffles = plan(design, scheme, blocks, SHUFFLES, number)
    there = np.isfinite(maps)
    kept = there.all(axis=0) if plain else (there.sum(axis=0) >= case.n / 2) & estimable(there, design)
    out = np.ones(VOXELS)
    if not kept.any():
        return out
    two_sided = case.effect == 0
    plain_test = Ordinary(split, two_sided, FreedmanLane.of(split, blocks, scheme))
    test = plain_test if plain else Weighted.of(split, two_sided, blocks, scheme)
    given = maps[:, kept] if plain or variances is None else Stacked((maps[:, kept], variances[:, kept]))
    (maxima,), _ = max_statistics(given, [test], shuffles, range(n_blocks(shuffles.count)))
    values = tested(observed_statistics(given, test), two_sided)
    out[kept] = fwe_p_values(values, maxima["maxT"][1:], test.statistic_tie(values))
    return out


def rate(case, count, jobs, plain=False):
    """The share of data sets with a p value of 0.05 or less; of those with an effect, in its region."""
    found = joblib.Parallel(jobs)(joblib.delayed(p_values)(case, number, plain) for number in range(count))
    of_interest = slice(0, VOXELS // REGIONS) if case.effect else slice(None)
    return float(np.mean([p[of_interest].min() <= ALPHA for p in found]))


def cases():
    """Those without an effect."""
    for n in (20, 89):
        for errors in ("normal", "skewed"):
            yield from (Case("association", n, errors, holes) for holes in ("random", "covariate", "tested"))
        yield Case("groups", n, "normal", "group")
        yield Case("mean", n, "normal", "random")
        yield Case("mean", n, "normal", "value")
        yield from (Case("association", n, "normal", "none", kind) for kind in ("known", "noisy"))
        yield Case("groups", n, "normal", "none", "unequal")
        yield Case("association", n, "normal", "random", "known")
    yield Case("mean", 20, "skewed", "random")


def table(rates, count):
    """The rates of so many data sets each as a table of Markdown."""
    error = 100 * np.sqrt(ALPHA * (1 - ALPHA) / count)
    lines = [f"{count:,} data sets of each case; a rate of 5 % has a standard error of {error:.1f} %.", ""]
    lines += ["| test | subjects | errors | values missing | variances | errors at 5 % |", "|---|---|---|---|---|---|"]
    for case, found in rates.items():
        parts = case.design, case.n, case.errors, HOLES[case.holes], VARIANCES[case.variances], f"{100 * found:.1f} %"
        lines.append(f"| {' | '.join(map(str, parts))} |")
    return "\n".join(lines)


def draw(count, jobs):
    """Draw the power of the weighted test beside the plain one."""
    panels = {
        "15 % of values missing at random": ({"holes": "random"}, "voxels that all have, plain t"),
        "Variances that differ tenfold": ({"variances": "known"}, "plain t"),
    }
    figure, axes = plt.subplots(1, 2, layout="constrained", figsize=(8, 3.4), sharey=True)
    for ax, (title, (how, other)) in zip(axes, panels.items(), strict=True):
        for plain, label in ((False, "weighted"), (True, other)):
            powers = [rate(Case("association", 30, "normal", effect=e, **how), count, jobs, plain) for e in EFFECTS]
            print(title, label, powers, flush=True)
            ax.plot(EFFECTS, powers, marker="o", label=label)
        ax.axhline(ALPHA, color="grey", linewidth=0.8, linestyle=":")
        ax.set(title=title, xlabel="effect (standard deviations between subjects)")
        ax.legend(frameon=False)
    axes[0].set_ylabel("found in its region, of data sets")
    figure.savefig(PLOT, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=DATA_SETS)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    rates = {}
    for case in cases():
        rates[case] = rate(case, given.data_sets, given.jobs)
        print(case, rates[case], flush=True)
    draw(given.data_sets // 2, given.jobs)
    text, (begin, end) = PAGE.read_text(), ("<!-- rates -->", "<!-- end of rates -->")
    before, rest = text.split(begin)
    PAGE.write_text(f"{before}{begin}\n{table(rates, given.data_sets)}\n{end}{rest.split(end)[1]}")


if __name__ == "__main__":
    main()
