"""The weighted model against statsmodels and pymare, element by element."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from secondlevel.base.matrix import Stacked
from secondlevel.model.estimable import estimable
from secondlevel.model.glm import fit, partition
from secondlevel.model.heterogeneity import Likelihood, tau_squared
from secondlevel.model.weighted import fit_weighted, goes_with

N, SIZE = 20, 12
CONTRASTS = {"t": [[0, 1, 0]], "F": [[0, 1, 0], [0, 0, 1]]}


def example(seed=2):
    """A design in unlike units, maps with holes, and variances that differ tenfold."""
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(N), 1000 * rng.normal(size=N), np.arange(N) % 2])
    maps = 3 + rng.normal(size=(N, SIZE)) * np.linspace(0.1, 3, SIZE)
    maps[rng.random((N, SIZE)) < 0.2] = np.nan
    return design, maps, rng.uniform(0.3, 3, (N, SIZE))


def refitted(design, weights, values, scale):
    """The fit of one element by statsmodels: the effect, its variance and the statistic, and df."""
    there = np.isfinite(values)
    model = sm.WLS(values[there], design[there], weights=scale[there]).fit()
    if len(weights) > 1:
        return float(model.f_test(np.array(weights)).fvalue), model.df_resid
    test = model.t_test(np.array(weights))
    return test.effect.item(), test.sd.item() ** 2, test.tvalue.item(), model.df_resid


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("known", [False, True])
def test_each_element_is_a_fit_of_the_subjects_at_hand(contrast, known):
    design, maps, variances = example()
    model = fit_weighted(Stacked((maps, variances)) if known else maps, design)
    found, weights = model.contrast(CONTRASTS[contrast]), np.ones((N, SIZE))
    if known:
        weights = 1 / (variances + model.tau2)
        assert 0 < (model.tau2 > 0).sum() < SIZE
    for element in range(SIZE):
        expected = refitted(design, CONTRASTS[contrast], maps[:, element], weights[:, element])
        parts = (found.f, found.df) if contrast == "F" else (found.effect, found.variance, found.t, found.df)
        np.testing.assert_allclose([part[element] for part in parts], expected, rtol=1e-9)


def test_all_values_there_is_the_plain_fit():
    design, maps, _ = example()
    maps = np.nan_to_num(maps, nan=1.0)
    split = partition(design, CONTRASTS["t"])
    plain, weighted = fit(maps, split), fit_weighted(maps, design).contrast(CONTRASTS["t"])
    for name in ("effect", "variance", "t", "standardised", "partial_r"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(plain, name), rtol=1e-9)
    np.testing.assert_array_equal(goes_with(maps, split), np.zeros(SIZE))


def test_tau_squared_is_pymares():
    estimators = pytest.importorskip("pymare.estimators")
    from pymare import Dataset

    design, maps, variances = example()
    for element in range(SIZE):
        there = np.isfinite(maps[:, element])
        pair = maps[there][:, [element]], variances[there][:, [element]]
        data = Dataset(*pair, X=design[there], add_intercept=False)
        theirs = estimators.VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data).params_["tau2"].item()
        ours = tau_squared(*pair, design[there])
        mine, other = (Likelihood(*pair, design[there]).log(np.array([value]))[0] for value in (ours[0], theirs))
        assert mine >= other - 1e-9  # its search may end in a local maximum
        if mine < other + 1e-6:
            assert ours[0] == pytest.approx(theirs, abs=1e-5)


def test_tau_squared_is_the_highest_of_several_maxima():
    """A few exact values near each other, and inexact ones far away: the likelihood has a valley between its hills."""
    rng, found = np.random.default_rng(0), 0
    for _ in range(300):
        values = np.concatenate([rng.normal(0, 0.05, 4), rng.normal(0, 6, 5)])[:, None]
        variances = np.concatenate([np.full(4, 1e-3), np.full(5, 9.0)])[:, None]
        likelihood = Likelihood(values, variances, np.ones((9, 1)))
        grid = np.concatenate([[0], np.geomspace(1e-6, 300, 4000)])
        heights = np.array([likelihood.log(np.array([tau2]))[0] for tau2 in grid[:: 20 if found else 20]])
        inner = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
        if inner.sum() + (heights[0] > heights[1]) < 2:
            continue
        found += 1
        assert likelihood.log(tau_squared(values, variances, np.ones((9, 1))))[0] >= heights.max() - 1e-9
        if found == 3:
            return
    pytest.fail("no likelihood has several maxima")


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_whether_having_a_value_goes_with_a_contrast(contrast):
    design, maps, _ = example()
    values = goes_with(maps, partition(design, CONTRASTS[contrast]))
    for element in range(SIZE):
        model = sm.OLS(np.isfinite(maps[:, element]).astype(float), design).fit()
        test = model.f_test(np.array(CONTRASTS[contrast]))
        expected = model.t_test(np.array(CONTRASTS[contrast])).tvalue.item() if contrast == "t" else float(test.fvalue)
        assert values[element] == pytest.approx(expected, rel=1e-8)


def test_the_design_is_told_where_its_rank_over_the_subjects_at_hand_is_full():
    group = pd.get_dummies(list("aaabbbccc")).to_numpy(float)
    there = np.ones((9, 5), dtype=bool)
    there[:3, 1] = False  # nobody of a
    there[[1, 2, 4, 5, 7, 8], 2] = False  # one of each: no degree of freedom
    there[[1, 2], 3] = False
    there[:, 4] = False
    np.testing.assert_array_equal(estimable(there, group), [True, False, False, True, False])
