"""Covariates in two columns, what varies within subjects and what differs between them."""

import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables
from secondlevel.model.split import expanded
from secondlevel.model.terms import variables_of_design

SAMPLE = pd.DataFrame(
    {
        "participant_id": list("abcdefghi"),
        "subject": list("xxxyyzzww"),
        "group": list("pppccccpp"),
        "age": ["1", "2", "6", "4", "8", "2", "2", "3", "5"],
        "reading score": ["1", "1", "1", "2", "2", "0", "0", "3", "3"],
    }
)
WITHIN, BETWEEN = np.array([-2, -1, 3, -2, 2, 0, 0, -1, 1]), np.array([3, 3, 3, 6, 6, 2, 2, 4, 4])


def built(design, contrasts=({"name": "a", "weights": "age[within]"},), center=(), split=None, factors=("group",)):
    split = {"age": "subject"} if split is None else split
    of = dict.fromkeys(factors), list(center), "t.tsv", (), split
    variables, about = design_variables(SAMPLE, design, *of)
    return *fitted_design(expanded(design, split), variables, list(contrasts))[:2], about


def test_the_columns_are_the_mean_of_each_subject_and_the_deviation_from_it():
    matrix, weights, about = built("age", [{"name": "a", "weights": "age[between] - age[within]"}])
    assert list(matrix) == ["intercept", "age[within]", "age[between]"]
    np.testing.assert_allclose(matrix["age[within]"], WITHIN)
    np.testing.assert_allclose(matrix["age[between]"], BETWEEN)
    assert weights["a"].tolist() == [[0, -1, 1]]
    assert about["split"] == {"age": "subject"}


def test_products_hold_both_and_centring_comes_first():
    matrix, _, about = built("group * age", center=["age"])
    assert list(matrix)[2:] == ["age[within]", "age[between]", "group[p]:age[within]", "group[p]:age[between]"]
    mean = np.mean([1, 2, 6, 4, 8, 2, 2, 3, 5])
    assert about["centered"] == {"age": pytest.approx(mean)}
    np.testing.assert_allclose(matrix["age[within]"], WITHIN, atol=1e-12)
    np.testing.assert_allclose(matrix["age[between]"], BETWEEN - mean)
    # What the columns are is read back from what was written, with the values of the table.
    sample = {name: SAMPLE[name].to_numpy() for name in SAMPLE}
    variables = variables_of_design({"design": "group * age", "columns": list(matrix)} | about, sample)
    assert variables.terms["group[p]:age[within]"].numbers == ("age[within]",)
    np.testing.assert_allclose(variables.numbers["age[between]"], BETWEEN)
    assert (variables.center("age[between]"), variables.center("age[within]")) == (pytest.approx(mean), 0)


def test_names_of_several_words_are_split_too_and_others_are_left():
    design, both = "`reading score`:age + age - 1 + aged", " (`reading score[within]` + `reading score[between]`)"
    assert expanded(design, {"reading score": "subject"}) == f"{both}:age + age - 1 + aged"
    assert expanded(design, {}) == design


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (
            {"reading score": "subject"},
            "reading score is the same in all rows of each subject in the kept subjects of t",
        ),
        ({"age": "participant_id"}, "age is the same in all rows of each participant_id"),
        ({"group": "subject"}, "config key 'split' names the factor 'group'"),
    ],
)
def test_what_cannot_be_split_is_refused(split, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        built("age + `reading score` + group", split=split)
