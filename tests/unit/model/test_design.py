import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.design import design_matrix, design_variables

RNG = np.random.default_rng(0)
VARIABLES = pd.DataFrame(RNG.normal(size=(10, 2)), columns=["age", "score"])
INTERCEPT = {"column": "intercept", "constant": 1}
SAMPLE = pd.DataFrame({"participant_id": list("abcd"), "age": ["21", "35", "28", "40"], "group": ["p", "c", "c", "x"]})


def test_columns_stand_in_the_order_of_the_config():
    design = design_matrix([{"column": "fluency", "variable": "score"}, INTERCEPT], VARIABLES)
    assert list(design) == ["fluency", "intercept"]
    np.testing.assert_array_equal(design["fluency"], VARIABLES["score"])
    np.testing.assert_array_equal(design["intercept"], 1)


@pytest.mark.parametrize(
    ("columns", "variables", "words"),
    [
        ([INTERCEPT, INTERCEPT], VARIABLES, ["more than one column named intercept"]),
        ([{"column": "a", "variable": "age"}, INTERCEPT], VARIABLES[:2], ["a, intercept", "only 2 subjects"]),
        (
            [{"column": "a", "variable": "age"}, {"column": "flat", "variable": "flat"}, INTERCEPT],
            VARIABLES.assign(flat=3.0),
            ["flat, intercept are linear combinations"],
        ),
        (
            [{"column": c, "variable": c} for c in ("age", "score", "both")] + [INTERCEPT],
            VARIABLES.assign(both=VARIABLES["age"] - 1e6 * VARIABLES["score"]),
            ["both", "linear combinations"],
        ),
        ([{"column": "zero", "constant": 0}, INTERCEPT], VARIABLES, ["zero are linear combinations"]),
    ],
)
def test_a_design_that_cannot_be_fitted_is_refused_by_column(columns, variables, words):
    with pytest.raises(InputError) as refused:
        design_matrix(columns, variables)
    for word in words:
        assert word in str(refused.value)


def test_columns_of_very_different_scales_are_not_collinear():
    columns = [{"column": "tiny", "variable": "tiny"}, {"column": "a", "variable": "age"}, INTERCEPT]
    assert design_matrix(columns, VARIABLES.assign(tiny=VARIABLES["score"] * 1e-9)).shape == (10, 3)


def test_a_list_of_columns_takes_numbers_only():
    variables, _ = design_variables(SAMPLE, [{"column": "x", "variable": "group"}], {"group": None}, [], "t.tsv")
    with pytest.raises(InputError, match="write the design as a formula"):
        design_matrix([{"column": "x", "variable": "group"}], variables)


def test_variables_are_numbers_and_levels_as_the_design_needs_them():
    variables, about = design_variables(SAMPLE, "group + age", {"group": "p", "site": None}, ["age", "iq"], "t.tsv")
    assert list(variables) == ["group", "age"]
    assert variables["age"].tolist() == [-10, 4, -3, 9]
    assert about == {"centered": {"age": 31}, "scaled": {}, "factors": {"group": ["p", "c", "x"]}}
    assert list(variables["group"].cat.categories) == ["p", "c", "x"]
    first, _ = design_variables(SAMPLE, "group", {"group": None}, [], "t.tsv")
    assert list(first["group"].cat.categories) == ["c", "p", "x"]


@pytest.mark.parametrize("center", [[], ["age"]])
def test_variables_are_scaled_by_the_spread_of_those_who_are_there(center):
    age = np.array([21, 35, 28, 40.0])
    variables, about = design_variables(SAMPLE, "group + age", {"group": None}, center, "t.tsv", ["age", "iq"])
    assert about["scaled"] == {"age": pytest.approx(np.std(age, ddof=1))}
    expected = (age - age.mean() * bool(center)) / np.std(age, ddof=1)
    np.testing.assert_allclose(variables["age"], expected, rtol=1e-14)
    three = design_variables(SAMPLE[:3], "age", {}, [], "t.tsv", ["age"])[1]
    assert three["scaled"]["age"] == pytest.approx(7)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ("group", "config key 'scale' names the factor 'group'; only numbers have a spread"),
        ("flat", "flat has one value only in the kept subjects of t.tsv, so that it cannot be scaled; take it out of"),
        ("tenth", "tenth has one value only in the kept subjects of t.tsv"),
    ],
)
@pytest.mark.parametrize("center", [True, False])
def test_what_cannot_be_scaled_is_refused(design, words, center):
    sample = SAMPLE.assign(flat="0", tenth="0.1")
    factors, center = {"group": None} if design == "group" else {}, [design] if center and design != "group" else []
    with pytest.raises(InputError, match=words):
        design_variables(sample, design, factors, center, "t.tsv", [design])


@pytest.mark.parametrize(
    ("rows", "factors", "center", "words"),
    [
        (4, {}, [], "column 'group' is not a number for subject a"),
        (
            4,
            {"group": "C"},
            [],
            "config key 'factors.group': 'C' is no level of group .* of t.tsv; its levels are c, p, x",
        ),
        (1, {"group": None}, [], "The factor group has only the level 'p' in the kept subjects of t.tsv"),
        (4, {"group": None}, ["group"], "config key 'center' names the factor 'group'; only numbers have a mean"),
    ],
)
def test_variables_that_are_not_as_the_design_needs_them_are_refused(rows, factors, center, words):
    with pytest.raises(InputError, match=words):
        design_variables(SAMPLE[:rows], "group", factors, center, "t.tsv")


@pytest.mark.parametrize("other", ["Zo\u0065\u0308 b", "Zoë  b", "Zoë\xa0b", "Zo\u200bë b", "Zoë\u00ad b"])
def test_levels_that_look_the_same_are_refused_with_two_who_have_them(other):
    sample = SAMPLE.assign(group=["Zoë b", "c", "Zoë b", other])
    with pytest.raises(InputError, match="t.tsv: the factor group has two levels that look the same, .* for a and d;"):
        design_variables(sample, "group", {"group": None}, [], "t.tsv")
    alike = SAMPLE.assign(group=["a", "A", "a1", "a-1"])  # these do not
    assert design_variables(alike, "group", {"group": None}, [], "t.tsv")[1]["factors"] == {
        "group": ["A", "a", "a-1", "a1"]
    }
