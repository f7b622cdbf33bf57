"""Designs some of whose columns others hold, against pseudo-inverses of the whole design."""

import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.base.wording import left_out
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.contrasts import contrast_weights
from secondlevel.model.design import collinear_columns, design_matrix
from secondlevel.model.formula import formula_columns, formula_matrix


def nested(rng, groups=2, subjects=4, times=3, numbers=False):
    """Subjects in groups, each seen several times, and a covariate that is the same in each subject's rows."""
    rows = [(f"g{g}", f"s{g}{s}", f"t{t}", t) for g in range(groups) for s in range(subjects) for t in range(times)]
    data = pd.DataFrame(rows, columns=["group", "subject", "time", "day"])
    data["age"] = np.repeat(rng.normal(size=groups * subjects), times)
    if numbers:
        data["time"] = data["day"] + rng.normal(size=len(data))
    else:
        data["time"] = data["time"].astype("category")
    return data.astype({"group": "category", "subject": "category"})


def contrast(weights, name="c"):
    return {"name": name, "weights": weights}


def test_a_group_that_subjects_hold_goes_and_its_interaction_is_tested():
    rng = np.random.default_rng(0)
    data = nested(rng, times=2)
    wanted = [contrast("time[t1]:group[g1]", "change"), contrast("time[t1]", "time")]
    matrix, weights, dropped = fitted_design("time * group + subject", data, wanted)
    assert dropped == {"group[g1]": ["subject[s10]", "subject[s11]", "subject[s12]", "subject[s13]"]}
    assert "group[g1]" not in matrix
    assert [sentence for sentence in left_out(dropped) if "subject[s12] and subject[s13]" in sentence]
    np.testing.assert_array_equal(weights["change"], (matrix.columns == "time[t1]:group[g1]")[None])
    # With two times each, the change is the difference of mean differences.
    values = rng.normal(size=len(data))
    change = values[1::2] - values[::2]
    estimate = weights["change"] @ np.linalg.lstsq(matrix.to_numpy(), values, rcond=None)[0]
    np.testing.assert_allclose(estimate, change[4:].mean() - change[:4].mean())


FORMULAS = [
    "time * group + subject",
    "subject + time * group",
    "0 + subject + group:time",
    "age + subject + time:group",
]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("seed", range(6))
def test_what_can_be_estimated_is_as_in_the_whole_design_and_all_else_is_refused(formula, seed):
    rng = np.random.default_rng(seed)
    data = nested(rng, groups=rng.integers(2, 4), times=rng.integers(2, 4), numbers=seed % 2 and "0 +" not in formula)
    full = formula_matrix(formula, data)
    values, names = full.to_numpy(), list(full)
    rank = np.linalg.matrix_rank(values)
    assert rank < len(names)
    y, met = rng.normal(size=len(data)), set()
    for _ in range(30):
        row = np.zeros(len(names))
        row[rng.choice(len(names), rng.integers(1, 3), replace=False)] = 1
        if rng.random() < 0.5 and row.sum() == 2:
            row[np.flatnonzero(row)[0]] = -1
        can = np.linalg.matrix_rank(np.vstack([values, row])) == rank
        met.add(can)
        if not can:
            with pytest.raises(InputError, match="^Contrast 'c' weighs .* which the .* cannot tell from"):
                fitted_design(formula, data, [contrast(list(row))])
            continue
        matrix, weights, dropped = fitted_design(formula, data, [contrast(list(row))])
        assert matrix.shape[1] == np.linalg.matrix_rank(matrix.to_numpy()) == rank
        assert set(dropped) == set(names) - set(matrix)
        assert not set(dropped) & {name for name, weight in zip(names, row, strict=True) if weight}
        for name, others in dropped.items():
            fitted = np.linalg.lstsq(matrix[others].to_numpy(), full[name], rcond=None)[0]
            np.testing.assert_allclose(matrix[others].to_numpy() @ fitted, full[name], atol=1e-9)
        estimate = weights["c"] @ np.linalg.lstsq(matrix.to_numpy(), y, rcond=None)[0]
        np.testing.assert_allclose(estimate, row @ np.linalg.pinv(values) @ y, atol=1e-9)
    assert met == {True, False}


@pytest.mark.parametrize("weights", ["group[g1]", "subject[s10]", ["group[g1]", "time[t1]"]])
def test_a_contrast_of_what_others_hold_is_refused_with_what_to_do(weights):
    with pytest.raises(InputError, match="take the variable of the one or of the other out of the formula"):
        fitted_design("time * group + subject", nested(np.random.default_rng(0)), [contrast(weights)])


def test_a_combination_of_levels_that_nobody_has_goes_unless_it_is_asked_for():
    data = pd.DataFrame({"g": list("aabbbaabbb"), "s": list("xyxxxxyxxx")}).astype("category")
    matrix, _, dropped = fitted_design("g * s", data, [contrast("g[b]")])
    assert dropped == {"g[b]:s[y]": []}
    assert list(left_out(dropped)) == [
        "The column g[b]:s[y] is left out of the design, and no contrast weighs it: it is 0 in all kept subjects."
    ]
    assert list(matrix) == ["intercept", "g[b]", "s[y]"]
    with pytest.raises(InputError, match="of which the 10 kept subjects can tell nothing"):
        fitted_design("g * s", data, [contrast("g[b]:s[y]")])


@pytest.mark.parametrize(
    ("formula", "columns"), [("age + day + twin", "age, twin"), ("age + one + group", "intercept, one"), ("nil", "nil")]
)
def test_numbers_that_hold_each_other_are_refused_as_ever(formula, columns):
    data = nested(np.random.default_rng(0)).assign(one=3.0, nil=0.0)
    data["twin"] = 2 * data["age"]
    with pytest.raises(InputError, match=f"The design is rank-deficient: {columns} are"):
        fitted_design(formula, data, [contrast("intercept")])


@pytest.mark.parametrize("formula", ["time * group + age", "0 + subject + time", "day * age", "1"])
def test_designs_without_such_columns_are_those_they_were(formula):
    data = nested(np.random.default_rng(1))
    matrix, weights, dropped = fitted_design(formula, data, [])
    assert (weights, dropped) == ({}, {})
    pd.testing.assert_frame_equal(matrix, design_matrix(formula, data), check_exact=True)
    first = next(iter(matrix))
    _, weights, _ = fitted_design(formula, data, [contrast(f"`{first}`")])
    np.testing.assert_array_equal(weights["c"], contrast_weights(first, list(matrix), "c"))


def test_too_few_subjects_are_no_reason_to_drop_columns():
    data = nested(np.random.default_rng(0), subjects=2, times=1).drop(columns="time")
    with pytest.raises(InputError, match="but only 4 subjects are kept"):
        fitted_design("subject + age", data, [contrast("intercept")])


@pytest.mark.parametrize("name", ["participant_id", "contrast"])
@pytest.mark.parametrize("as_formula", [True, False])
def test_names_of_the_tables_own_columns_are_refused(name, as_formula):
    data = pd.DataFrame({name: np.random.default_rng(0).normal(size=8)})
    design = name if as_formula else [{"column": name, "variable": name}]
    with pytest.raises(InputError, match=f"cannot be named {name}"):
        fitted_design(design, data, [contrast(f"`{name}`")])


@pytest.mark.parametrize("seed", range(4))
def test_columns_go_as_if_each_was_looked_at_anew(seed):
    rng = np.random.default_rng(seed)
    levels = {name: [f"{name}{level}" for level in rng.integers(0, 5, 30)] for name in "xy"}
    data = pd.DataFrame(levels | {"age": rng.normal(size=30)}).astype({"x": "category", "y": "category"})
    columns = formula_columns("age + x * y", data)
    matrix = pd.DataFrame({column.name: column.values(data) for column in columns})
    sizes = [sum(other.variables == column.variables for other in columns) for column in columns]
    for number in sorted(range(len(columns)), key=lambda number: sizes[number]):
        column = columns[number]
        if column.parts and column.name != "age" and column.name in collinear_columns(matrix):
            matrix = matrix.drop(columns=column.name)
    found, _, dropped = fitted_design("age + x * y", data, [contrast("age")])
    assert list(found) == list(matrix)
    assert len(dropped) > 0
    for name, others in dropped.items():
        column = next(column for column in columns if column.name == name).values(data)
        rest = column - found[others] @ np.linalg.lstsq(found[others], column, rcond=None)[0] if others else column
        np.testing.assert_allclose(rest, 0, atol=1e-9)
