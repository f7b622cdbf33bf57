"""The table of the sample's characteristics, against pandas."""

import json

import numpy as np
import pandas as pd
import pytest

from secondlevel.model.comparison import comparison
from secondlevel.model.groups import groups_of
from secondlevel.model.terms import variables_of_design
from secondlevel.report.characteristics import COLUMNS, characteristics, units_of
from secondlevel.report.page import by_evidence
from secondlevel.report.table_one import table_one

RNG = np.random.default_rng(3)
N = 30
TABLE = pd.DataFrame(
    {
        "participant_id": [f"s{n}" for n in range(N)],
        "map": [f"{n}.nii" for n in range(N)],
        "group": np.array(["patient", "control"])[RNG.integers(0, 2, N)],
        "site": np.array(["Ulm", "Bath", "Lund"])[np.arange(N) % 3],
        "age": RNG.normal(40, 9, N).round(1).astype(str),
        "smokes": ["n/a", *RNG.integers(0, 2, N - 1).astype(str)],
        "note": [f"note {n}" for n in range(N)],
        "score": ["", "n/a", *RNG.normal(9, 2, N - 2).round(2).astype(str)],
    }
)
SAMPLE = {name: TABLE[name].to_numpy(dtype=str) for name in TABLE}
ABOUT = {
    "design": "age + group + site",
    "columns": ["intercept", "age", "group[patient]", "site[Bath]", "site[Ulm]"],
    "centered": {"age": 40.0},
    "factors": {"group": ["control", "patient"], "site": ["Lund", "Bath", "Ulm"]},
}
VARIABLES = variables_of_design(ABOUT, SAMPLE)


def made(*weighed):
    groups = groups_of(VARIABLES, [comparison([row], VARIABLES) for row in weighed])
    return groups, characteristics(SAMPLE, VARIABLES, groups)


def test_groups_are_those_that_the_first_contrast_of_groups_compares():
    assert list(made({"age": 1.0}, {"site[Bath]": 1.0})[0]) == ["Lund", "Bath", "Ulm"]
    assert list(made({"age": 1.0})[0]) == ["control", "patient"]
    alone = variables_of_design(ABOUT | {"design": "age", "columns": ["age"], "factors": {}}, SAMPLE)
    assert groups_of(alone, [comparison([{"age": 1.0}], alone)]) == {}


def test_numbers_and_counts_are_those_of_pandas_and_not_centred():
    groups, rows = made({"group[patient]": 1.0})
    found = pd.DataFrame(rows, columns=list(COLUMNS)).set_index(["variable", "group"])
    numbers = TABLE.assign(**{name: pd.to_numeric(TABLE[name], errors="coerce") for name in ("age", "score")})
    for group in ("control", "patient", "all"):
        part = numbers if group == "all" else numbers[numbers["group"] == group]
        for name in ("age", "score"):
            row, expected = found.loc[(name, group)], part[name]
            assert row["n"] == expected.count()
            for key, value in {
                "mean": expected.mean(),
                "sd": expected.std(),
                "minimum": expected.min(),
                "maximum": expected.max(),
            }.items():
                assert row[key] == pytest.approx(value)
        counts = found.loc[("site", group)].set_index("level")["n"]
        assert counts.to_dict() == part["site"].value_counts().to_dict()
        share = found.loc[("smokes", group)].set_index("level")["share"]
        there = part.loc[part["smokes"] != "n/a", "smokes"]
        assert share.to_dict() == pytest.approx(there.value_counts(normalize=True).to_dict())
        assert found.loc[("maps", group), "n"] == len(part)
    assert "note" not in found.index.get_level_values(0)  # as many labels as rows
    assert "group" not in found.index.get_level_values(0)  # which the columns tell
    assert list(counts.index) == ["Lund", "Bath", "Ulm"]  # the reference first


def test_people_read_a_column_for_each_group():
    rows = [{key: "n/a" if value is None else str(value) for key, value in row.items()} for row in made({"age": 1})[1]]
    table = table_one(rows)
    assert table["groups"] == ["control", "patient", "all"]
    named = {row["name"]: row["cells"] for row in table["rows"]}
    age = TABLE["age"].astype(float)
    assert named["age"][2] == f"{age.mean():.4g} ({age.std():.3g}), {age.min():.4g} to {age.max():.4g}"
    assert named["site: Ulm"][2] == "10 (33 %)"
    assert named["maps"][2] == "30"


def test_one_subject_has_no_spread():
    first = {name: cells[:1] for name, cells in SAMPLE.items()}
    rows = characteristics(first, variables_of_design(ABOUT, first), {})
    assert [row["variable"] for row in rows][:2] == ["maps", "group"]
    assert all(row["sd"] is None for row in rows)


@pytest.mark.parametrize(
    ("told", "unit"),
    [
        ([{"Units": "% signal change"}] * 2, "% signal change"),
        ([{"Units": "ml"}, {"Units": "l"}], None),
        ([{"Units": "ml"}, {}], None),
        ([{"Units": 3}] * 2, None),
        ([[]], None),
        ([], None),
    ],
)
def test_the_unit_is_what_all_sidecars_tell(told, unit, tmp_path):
    paths = [tmp_path / f"{number}.json" for number in range(len(told))]
    for path, content in zip(paths, told, strict=True):
        path.write_text(json.dumps(content))
    assert units_of(paths) == unit
    if paths:
        paths[-1].write_text("no JSON")
        assert units_of(paths) is None


def test_clusters_far_from_evidence_are_folded_whole():
    rows = [
        {"cluster": "1", "p_maxT": "0.9", "p_maxMass": "0.2"},
        {"cluster": "2", "p_maxT": "0.3", "p_maxMass": "0.21"},
        {"cluster": "2", "p_maxT": "0.9", "p_maxMass": ""},
        {"cluster": "1", "p_maxT": "0.95", "p_maxMass": ""},
    ]
    shown, folded = by_evidence("clusters", rows)
    assert [row["cluster"] for row in shown] == ["1", "1"]
    assert [row["cluster"] for row in folded] == ["2", "2"]
    assert by_evidence("fdr", rows) == (rows, [])  # these pass
