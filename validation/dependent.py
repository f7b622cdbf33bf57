"""Measure errors and power where rows depend on each other: visits with some missing, families, sites.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/dependent.py [--data-sets N] [--jobs N]

Each kind of data is tested as it should be, by nested blocks or by a cluster-robust statistic, and beside it as it is
often done. Errors are counted over 64 elements without an effect, power at a single element with one.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import error_rates
import joblib
import numpy as np
import pandas as pd

from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import fit, partition
from secondlevel.model.split import parts_of
from secondlevel.model.tails import log_p_from_t
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls

TABLE = error_rates.ROOT / "validation/results/dependent.tsv"
DATA_SETS, SHUFFLES, ELEMENTS = 300, 199, 64
WITHIN, WHOLE, BOTH = "within", "whole", "both"


def levels(*named):
    """Blocks as in the config, from pairs of a variable and what is shuffled."""
    return [{"variable": variable, "shuffle": shuffle} for variable, shuffle in named]


# How rows are tested, by what the table calls it: the statistic, the scheme, and the blocks.
ROBUST, PERMUTE, BONFERRONI = "cluster-robust t", "t, no blocks", "t, Bonferroni"
FLIPS = "t, flips of whole persons"
TESTS = {
    ROBUST: ({"cluster_robust": "person"}, "flip", levels(("person", WHOLE))),
    PERMUTE: ("t", "permute", None),
    BONFERRONI: ("t", "permute", None),
    FLIPS: ("t", "flip", levels(("person", WHOLE))),
    "t, kinds within, families both": ("t", "permute", levels(("kind", WITHIN), ("family", BOTH))),
    "t, families whole in sites": ("t", "permute", levels(("site", WITHIN), ("family", WHOLE))),
    "t, families whole": ("t", "permute", levels(("family", WHOLE))),
    "t, within sites": ("t", "permute", levels(("site", WITHIN))),
}


@dataclass(frozen=True)
class Case:
    """Data and how they are tested.

    Attributes
    ----------
    data : str
        A key of DATA.
    contrast : str
        A column of the design.
    test : str
        A key of TESTS.
    valid : bool
        Whether theory says that it holds its rate, if only approximately.
    """

    data: str
    contrast: str
    test: str
    valid: bool


def spread(rng, rows):
    """Noise of some rows at all elements, alike in neighbours."""
    return rng.standard_normal((rows, ELEMENTS)) @ error_rates.MIX


def visits(rng, patients=10, people=20):
    """Two to five visits of each person, with intercepts and slopes of their own."""
    number = rng.integers(2, 6, people)
    person = np.repeat(np.arange(people), number)
    time = np.concatenate([np.arange(n) for n in number]) + rng.uniform(-0.3, 0.3, len(person))
    group = (person < patients).astype(float)
    mood = rng.standard_normal(people)[person] + rng.standard_normal(len(person))
    within, between = parts_of(mood, person)
    errors = spread(rng, people)[person] + 0.5 * time[:, None] * spread(rng, people)[person] + spread(rng, len(person))
    columns = {"one": np.ones(len(person)), "group": group, "time": time, "group × time": group * time}
    return columns | {"mood within": within, "mood between": between}, {"person": person}, errors


def unequal_groups(rng):
    """The same with 4 patients and 16 controls."""
    return visits(rng, patients=4)


def siblings(rng, kinds=(14, 14)):
    """Pairs of identical and of fraternal twins, alike by .8 and by .4, the score too."""
    family = np.repeat(np.arange(sum(kinds)), 2)
    kind = (family < kinds[0]).astype(int)
    shared = np.where(kind, 0.8, 0.4)

    def alike(noise):
        own, common = noise(len(family)), noise(sum(kinds))[family]
        shares = shared.reshape(-1, *[1] * (own.ndim - 1))
        return np.sqrt(shares) * common + np.sqrt(1 - shares) * own

    columns = {"one": np.ones(len(family)), "kind": kind.astype(float), "score": alike(rng.standard_normal)}
    return columns, {"family": family, "kind": kind, "person": family}, alike(lambda rows: spread(rng, rows))


def sites(rng):
    """Pairs of siblings in three sites, one of which has few patients and three times the standard deviation."""
    patients, families = (3, 9, 9), 12
    site = np.repeat(np.arange(3), 2 * families)
    family = np.repeat(np.arange(3 * families), 2)
    patient = np.concatenate([np.arange(families) < n for n in patients]).astype(float)[family]
    scale = np.array([3.0, 1, 1])[site][:, None]
    errors = scale * (np.sqrt(0.6) * spread(rng, 3 * families)[family] + np.sqrt(0.4) * spread(rng, len(family)))
    columns = {f"site {number}": (site == number).astype(float) for number in range(3)}
    return columns | {"patient": patient}, {"site": site, "family": family, "person": family}, errors


DATA = {
    "visits, 10 and 10 people": visits,
    "visits, 4 and 16 people": unequal_groups,
    "twins": siblings,
    "sites": sites,
}
EFFECTS = {"group": 2.0, "time": 0.6, "group × time": 1.2, "mood within": 0.6, "mood between": 1.2}
EFFECTS |= {"score": 0.8, "patient": 1.6}  # in standard deviations of an error, at one element
TEN, FOUR = list(DATA)[:2]
CASES = [
    Case(TEN, contrast, test, test == ROBUST)
    for contrast in ("group", "time", "group × time", "mood within", "mood between")
    for test in (ROBUST, PERMUTE, FLIPS)
]
CASES += [
    Case(FOUR, contrast, test, test == ROBUST) for contrast in ("group", "group × time") for test in (ROBUST, PERMUTE)
]
CASES += [
    Case("twins", "score", test, test in (ROBUST, "t, kinds within, families both"))
    for test in ("t, kinds within, families both", ROBUST, PERMUTE, BONFERRONI)
]
CASES += [
    Case("sites", "patient", test, test in (ROBUST, "t, families whole in sites"))
    for test in ("t, families whole in sites", ROBUST, "t, families whole", "t, within sites", BONFERRONI)
]


def least_p(case, number, effect):
    """The least family-wise p value of one data set, and that at the element that has the effect."""
    columns, sample, maps = DATA[case.data](np.random.default_rng([number, list(DATA).index(case.data)]))
    maps[:, 0] += effect * columns[case.contrast]
    design, maps = np.column_stack(list(columns.values())), maps.astype(np.float32)
    split = partition(design, np.eye(design.shape[1])[list(columns).index(case.contrast)])
    if case.test == BONFERRONI:
        p = np.minimum(ELEMENTS * np.exp(log_p_from_t(fit(maps, split).t, split.df, True)), 1)
        return p.min(), p[0]
    statistic, scheme, blocks = TESTS[case.test]
    sample = {name: labels.astype(str) for name, labels in sample.items()}
    sample["participant_id"] = np.arange(len(maps)).astype(str)
    permutation = {"statistic": statistic, "scheme": scheme, "blocks": blocks, "count": SHUFFLES, "seed": number}
    whole_maps = {"clusters": None, "tfce": None}
    settings = Settings.of(permutation | {"nuisance": "freedman-lane"}, True, whole_maps, sample, None)
    test = {"a": ContrastTest.of(settings, design, split)}
    null = chunk_nulls(maps, test, 0, 1, False, 1, lambda total, what: None)["a"]
    p = fwe_p_values(null.evidence("maxT"), null.maxima["maxT"][1:], null.tie["maxT"])
    return p.min(), p[0]


def rates_of(case, numbers):
    """How many of some data sets are errors, and in how many the effect is found."""
    with error_rates.thread_pools_known():
        errors = sum(least_p(case, number, 0.0)[0] <= error_rates.ALPHA + 1e-12 for number in numbers)
        found = sum(least_p(case, number, EFFECTS[case.contrast])[1] <= error_rates.ALPHA + 1e-12 for number in numbers)
    return np.array([errors, found])


def measure(case, data_sets, jobs):
    """A row of the table."""
    parts = np.array_split(np.arange(data_sets), max(1, data_sets // 100))
    errors, power = (
        sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(rates_of)(case, part) for part in parts)) / data_sets
    )
    row = {"data": case.data, "contrast": case.contrast, "test": case.test, "valid": "yes" if case.valid else "no"}
    return row | {"errors": errors, "power": power, "data_sets": data_sets}


def as_markdown(table):
    """The table, rates in per cent and bold where the rate of errors is outside the band."""
    lines = ["| data | contrast | test | valid | errors, % | power, % |", "|---|---|---|---|---|---|"]
    for row in table.itertuples():
        rate = f"{100 * row.errors:.1f}"
        rate = f"**{rate}**" if error_rates.outside(row.errors, row.data_sets) else rate
        cells = [row.data, row.contrast, row.test, row.valid, rate, f"{100 * row.power:.0f}"]
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
    error_rates.write_block(Path(error_rates.PAGE), "dependent rows", as_markdown(table))


if __name__ == "__main__":
    main()
