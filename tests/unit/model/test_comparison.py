"""What contrasts compare, against the coefficients of the model and estimated marginal means of statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from secondlevel.model.aliasing import fitted_design
from secondlevel.model.cell_means import cell_means
from secondlevel.model.comparison import comparison, label
from secondlevel.model.design import design_variables
from secondlevel.model.terms import variables_of_design

N = 48
RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(
    {
        "participant_id": [f"s{n}" for n in range(N)],
        "group": np.array(["control", "patient", "a:b[c]"])[RNG.integers(0, 3, N)],
        "site": np.array(["Ulm", "Bath"])[np.arange(N) % 2],
        "visit": np.array(["pre", "post"])[np.arange(N) // 2 % 2],
        "person": [f"p{n // 4}" for n in range(N)],
        "arm": np.array(["drug", "sugar"])[np.arange(N) // 4 % 2],
        "age": RNG.normal(40, 9, N).round(1).astype(str),
        "iq": RNG.normal(100, 15, N).round().astype(str),
        "male": RNG.integers(0, 2, N).astype(str),
        "one": (np.arange(N) % 3 == 0).astype(int).astype(str),
        "two": (np.arange(N) % 3 == 1).astype(int).astype(str),
        "three": (np.arange(N) % 3 == 2).astype(int).astype(str),
    }
)
Y = RNG.normal(size=N)


def compared_by(design, weights, factors=(), center=()):
    """The comparison of a contrast, its effects, and what is drawn of it."""
    sample = TABLE.astype(object)
    variables, about = design_variables(sample, design, dict.fromkeys(factors), list(center), "t.tsv")
    matrix, rows, dropped = fitted_design(design, variables, [{"name": "c", "weights": weights}])
    about |= {"design": design, "columns": list(matrix), "dropped": dropped}
    found = variables_of_design(about, {name: TABLE[name].to_numpy(dtype=str) for name in TABLE})
    weights = [{n: w for n, w in zip(matrix, row, strict=True) if w} for row in rows["c"]]
    compared = comparison(weights, found)
    coefficients = np.linalg.lstsq(matrix.to_numpy(), Y, rcond=None)[0]
    drawn = compared and cell_means(Y, matrix.to_numpy(), list(matrix), compared, found)
    return compared, rows["c"] @ coefficients, drawn, matrix


CASES = [
    ("group + age", "group[patient]", ["group"], []),
    ("group + age", "group[patient] - group[control]", ["group"], ["age"]),
    ("0 + group + age", "group[patient]", ["group"], []),
    ("0 + group + age", "group[patient] - 0.5 * group[control] - 0.5 * group[a:b[c]]", ["group"], ["age"]),
    ("group * age", "group[patient]", ["group"], []),
    ("group * age", "group[patient]", ["group"], ["age"]),
    ("group * age", "group[patient]:age", ["group"], ["age"]),
    ("group * age + iq", "age", ["group"], []),
    ("group * age", "age + 1/2 * group[patient]:age", ["group"], []),
    ("group * site", "group[patient]:site[Ulm]", ["group", "site"], []),
    ("group * site + iq", ["group[patient]:site[Ulm]", "group[control]:site[Ulm]"], ["group", "site"], []),
    ("group * site", "group[patient]", ["group", "site"], []),
    ("visit * arm + person", "visit[pre]:arm[sugar]", ["visit", "arm", "person"], []),
    ("visit + person", "visit[pre]", ["visit", "person"], []),
    ("male + age", "male", [], []),
    ("age + iq", "iq", [], ["iq"]),
    ("1", "intercept", [], []),
    (
        [{"column": "p", "variable": "one"}, {"column": "q", "variable": "two"}, {"column": "r", "variable": "three"}],
        "p - r",
        [],
        [],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}"[:60])
def test_weighted_means_or_slopes_of_cells_are_the_effect(case):
    compared, effects, drawn, _ = compared_by(*case)
    means = drawn.means[:, 0]
    if compared.slope:
        means = (drawn.means[:, -1] - means) / (drawn.places[:, -1] - drawn.places[:, 0])
    assert not np.isnan(means[compared.weights.any(axis=0)]).any()
    np.testing.assert_allclose(compared.weights @ np.nan_to_num(means), effects, atol=1e-9)


def test_what_is_no_comparison_of_cells_is_none():
    for weights in ("age - iq", ["age", "iq"], "age + group[patient]", "intercept + age"):
        assert compared_by("age + iq + group", weights, ["group"])[0] is None


def test_a_design_with_another_constant_is_none():
    columns = [{"column": "male", "variable": "male"}, {"column": "k", "constant": 2}]
    assert compared_by(columns, "male")[0] is None


def test_others_are_held_only_where_the_contrast_depends_on_them():
    assert compared_by("group + age", "group[patient]", ["group"])[0].held == {}
    assert compared_by("group + age", "group[patient]", ["group"])[0].same == ["age"]
    assert compared_by("group * age", "group[patient]", ["group"])[0].held == {"age": 0}
    centred = compared_by("group * age", "group[patient]", ["group"], ["age"])[0].held
    assert centred == {"age": pytest.approx(TABLE["age"].astype(float).mean())}
    assert compared_by("group * site", "group[patient]", ["group", "site"])[0].held == {"site": "Bath"}
    assert compared_by("group * age", "age", ["group"])[0].held == {"group": "a:b[c]"}
    assert compared_by("0 + group + age", "group[patient]", ["group"])[0].held == {"age": 0}


def test_an_interaction_is_told_from_differences():
    both = ["group", "site"]
    assert compared_by("group * site", "group[patient]:site[Ulm]", both)[0].is_interaction
    assert not compared_by("group * site", "group[patient]", both)[0].is_interaction
    assert not compared_by("group + site", ["group[patient]", "site[Ulm]"], both)[0].is_interaction
    assert not compared_by("0 + group", "group[patient]", ["group"])[0].is_difference


def test_cells_of_variables_of_0_and_1_are_named_by_their_value_or_as_columns():
    assert list(map(label, compared_by("male + age", "male")[0].cells)) == ["male = 0", "male = 1"]
    assert list(map(label, compared_by(*CASES[-1])[0].cells)) == ["p", "q", "r"]


def test_means_and_intervals_are_those_of_the_model_at_the_mean_of_the_others():
    compared, _, drawn, _ = compared_by("group + age", "group[patient]", ["group"])
    table = TABLE.assign(age=TABLE["age"].astype(float), y=Y)
    fit = smf.ols("y ~ C(group) + age", table).fit()
    at = pd.DataFrame({"group": [cell["group"] for cell in compared.cells], "age": table["age"].mean()})
    expected = fit.get_prediction(at).summary_frame()
    np.testing.assert_allclose(drawn.means[:, 0], expected["mean"])
    np.testing.assert_allclose(drawn.half[:, 0], expected["mean_ci_upper"] - expected["mean"])
    shift = fit.params["age"] * (table["age"] - table["age"].mean())
    np.testing.assert_allclose(drawn.values, Y - shift)
    assert drawn.count.tolist() == [(TABLE["group"] == cell["group"]).sum() for cell in compared.cells]


def test_lines_and_bands_are_those_of_the_model_over_the_numbers_of_the_table():
    compared, _, drawn, _ = compared_by("group * age", "group[patient]:age", ["group"], ["age"])
    table = TABLE.assign(age=TABLE["age"].astype(float), y=Y)
    fit = smf.ols("y ~ C(group) * age", table).fit()
    for number, cell in enumerate(compared.cells):
        at = pd.DataFrame({"group": cell["group"], "age": drawn.places[number]})
        expected = fit.get_prediction(at).summary_frame()
        np.testing.assert_allclose(drawn.means[number], expected["mean"])
        np.testing.assert_allclose(drawn.half[number], expected["mean_ci_upper"] - expected["mean"])
        of_cell = table.loc[table["group"] == cell["group"], "age"]
        assert drawn.places[number, [0, -1]].tolist() == [of_cell.min(), of_cell.max()]
    np.testing.assert_allclose(drawn.x, table["age"])
    np.testing.assert_allclose(drawn.values, Y)


def test_persons_within_groups_keep_the_means_of_their_group():
    compared, _, drawn, _ = compared_by("visit * arm + person", "visit[pre]:arm[sugar]", ["visit", "arm", "person"])
    for number, cell in enumerate(compared.cells):  # balanced, so the model's means are the plain ones
        inside = (TABLE["visit"] == cell["visit"]) & (TABLE["arm"] == cell["arm"])
        assert drawn.means[number, 0] == pytest.approx(Y[inside].mean())


def test_a_cell_without_a_subject_has_no_mean():
    table = TABLE[(TABLE["group"] != "patient") | (TABLE["site"] == "Ulm")]
    sample = {name: table[name].to_numpy(dtype=str) for name in table}
    variables, about = design_variables(table.astype(object), "group + site", {"group": None, "site": None}, [], "t")
    matrix, _, _ = fitted_design("group + site", variables, [{"name": "c", "weights": "group[patient]"}])
    found = variables_of_design(about | {"design": "group + site", "columns": list(matrix)}, sample)
    compared = comparison([{"group[patient]": 1.0}, {"site[Ulm]": 1.0}], found)
    drawn = cell_means(Y[: len(table)], matrix.to_numpy(), list(matrix), compared, found)
    empty = compared.cells.index({"group": "patient", "site": "Bath"})
    assert drawn.count[empty] == 0
    assert np.isnan(drawn.means[empty, 0])
    assert not np.isnan(np.delete(drawn.means[:, 0], empty)).any()


def test_a_variable_whose_name_looks_like_a_product_is_itself():
    about = {"design": "`a:b` + b + a", "columns": ["intercept", "a:b", "b", "a"], "centered": {}, "factors": {}}
    sample = {name: np.array(["1", "2", "5"]) for name in ("a", "b", "a:b")}
    terms = variables_of_design(about, sample).terms
    assert [terms[name].numbers for name in about["columns"]] == [(), ("a:b",), ("b",), ("a",)]
    about = {"design": "a * b", "columns": ["a", "b", "a:b"], "centered": {}, "factors": {}}
    assert variables_of_design(about, sample).terms["a:b"].numbers == ("a", "b")
