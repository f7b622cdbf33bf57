import numpy as np
import statsmodels.api as sm

from secondlevel.model.association import association, half_band
from secondlevel.model.glm import partition

RNG = np.random.default_rng(4)
X = np.column_stack([RNG.normal(30, 5, 25), np.ones(25)])
VALUES = RNG.normal(7, 2, 25)


def test_the_band_is_narrowest_at_the_mean():
    split = partition(X, [1.0, 0])
    widths = half_band(split, RNG.normal(size=25), np.array([-3.0, -1, 0, 1, 3]))
    assert widths.argmin() == 2
    np.testing.assert_allclose(widths, widths[::-1])


def test_the_line_and_its_band_are_those_of_a_regression():
    found = association(VALUES, X, np.array([[1.0, 0]]))
    fitted = sm.OLS(VALUES, X).fit().get_prediction(np.column_stack([found.places, np.ones(50)]))
    np.testing.assert_allclose(found.line, fitted.predicted_mean)
    np.testing.assert_allclose(found.line + found.half, fitted.conf_int(alpha=0.05)[:, 1])
    np.testing.assert_allclose(found.regressor, X[:, 0])
    np.testing.assert_allclose(found.values, VALUES)
    assert found.axis == "regressor"
    np.testing.assert_allclose(found.places[[0, -1]], [X[:, 0].min(), X[:, 0].max()])


def test_a_contrast_of_twice_a_column_is_shown_against_half_of_it():
    whole, half = (association(VALUES, X, np.array([[weight, 0]])) for weight in (1.0, 2.0))
    np.testing.assert_allclose(half.regressor, X[:, 0] / 2)
    np.testing.assert_allclose(half.places, whole.places / 2)
    np.testing.assert_allclose(half.line, whole.line)
    np.testing.assert_allclose(half.half, whole.half)


def test_both_are_adjusted_for_the_nuisance_and_keep_their_scale():
    age = X[:, 0] / 3 + RNG.normal(size=25)
    design = np.column_stack([X[:, 0], age, np.ones(25)])
    found = association(VALUES, design, np.array([[1.0, 0, 0]]))
    nuisance = sm.add_constant(age)
    adjusted = [y.mean() + sm.OLS(y, nuisance).fit().resid for y in (X[:, 0], VALUES)]
    np.testing.assert_allclose(found.regressor, adjusted[0])
    np.testing.assert_allclose(found.values, adjusted[1])
    slope = sm.OLS(VALUES, design).fit().params[0]
    np.testing.assert_allclose(np.diff(found.line) / np.diff(found.places), slope)


def test_a_mean_is_shown_subject_by_subject():
    found = association(VALUES, np.ones((25, 1)), np.array([[1.0]]))
    assert found.axis == "subject"
    assert found.regressor.tolist() == list(range(1, 26))
    assert found.places.tolist() == [1, 25]
    low, high = sm.stats.DescrStatsW(VALUES).tconfint_mean()
    np.testing.assert_allclose(found.line - found.half, low)
    np.testing.assert_allclose(found.line + found.half, high)
    np.testing.assert_allclose(found.values, VALUES)


def test_an_f_contrast_is_shown_against_its_fit_without_a_band():
    design = np.column_stack([X, RNG.normal(size=25)])
    found = association(VALUES, design, np.array([[1.0, 0, 0], [0, 0, 1]]))
    np.testing.assert_allclose(found.regressor, sm.OLS(VALUES, design).fit().fittedvalues)
    np.testing.assert_allclose(found.values, VALUES)
    np.testing.assert_allclose(found.line, found.places)
    assert (found.half, found.axis) == (None, "fitted effect")
