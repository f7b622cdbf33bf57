import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.contrasts import contrast_weights
from secondlevel.model.design import design_matrix, design_variables
from secondlevel.model.formula import formula_matrix, variables_of

SAMPLE = pd.DataFrame(
    {
        "participant_id": [f"S{n}" for n in range(8)],
        "age": ["21", "35", "28", "40", "33", "26", "51", "44"],
        "reading score": ["3", "1", "4", "1", "5", "9", "2", "6"],
        "group": ["a", "b", "c", "a", "b", "c", "a", "T.b"],
    }
)


CODE = ["log(age)", "age + np.log(age)", "{age + 1}", "age[0]", "C(group)", "y ~ age", "age | group", "age +", "'age'"]


@pytest.mark.parametrize("formula", CODE)
def test_what_is_not_a_name_is_refused(formula):
    with pytest.raises(InputError, match="The design"):
        variables_of(formula)


def test_a_name_is_looked_up_in_the_table_only():
    assert variables_of("age + print") == ["age", "print"]
    with pytest.raises(InputError, match="has no column 'print'"):
        design_variables(SAMPLE, "age + print", {}, [], "t.tsv")


def test_columns_are_named_by_variables_and_levels():
    variables, about = design_variables(SAMPLE, "age * group + `reading score`", {"group": "b"}, ["age"], "t.tsv")
    design = formula_matrix("age * group + `reading score`", variables)
    assert list(design) == [
        "intercept", "age", "group[T.b]", "group[a]", "group[c]", "reading score",
        "age:group[T.b]", "age:group[a]", "age:group[c]",
    ]  # fmt: skip
    assert about["factors"]["group"][0] == "b"
    assert variables["age"].mean() == pytest.approx(0)
    assert list(formula_matrix("0 + group", variables)) == ["group[b]", "group[T.b]", "group[a]", "group[c]"]


def test_contrasts_of_columns_that_are_no_identifiers():
    names = ["group[a]", "group[b]", "reading score", "a-b", "a", "b", "2nd"]
    for expression, expected in (
        ("group[a] - group[b]", [1, -1, 0, 0, 0, 0, 0]),
        ("0.5 * reading score + 2 * `reading score`", [0, 0, 2.5, 0, 0, 0, 0]),
        ("a-b", [0, 0, 0, 1, 0, 0, 0]),
        ("a - b", [0, 0, 0, 0, 1, -1, 0]),
        ("-2nd", [0, 0, 0, 0, 0, 0, -1]),
    ):
        assert contrast_weights(expression, names, "c").tolist() == [expected]


def test_lists_of_columns_take_numbers_only():
    variables, _ = design_variables(SAMPLE, [{"column": "x", "variable": "group"}], {"group": None}, [], "t.tsv")
    with pytest.raises(InputError, match="write the design as a formula"):
        design_matrix([{"column": "x", "variable": "group"}], variables)
    with pytest.raises(InputError, match="only numbers have a mean"):
        design_variables(SAMPLE, "group", {"group": None}, ["group"], "t.tsv")
