import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.design import design_variables
from secondlevel.model.formula import formula_matrix, parse

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
    with pytest.raises(InputError, match="config key 'design': '.*[;:] a formula holds names of variables joined by"):
        parse(formula)


def test_a_name_is_looked_up_in_the_table_only():
    parse("age + print")
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
