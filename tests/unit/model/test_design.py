import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.model.contrasts import contrast_weights
from secondlevel.model.design import design_matrix

RNG = np.random.default_rng(0)
VARIABLES = pd.DataFrame(RNG.normal(size=(10, 2)), columns=["age", "score"])
INTERCEPT = {"column": "intercept", "constant": 1}


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


@pytest.mark.parametrize(
    ("expression", "weights"),
    [
        ("age", [1, 0, 0]),
        ("age - age2", [1, -1, 0]),
        ("-age2 + .5*age", [0.5, -1, 0]),
        ("2 * intercept - 0.25 * age + age", [0.75, 0, 2]),
        ([0, 1, -1], [0, 1, -1]),
        (["age - age2", [0, 0, 1]], [[1, -1, 0], [0, 0, 1]]),
    ],
)
def test_contrasts_are_read(expression, weights):
    np.testing.assert_allclose(contrast_weights(expression, ["age", "age2", "intercept"], "c"), np.atleast_2d(weights))


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("agee", "cannot read 'agee'"),
        ("age score", "cannot read 'score'"),
        ("age +", "cannot read '\\+'"),
        ("", "cannot read ''"),
        ("__import__('os')", "cannot read '__import__"),
        ([1, 0], "2 weights, but the design has 3 columns"),
        ("age - age", "only zero weights"),
        (["age", "score", "age + score"], "rows that depend on each other"),
    ],
)
def test_contrasts_that_make_no_sense_are_refused(weights, words):
    with pytest.raises(InputError, match=words):
        contrast_weights(weights, ["age", "score", "intercept"], "c")
