import pytest

from secondlevel.model.grammar import formula_complaint, is_f, rows_of, variables_of


@pytest.mark.parametrize(
    "formula", ["age", "0 + group", "age*(group + `reading score`) - 1", "a:b**c", " _x1 ", "âge", "1"]
)
def test_names_and_signs_make_a_formula(formula):
    assert formula_complaint(formula) is None


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("log(age)", "calls 'log'"),
        ("age + np.log(age)", "holds '.log(age)'"),
        ("`log` (age)", "calls '`log`'"),
        ("{age + 1}", "holds '{age + 1}'"),
        ("age[0]", "holds '[0]'"),
        ("y ~ age", "has a left-hand side"),
        ("age | group", "holds '| group'"),
        ("age + 'x'", "holds ''x''"),
        ("2nd", "holds '2nd'"),
        ("1age", "holds '1age'"),
        ("age + `group", "holds '`group'"),
        ("age; print", "holds '; print'"),
        ("lambda: 0; x", "holds '; x'"),
    ],
)
def test_anything_else_is_told(formula, what):
    complaint = formula_complaint(formula)
    assert complaint.startswith(f"'{formula}' {what}")
    assert "names of variables joined by" in complaint


@pytest.mark.parametrize(
    ("design", "names"),
    [
        ("age * group + age:site", ["age", "group", "site"]),
        ("`reading score` + 0 + b2 - 1", ["reading score", "b2"]),
        ("1", []),
        (
            [{"column": "x", "variable": "b"}, {"column": "1", "constant": 1}, {"column": "y", "variable": "a"}],
            ["b", "a"],
        ),
        ([{"column": "x", "variable": "b"}, {"column": "y", "variable": "b"}], ["b"]),
    ],
)
def test_variables_come_once_and_in_order(design, names):
    assert variables_of(design) == names


@pytest.mark.parametrize(
    ("weights", "rows"),
    [
        ("age", ["age"]),
        ([0, 1, -1], [[0, 1, -1]]),
        (["age"], ["age"]),
        (["age", "group"], ["age", "group"]),
        ([[0, 1], "age"], [[0, 1], "age"]),
    ],
)
def test_several_rows_make_an_f_contrast(weights, rows):
    assert rows_of(weights) == rows
    assert is_f(weights) == (len(rows) > 1)
