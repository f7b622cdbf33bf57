"""Measure errors and power of tests of persons who were seen twice: what each shuffle can test, and what none may.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/repeated_measures.py [--data-sets N] [--jobs N]

20 persons of two groups (8 and 12), two sessions each; errors are normal, two thirds of their variance shared by a
person's two maps. Each case is run without an effect, for errors, and with one at a single element of 64, for power.
What the workflow refuses is run all the same here, past the refusal, to show why it does.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import error_rates
import joblib
import numpy as np
import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import fit, partition
from secondlevel.model.tails import log_p_from_t
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.reach import require_moved
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import FreedmanLane
from secondlevel.permutation.statistics.ordinary import Ordinary

TABLE = error_rates.ROOT / "validation/results/repeated_measures.tsv"
DATA_SETS, SHUFFLES = 1000, 199
PERSON = np.repeat(np.arange(20), 2)
GROUP, SESSION, ONE = (PERSON < 8).astype(float), np.tile([0.0, 1.0], 20), np.ones(40)
SHARED = 2 / 3  # of the variance, by the maps of a person
# By formula, the columns of the design.
DESIGNS = {
    "1": [ONE],
    "group + session": [ONE, GROUP, SESSION],
    "group * session": [ONE, GROUP, SESSION, GROUP * SESSION],
    "group:session + session + person": [GROUP * SESSION, SESSION, *(person == PERSON for person in range(20))],
    "session + person": [SESSION, *(person == PERSON for person in range(20))],
}


@dataclass(frozen=True)
class Case:
    """A contrast and how it is tested.

    Attributes
    ----------
    design : str
        A key of DESIGNS.
    contrast : str
        What is tested, the column's name.
    column : int
    test : {"permute", "flip", "Bonferroni"}
    blocks : {"none", "within", "whole"}
    effect : float
        In standard deviations of an error, at one element, where power is measured.
    """

    design: str
    contrast: str
    column: int
    test: str
    blocks: str
    effect: float


CASES = [
    Case("group + session", "group", 1, "permute", "within", 1.5),
    Case("group + session", "group", 1, "permute", "none", 1.5),
    Case("group + session", "group", 1, "Bonferroni", "none", 1.5),
    Case("group + session", "group", 1, "permute", "whole", 1.5),
    Case("group * session", "group", 1, "permute", "within", 1.5),
    Case("group * session", "group × session", 3, "permute", "within", 1.5),
    Case("group * session", "group × session", 3, "permute", "whole", 1.5),
    Case("group:session + session + person", "group × session", 0, "permute", "within", 1.5),
    Case("1", "mean", 0, "flip", "within", 1.0),
    Case("1", "mean", 0, "flip", "whole", 1.0),
    Case("group + session", "session", 2, "permute", "whole", 0.8),
    Case("session + person", "session", 0, "permute", "within", 0.8),
    Case("session + person", "session", 0, "Bonferroni", "within", 0.8),
]


def blocks_of(case):
    """The exchangeability blocks of a case."""
    return Blocks.none(40) if case.blocks == "none" else Blocks.of(PERSON, case.blocks == "whole", "person")


def refused(case, split):
    """Whether the workflow refuses a case."""
    if case.test == "Bonferroni":
        return False
    try:
        require_moved(case.contrast, split, blocks_of(case), case.test)
    except InputError:
        return True
    return False


def least_p(case, number, effect):
    """The least family-wise p value of one data set, and that at the element that has the effect."""
    rng = np.random.default_rng([number, CASES.index(case)])
    noise = rng.standard_normal((40, 64)) @ error_rates.MIX
    shared = rng.standard_normal((20, 64)) @ error_rates.MIX
    maps = np.sqrt(1 - SHARED) * noise + np.sqrt(SHARED) * shared[PERSON]
    design = np.column_stack(DESIGNS[case.design]).astype(float)
    maps[:, 0] += effect * design[:, case.column]
    maps = maps.astype(np.float32)
    split = partition(design, np.eye(design.shape[1])[case.column])
    if case.test == "Bonferroni":
        p = np.minimum(64 * np.exp(log_p_from_t(fit(maps, split).t, split.df, False)), 1)
        return p.min(), p[0]
    blocks = blocks_of(case).ordered(design, {"participant_id": np.arange(40).astype(str)})
    shuffles = plan(design, case.test, blocks, SHUFFLES, number)
    test = Ordinary(split, False, FreedmanLane.of(split, blocks, case.test))
    ((maxima,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(shuffles.count)))
    observed = observed_statistics(maps, test)
    p = fwe_p_values(observed, maxima["maxT"][1:], test.statistic_tie(observed))
    return p.min(), p[0]


def rates_of(case, numbers):
    """How many of some data sets are errors, and in how many the effect is found."""
    with error_rates.thread_pools_known():
        errors = sum(least_p(case, number, 0.0)[0] <= error_rates.ALPHA + 1e-12 for number in numbers)
        found = sum(least_p(case, number, case.effect)[1] <= error_rates.ALPHA + 1e-12 for number in numbers)
    return np.array([errors, found])


def measure(case, data_sets, jobs):
    """A row of the table."""
    design = np.column_stack(DESIGNS[case.design]).astype(float)
    split = partition(design, np.eye(design.shape[1])[case.column])
    parts = np.array_split(np.arange(data_sets), max(1, data_sets // 100))
    counts = sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(rates_of)(case, part) for part in parts))
    errors, power = counts / data_sets
    row = {"contrast": case.contrast, "design": case.design, "test": case.test, "blocks": case.blocks}
    return row | {"refused": "yes" if refused(case, split) else "no", "errors": errors, "power": power}


def as_markdown(table):
    """The table, rates in per cent and bold where the rate of errors is outside the band."""
    lines = ["| contrast | design | test | blocks | errors, % | power, % | |", "|---|---|---|---|---|---|---|"]
    for row in table.itertuples():
        rate = f"{100 * row.errors:.1f}"
        rate = f"**{rate}**" if error_rates.outside(row.errors, DATA_SETS) else rate
        last = "refused" if row.refused == "yes" else ""
        cells = [row.contrast, f"`{row.design}`", row.test, row.blocks, rate, f"{100 * row.power:.0f}", last]
        lines.append(f"| {' | '.join(cells)} |")
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
    error_rates.write_block(Path(error_rates.PAGE), "repeated measures", as_markdown(table))


if __name__ == "__main__":
    main()
