"""Measure errors and power where rows depend on each other: visits with some missing, families, sites.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/dependent.py [--data-sets N] [--jobs N] [--again]

Each kind of data is tested as it should be, by nested blocks or by a cluster-robust statistic, and beside it as it is
often done. Errors are counted over 64 elements without an effect, power at a single element with one, found among all
of them or tested alone. A case that should hold its rate but lies outside the 95 % band of its data sets is measured on
twice as many new ones: one in twenty lies outside by chance.
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
DATA_SETS, MORE, SHUFFLES, ELEMENTS = 500, 2, 199, 64
WITHIN, WHOLE, BOTH = "within", "whole", "both"


def levels(*named):
    """Blocks as in the config, from pairs of a variable and what is shuffled."""
    return [{"variable": variable, "shuffle": shuffle} for variable, shuffle in named]


# How rows are tested, by what the table calls it: the statistic, the scheme, and the blocks.
ROBUST, PERMUTE, BONFERRONI = "cluster-robust t", "t, no blocks", "t, Bonferroni"
FLIPS, COLUMNS = "t, flips of whole persons", "t, persons as columns, within them"
TESTS = {
    ROBUST: ({"cluster_robust": "person"}, "flip", levels(("person", WHOLE))),
    PERMUTE: ("t", "permute", None),
    BONFERRONI: ("t", "permute", None),
    FLIPS: ("t", "flip", levels(("person", WHOLE))),
    COLUMNS: ("t", "permute", levels(("person", WITHIN))),
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


def more_people(rng):
    """The same with 20 patients and 20 controls."""
    return visits(rng, patients=20, people=40)


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
    "visits, 20 and 20 people": more_people,
    "twins": siblings,
    "sites": sites,
}
EFFECTS = {"group": 2.0, "time": 0.6, "group × time": 1.2, "mood within": 0.6, "mood between": 1.2}
EFFECTS |= {"score": 0.8, "patient": 1.6}  # in standard deviations of an error, at one element
INSIDE = ("time", "group × time", "mood within")  # what is left of the design where persons are columns
TEN, FOUR, TWENTY = list(DATA)[:3]
CASES = [
    Case(TEN, contrast, test, test in (ROBUST, FLIPS) or (contrast, test) == ("mood within", COLUMNS))
    for contrast in ("group", "time", "group × time", "mood within", "mood between")
    for test in (ROBUST, FLIPS, PERMUTE, *([COLUMNS] if contrast in INSIDE else []))
]
CASES += [Case(TWENTY, "time", test, test != PERMUTE) for test in (ROBUST, FLIPS, PERMUTE)]
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
    """The least family-wise p value of one data set, that at the element that has the effect, and its own p there."""
    columns, sample, maps = DATA[case.data](np.random.default_rng([number, list(DATA).index(case.data)]))
    maps[:, 0] += effect * columns[case.contrast]
    if case.test == COLUMNS:
        persons = np.eye(max(sample["person"]) + 1)[sample["person"]].T
        columns = {name: columns[name] for name in INSIDE} | dict(enumerate(persons))
    design, maps = np.column_stack(list(columns.values())), maps.astype(np.float32)
    split = partition(design, np.eye(design.shape[1])[list(columns).index(case.contrast)])
    if case.test == BONFERRONI:
        alone = np.exp(log_p_from_t(fit(maps, split).t, split.df, True))
        p = np.minimum(ELEMENTS * alone, 1)
        return p.min(), p[0], alone[0]
    statistic, scheme, blocks = TESTS[case.test]
    sample = {name: labels.astype(str) for name, labels in sample.items()}
    sample["participant_id"] = np.arange(len(maps)).astype(str)
    permutation = {"statistic": statistic, "scheme": scheme, "blocks": blocks, "count": SHUFFLES, "seed": number}
    whole_maps = {"clusters": None, "tfce": None}
    settings = Settings.of(permutation | {"nuisance": "freedman-lane"}, True, whole_maps, sample, None)
    test = {"a": ContrastTest.of(settings, design, split)}
    null = chunk_nulls(maps, test, 0, 1, True, 1, lambda total, what: None)["a"]
    p = fwe_p_values(null.evidence("maxT"), null.maxima["maxT"][1:], null.tie["maxT"])
    return p.min(), p[0], (1 + null.reached[0]) / null.size


def rates_of(case, numbers):
    """How many of some data sets are errors, and in how many the effect is found, among all elements and alone."""
    with error_rates.thread_pools_known():
        without = np.array([least_p(case, number, 0.0) for number in numbers])
        with_it = np.array([least_p(case, number, EFFECTS[case.contrast]) for number in numbers])
    p_values = np.column_stack([without[:, 0], with_it[:, 1:]])
    return (p_values <= error_rates.ALPHA + 1e-12).sum(axis=0)


def errors_of(case, numbers):
    """How many of some data sets without an effect are errors."""
    with error_rates.thread_pools_known():
        return sum(least_p(case, number, 0.0)[0] <= error_rates.ALPHA + 1e-12 for number in numbers)


def again(row, jobs):
    """The rate of errors of a row of the table on new data sets, if it should hold and lies outside; else NaN."""
    if row.valid == "no" or not error_rates.outside(row.errors, row.data_sets):
        return np.nan
    case = Case(row.data, row.contrast, row.test, True)
    parts = np.array_split(np.arange(row.data_sets, (1 + MORE) * row.data_sets), 4 * MORE)
    found = joblib.Parallel(n_jobs=jobs)(joblib.delayed(errors_of)(case, part) for part in parts)
    return sum(found) / (MORE * row.data_sets)


def measure(case, data_sets, jobs):
    """A row of the table."""
    parts = np.array_split(np.arange(data_sets), max(1, data_sets // 100))
    errors, power, alone = (
        sum(joblib.Parallel(n_jobs=jobs)(joblib.delayed(rates_of)(case, part) for part in parts)) / data_sets
    )
    row = {"data": case.data, "contrast": case.contrast, "test": case.test, "valid": "yes" if case.valid else "no"}
    return row | {"errors": errors, "power": power, "power_alone": alone, "data_sets": data_sets}


def as_markdown(table):
    """The table, rates in per cent and bold where the rate of errors is outside the band."""
    named = "data", "contrast", "test", "valid", "errors, %", "power, %", "power alone, %"
    lines = [f"| {' | '.join(named)} |", "|---" * len(named) + "|"]
    for row in table.itertuples():
        rate = f"{100 * row.errors:.1f}"
        rate = f"**{rate}**" if error_rates.outside(row.errors, row.data_sets) else rate
        if not np.isnan(row.errors_again):
            more = f"{100 * row.errors_again:.1f}"
            rate += f" → **{more}**" if error_rates.outside(row.errors_again, MORE * row.data_sets) else f" → {more}"
        cells = [row.data, row.contrast, row.test, row.valid, rate]
        cells += [f"{100 * power:.0f}" for power in (row.power, row.power_alone)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=DATA_SETS, metavar="N", help="data sets of a case")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--again", action="store_true", help="of the stored table, only what is measured again")
    asked = parser.parse_args()
    rows = pd.read_csv(TABLE, sep="\t").drop(columns="errors_again", errors="ignore").to_dict("records")
    if not asked.again:
        rows = []
        for case in CASES:
            rows.append(measure(case, asked.data_sets, asked.jobs))
            print(rows[-1], flush=True)
    if asked.data_sets != DATA_SETS:
        print("Not the default number of data sets: nothing is written.")
        return
    table = pd.DataFrame(rows)
    table["errors_again"] = [again(row, asked.jobs) for row in table.itertuples()]
    table.to_csv(TABLE, sep="\t", index=False, float_format="%.4g")
    error_rates.write_block(Path(error_rates.PAGE), "dependent rows", as_markdown(table))


if __name__ == "__main__":
    main()
