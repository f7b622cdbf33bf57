"""The maps of a fitted contrast against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from secondlevel.model.fitted import maps_of_f, maps_of_t, words_of_t
from secondlevel.model.glm import fit, partition
from secondlevel.model.maps import OF_F, OF_T

RNG = np.random.default_rng(2)
DESIGN = np.column_stack([RNG.normal(size=20), np.arange(20) % 2, np.ones(20)])
MAPS = RNG.normal(size=(20, 6)) + DESIGN[:, :1]
MODELS = [sm.OLS(values, DESIGN).fit() for values in MAPS.T]


@pytest.mark.parametrize("two_sided", [False, True])
def test_maps_of_t_are_those_of_statsmodels(two_sided):
    maps = maps_of_t(fit(MAPS, partition(DESIGN, [1, 0, 0])), two_sided)
    assert maps.keys() == OF_T.keys()
    tests = [model.t_test([1, 0, 0]) for model in MODELS]
    p = np.array([test.pvalue.item() for test in tests])
    t = np.array([test.tvalue.item() for test in tests])
    p = p if two_sided else np.where(t > 0, p / 2, 1 - p / 2)
    expected = {
        "effect": [test.effect.item() for test in tests],
        "variance": [test.sd.item() ** 2 for test in tests],
        "lower": [test.conf_int(alpha=0.05)[0, 0] for test in tests],
        "upper": [test.conf_int(alpha=0.05)[0, 1] for test in tests],
        "d": [test.effect.item() / np.sqrt(model.mse_resid) for test, model in zip(tests, MODELS, strict=True)],
        "t": t,
        "z": stats.norm.isf(stats.t.sf(t, 17)),
        "p": p,
        "logp": np.maximum(0, -np.log10(6 * p)),
        "r": t / np.sqrt(t**2 + 17),
    }
    for key, values in expected.items():
        np.testing.assert_allclose(maps[key], values, rtol=1e-8, atol=1e-12, err_msg=key)


def test_maps_of_f_are_those_of_statsmodels():
    weights = np.eye(3)[:2]
    maps = maps_of_f(fit(MAPS, partition(DESIGN, weights)))
    assert maps.keys() == OF_F.keys()
    tests = [model.f_test(weights) for model in MODELS]
    p = np.array([float(test.pvalue) for test in tests])
    rest = ((MAPS - MAPS.mean(axis=0)) ** 2).sum(axis=0)
    expected = {
        "f": [float(test.fvalue) for test in tests],
        "z": stats.norm.isf(p),
        "p": p,
        "logp": np.maximum(0, -np.log10(6 * p)),
        "r2": 1 - np.array([model.ssr for model in MODELS]) / rest,
    }
    for key, values in expected.items():
        np.testing.assert_allclose(maps[key], values, rtol=1e-8, atol=1e-12, err_msg=key)


def test_words_tell_the_side_and_what_a_unit_is():
    assert words_of_t(DESIGN, [1, 0, 0], False) == {
        "sided": "one-sided, for a positive effect",
        "standardised": "the change per unit of the contrast",
    }
    of_means = words_of_t(DESIGN, [0, 1, 0], True)
    assert of_means == {"sided": "two-sided", "standardised": "Cohen's d: the mean, or difference of means"}


MARKS = np.repeat(np.eye(3), 4, axis=0)  # three groups, a column each
CODED = np.column_stack([np.ones(12), MARKS[:, 1:]])  # the first is the reference
AGE = np.arange(12.0)[:, None]


@pytest.mark.parametrize(
    ("design", "weights", "is_d"),
    [
        (MARKS, [1, -1, 0], True),
        (MARKS, [2, -2, 0], False),  # twice the difference
        (MARKS, [0.5, 0.5, -1], True),
        (MARKS, [1, 1, -2], False),
        (MARKS, [1 / 3, 1 / 3, 1 / 3], True),
        (MARKS, [1, 1, 1], False),
        (MARKS, [1, 0, 0], True),
        (CODED, [0, 1, 0], True),
        (CODED, [1, 1, 0], True),  # the mean of the second group
        (CODED, [0, 1, -1], True),
        (CODED, [0, 1, 1], False),
        (np.hstack([CODED, AGE]), [0, 1, 0, 0], True),
        (np.hstack([CODED, AGE]), [0, 0, 0, 1], False),
        (np.ones((12, 1)), [1], True),
        (np.ones((12, 1)), [2], False),
    ],
)
def test_d_is_cohens_of_a_mean_or_a_difference_of_two_and_of_nothing_else(design, weights, is_d):
    assert words_of_t(design, weights, False)["standardised"].startswith("Cohen's d") == is_d
