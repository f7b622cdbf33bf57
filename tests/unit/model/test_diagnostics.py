"""What a design and the maps' spread say of the model's assumptions, each bound from both sides."""

import numpy as np
import pandas as pd
import statsmodels.stats.outliers_influence as influence

from secondlevel.model.diagnostics import of_design, of_scales, variance_inflation


def test_variance_inflation_is_that_of_statsmodels():
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(40), rng.normal(5, 1, (40, 3)), np.arange(40) % 2])
    design[:, 1] = design[:, 2] + 0.2 * design[:, 1]
    expected = [influence.variance_inflation_factor(design, column) for column in range(1, 5)]
    np.testing.assert_allclose(variance_inflation(design)[1:], expected)
    assert variance_inflation(design)[0] == 1


def sections(frame):
    return [section for _, section in of_design(frame, [f"s{row}" for row in range(len(frame))])]


def test_columns_that_nearly_hold_each_other_and_rows_that_decide_are_told():
    rng = np.random.default_rng(1)
    age = rng.normal(size=30)
    design = pd.DataFrame({"intercept": 1.0, "age": age, "score": age + rng.normal(size=30)})
    assert sections(design) == []
    near = design.assign(score=age + 0.1 * rng.normal(size=30))
    ((sentence, section),) = of_design(near, [""] * 30)
    assert section == "collinearity"
    assert "age (" in sentence
    assert "score (" in sentence
    far = design.assign(score=np.where(np.arange(30) == 4, 100, design["score"]))
    ((sentence, section),) = of_design(far, [f"s{row}" for row in range(30)])
    assert section == "leverage"
    assert "s4 (" in sentence
    # Where each row has a large leverage, none decides alone.
    persons = pd.DataFrame(np.column_stack([np.tile([0, 1], 8), np.repeat(np.eye(8), 2, axis=0)]))
    assert sections(persons) == []


def test_unlike_scales_are_told():
    assert list(of_scales(["a", "b", "c"], np.array([1.0, 3, 9]))) == []
    ((sentence, section),) = of_scales(["a", "b", "c"], np.array([18.0, 508, 40]))
    assert section == "scales"
    assert "from 18 (a) to 508 (b), 28 times as much" in sentence
