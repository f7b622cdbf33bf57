"""Measure how often bounds on true discoveries are above the truth, where there is an effect and where there is none.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/discoveries.py [--data-sets N] [--jobs N]

A data set has 512 voxels (8 x 8 x 8). With an effect, those of a ball of 88 voxels are active. In each data set 200
sets are bounded, most of them chosen by its map: all voxels above each of 40 thresholds, the three largest clusters
there, the eight octants, and these above four thresholds. A data set is an error if any of these bounds is above the
truth. Errors of all sets that there are count the data sets in which any set at all would be one, which is the case if
the set of all inactive voxels has a bound above 0.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import error_rates
import joblib
import numpy as np
import pandas as pd
from scipy import ndimage

from secondlevel.base.sides import tested
from secondlevel.inference.discoveries import METHOD, at_least, levels, log_lambda
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import FreedmanLane
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.permutation.whole_maps.discoveries import Discoveries
from secondlevel.permutation.whole_maps.search import Search

TABLE = error_rates.ROOT / "validation/results/discoveries.tsv"
DATA_SETS, SHUFFLES, ALPHA = 1000, 199, 0.05
SHAPE = (8, 8, 8)
PLACES = np.indices(SHAPE).reshape(3, -1)
ACTIVE = np.square(PLACES - 3.5).sum(axis=0) < 7.5
OCTANTS = (PLACES >= 4).T @ (1, 2, 4)
SMOOTHING = {"weak": 0.5, "strong": 1.5}  # of the noise, a Gaussian's standard deviation in voxels


@dataclass(frozen=True)
class Case:
    """How a data set is made and tested.

    Attributes
    ----------
    scheme : {"permute", "flip"}
        Of a score of 30 subjects, beside a covariate and an intercept; or of the mean of 20.
    dependence : {"weak", "strong"}
    two_sided : bool
    effect : float
        In standard deviations of an error, for one of the score.
    seed : int
    """

    scheme: str
    dependence: str
    two_sided: bool
    effect: float
    seed: int


CASES = [
    Case("permute", "weak", True, 0.0, 0),
    Case("permute", "strong", True, 0.0, 1),
    Case("permute", "weak", False, 0.8, 4),
    Case("permute", "strong", False, 0.8, 6),
    Case("flip", "weak", False, 0.8, 8),
    Case("flip", "strong", False, 0.8, 10),
]


def data_of(case, rng):
    """A design, whose first column is tested, and maps."""
    if case.scheme == "permute":
        design = np.column_stack([rng.standard_normal((30, 2)), np.ones(30)])
        design[:, 1] += 0.5 * design[:, 0]
    else:
        design = np.ones((20, 1))
    noise = rng.standard_normal((len(design), *SHAPE))
    width = SMOOTHING[case.dependence]
    noise = ndimage.gaussian_filter(noise, (0, width, width, width), mode="wrap").reshape(len(design), -1)
    maps = noise / noise.std()
    maps[:, ACTIVE] += case.effect * design[:, :1]
    return design, maps.astype(np.float32)


def chosen_sets(statistics):
    """The 200 sets of a data set, arrays of bool; some may be empty."""
    ranked = np.sort(statistics)[::-1]
    for number, size in enumerate(np.unique(np.geomspace(1, 400, 60).astype(int))[:40]):
        above = statistics >= ranked[size - 1]
        yield above
        labels = ndimage.label(above.reshape(SHAPE))[0].ravel()
        largest = np.argsort(-np.bincount(labels, minlength=4)[1:], kind="stable")[:3] + 1
        yield from (labels == label for label in largest)
        if number % 10 == 9:
            yield from (above & (octant == OCTANTS) for octant in range(8))
    yield from (octant == OCTANTS for octant in range(8))


def measured(case, number):
    """Of one data set whether one of the sets is an error, whether any set is, and the share of the active found."""
    rng = np.random.default_rng([number, case.seed])
    design, maps = data_of(case, rng)
    split, blocks = partition(design, np.eye(design.shape[1])[0]), Blocks.none(len(design))
    shuffles = plan(design, case.scheme, blocks, SHUFFLES, number)
    test = Ordinary(split, case.two_sided, FreedmanLane.of(split, blocks, case.scheme))
    simes = Discoveries(maps.shape[1], maps.shape[1], {"name": "t", "rank": 1}, split.df, case.two_sided)
    searches = [Search({"discoveries": simes})]
    ((maxima,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(shuffles.count)), searches=searches)
    statistics = tested(observed_statistics(maps, test), case.two_sided)
    limit = log_lambda(maxima[METHOD], ALPHA, maps.shape[1])
    found = levels(simes.evidence(statistics), limit, simes.largest)
    active = ACTIVE if case.effect else np.zeros_like(ACTIVE)
    error = any(at_least(found[chosen]) > active[chosen].sum() for chosen in chosen_sets(statistics))
    return np.array([error, at_least(found[~active]) > 0, at_least(found[active]) / max(active.sum(), 1)])


def sums_of(case, numbers):
    """The sums over some data sets."""
    with error_rates.thread_pools_known():
        return sum(measured(case, number) for number in numbers)


def measure(case, data_sets, jobs):
    """A row of the table."""
    parts = np.array_split(np.arange(data_sets), max(1, data_sets // 100))
    sums = sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(sums_of)(case, part) for part in parts))
    errors, of_all, found = sums / data_sets
    row = {"scheme": case.scheme, "dependence": case.dependence, "sides": 2 if case.two_sided else 1}
    return row | {"effect": case.effect, "errors": errors, "errors_of_all_sets": of_all, "found": found}


def as_markdown(table):
    """The table, rates in per cent and bold where they are above the band."""

    def rate(share):
        text = f"{100 * share:.1f}"
        return f"**{text}**" if share > ALPHA and error_rates.outside(share, DATA_SETS) else text

    lines = ["| scheme | dependence | sides | effect | errors, % | of all sets, % | active voxels found, % |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in table.itertuples():
        found = f"{100 * row.found:.0f}" if row.effect else ""
        cells = [row.scheme, row.dependence, str(row.sides), f"{row.effect:g}", rate(row.errors)]
        lines.append(f"| {' | '.join([*cells, rate(row.errors_of_all_sets), found])} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=DATA_SETS, metavar="N", help="data sets of a case")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    asked = parser.parse_args()
    rows = []
    for case in CASES:
        rows.append(measure(case, asked.data_sets, asked.jobs))
        print(rows[-1], flush=True)
    if asked.data_sets != DATA_SETS:
        print("Not the default number of data sets: nothing is written.")
        return
    table = pd.DataFrame(rows)
    table.to_csv(TABLE, sep="\t", index=False, float_format="%.4g")
    error_rates.write_block(Path(error_rates.PAGE), "true discoveries", as_markdown(table))


if __name__ == "__main__":
    main()
