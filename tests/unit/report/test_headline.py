"""What a contrast asks and what was found, in one line each, for contrasts of all kinds."""

import copy

import numpy as np
import pytest

from found import CONTRAST, FOUND, NULL, of_unit
from secondlevel.model.comparison import comparison
from secondlevel.model.terms import variables_of_design
from secondlevel.report.headline import headline
from secondlevel.report.question import direction, in_words
from secondlevel.space.units import EDGES, PARCELS, VERTICES

GROUPS, SITES = ["control", "patient"], ["Ulm", "Bath", "Lund"]
SAMPLE = {
    "group": np.array(GROUPS)[np.arange(12) % 2],
    "site": np.array(SITES)[np.arange(12) % 3],
    "age": np.arange(30, 42).astype(str),
}


def contrast(columns, *rows, centered=None, **more):
    """Findings on a contrast of a design of group, site and age, with some columns."""
    factors = {name: levels for name, levels in (("group", GROUPS), ("site", SITES)) if f"{name}[" in columns}
    about = {
        "design": " + ".join([*factors, *["age"] * ("age" in columns)]) or "1",
        "columns": columns.split(),
        "centered": centered or {},
        "factors": factors,
    }
    compared = comparison(list(rows), variables_of_design(about, SAMPLE))
    return copy.deepcopy(CONTRAST) | {"rows": list(rows), "compared": compared} | more


BOTH = "intercept group[patient] site[Bath] site[Lund] age"
CROSSED = BOTH + " group[patient]:site[Bath] group[patient]:site[Lund]"
SLOPES = "intercept group[patient] age group[patient]:age"
# The columns, the rows, the question, and what a positive and a negative effect says.
ASKED = [
    (
        (BOTH, {"group[patient]": 1.0}),
        "patient minus control, at the same site and age.",
        "patient above control",
        "patient below control",
    ),
    (
        (BOTH, {"site[Bath]": 1.0, "site[Lund]": -1.0}),
        "Bath minus Lund, at the same group and age.",
        "Bath above Lund",
        "Bath below Lund",
    ),
    (
        (BOTH, {"site[Bath]": 0.5, "site[Lund]": 0.5}),
        "-Ulm + 0.5 Bath + 0.5 Lund, at the same group and age.",
        "-Ulm + 0.5 Bath + 0.5 Lund above 0",
        "-Ulm + 0.5 Bath + 0.5 Lund below 0",
    ),
    (
        (CROSSED, {"group[patient]:site[Bath]": 1.0}),
        "patient minus control, in Bath minus in Ulm, at the same age.",
        "patient minus control larger in Bath than in Ulm",
        "patient minus control smaller in Bath than in Ulm",
    ),
    (
        (CROSSED, {"group[patient]": 1.0}),
        "patient minus control, at the same age and where site is Ulm.",
        "patient above control",
        "patient below control",
    ),
    (
        (SLOPES, {"group[patient]:age": 1.0}),
        "The slope of age, patient minus control.",
        "Slope of age larger in patient than in control",
        "Slope of age smaller in patient than in control",
    ),
    ((SLOPES, {"group[patient]": 1.0}), "patient minus control, where age is 0.", "patient above control", None),
    (
        (BOTH, {"age": 1.0}),
        "How much the maps change with age, for each unit of it, at the same group and site.",
        "Higher with age",
        "Lower with age",
    ),
    (
        (BOTH, {"age": -1.0}),
        "How much the maps change with -age, for each unit of it, at the same group and site.",
        "Lower with age",
        "Higher with age",
    ),
    (("intercept", {"intercept": 1.0}), None, "Mean above 0", "Mean below 0"),
    (
        (BOTH, {"age": 1.0, "group[patient]": 1.0}),
        "The combination age + group[patient] of the columns' coefficients.",
        "age + group[patient] above 0",
        "age + group[patient] below 0",
    ),
    (
        (BOTH, {"site[Bath]": 1.0}, {"site[Lund]": 1.0}),
        "Any difference between Ulm, Bath and Lund, at the same group and age.",
        "Any difference between Ulm, Bath and Lund",
        None,
    ),
    (
        (CROSSED, {"group[patient]:site[Bath]": 1.0}, {"group[patient]:site[Lund]": 1.0}),
        "Interaction of group and site, at the same age.",
        "Interaction of group and site",
        None,
    ),
    (
        (BOTH, {"age": 1.0}, {"group[patient]": 1.0}),
        "Whether any of age and group[patient] differs from 0.",
        "Any of age and group[patient]",
        None,
    ),
]


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case[2])
def test_questions_and_directions(case):
    of, question, plus, minus = case
    asked = contrast(*of)
    if question:
        assert in_words(asked, FOUND["columns"]) == question
    assert direction(asked, 1) == plus
    if minus:
        assert direction(asked, -1) == minus


def test_a_centred_number_is_held_at_its_mean():
    asked = contrast(SLOPES, {"group[patient]": 1.0}, centered={"age": 35.5})
    assert in_words(asked, FOUND["columns"]) == "patient minus control, at the mean age, 35.5."


def region(cluster, z, mm=(-45, -51, -15), peak="1", **more):
    x, y, z_mm = map(str, mm)
    return {"cluster": str(cluster), "peak": peak, "x_mm": x, "y_mm": y, "z_mm": z_mm, "z": str(z)} | more


def found(regions, two_sided=False, **more):
    asked = contrast(BOTH, {"group[patient]": 1.0}, **more)
    asked["thresholds"]["fdr"] = asked["thresholds"]["fdr"] | {"two_sided": two_sided}
    asked["tables"] = asked["tables"] | {"maxT": regions}
    return headline(asked)


def test_a_headline_says_what_in_which_direction_and_where():
    one = [region(1, 5.1, label="fusiform"), region(1, 4.2, (1, 2, 3), peak="2", label="elsewhere")]
    assert found(one) == "patient above control: 1 region, peak at (-45, -51, -15) mm, fusiform"
    two = [*one, region(2, 4.0, (9, 9, 9))]
    assert found(two) == "patient above control: 2 regions, highest peak at (-45, -51, -15) mm, fusiform"
    assert found([region(1, 5.1)]) == "patient above control: 1 region, peak at (-45, -51, -15) mm"


def test_both_signs_of_a_two_sided_test_are_told_apart():
    both = [region(1, -6.0, (1, 2, 3)), region(2, 5.1), region(3, -4.9)]
    assert found(both, two_sided=True) == (
        "patient below control: 2 regions, highest peak at (1, 2, 3) mm; "
        "patient above control: 1 region, peak at (-45, -51, -15) mm"
    )
    assert found([region(1, -6.0)], two_sided=True).startswith("patient below control: 1 region, peak")
    assert found([], two_sided=True) == "patient above or below control: no region passes"


def test_an_f_contrast_has_no_sign():
    rows = {"site[Bath]": 1.0}, {"site[Lund]": 1.0}
    asked = contrast(BOTH, *rows) | {"tables": {"maxT": [region(1, -0.3)]}}
    asked["thresholds"]["fdr"] = asked["thresholds"]["fdr"] | {"two_sided": True}
    assert headline(asked) == "Any difference between Ulm, Bath and Lund: 1 region, peak at (-45, -51, -15) mm"


def test_where_no_voxel_passes_the_other_permutation_tests_are_told():
    assert found([]) == "patient above control: no region passes"
    above = {"maxT": 0, "maxExtent": 90, "maxMass": 0, "maxTFCE": 7}
    nulls = {key: NULL | {"voxels_above": n} for key, n in above.items()}
    clusters = [region(1, 4, p_maxExtent="0.05"), region(2, 4, p_maxExtent="0.051"), region(3, 4, p_maxExtent="0.9")]
    tables = {"clusters": clusters, "maxTFCE": [region(1, 4), region(2, 4), region(2, 3, peak="2")]}
    assert found([], nulls=nulls, tables=tables) == (
        "patient above control: no region passes voxel by voxel, 1 by cluster extent and 2 by TFCE"
    )


def test_a_headline_says_places_as_the_maps_have_them():
    rows = {"group[patient]": 1.0}
    place = {"hemisphere": "right", "vertex": "1234", "x_mm": "9.0", "y_mm": "-71.26", "z_mm": "n/a"}
    on_surface = "right hemisphere, vertex 1234"
    for unit, what, at, words in (
        (VERTICES, "region", place, on_surface),
        (VERTICES, "region", place | {"z_mm": "4.0"}, f"{on_surface}, (9, -71.3, 4) mm"),
        (VERTICES, "region", place | {"z_mm": "-0.02"}, f"{on_surface}, (9, -71.3, 0) mm"),
        (PARCELS, "parcel", {"parcel": "cuneus"}, "cuneus"),
        (EDGES, "component", {"node_1": "V1", "node_2": "3"}, "V1 \N{EN DASH} 3"),
    ):
        found = of_unit(unit, at, contrast(BOTH, rows, tables={"maxT": [{"cluster": "1", "peak": "1", "z": "4"} | at]}))
        assert headline(found) == f"patient above control: 1 {what}, peak at {words}"
        other = [{"cluster": "1", "peak": "1", "z": "4", "p_maxTFCE": "0.01"} | at]
        nulls = found["nulls"] | {"maxTFCE": found["nulls"]["maxT"] | {f"{unit.many}_above": 3}}
        passed = found | {"nulls": nulls, "tables": {"maxT": [], "maxTFCE": other}}
        assert headline(passed).endswith(f"no {what} passes {unit.one} by {unit.one}, 1 by TFCE")
