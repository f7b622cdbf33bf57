import numpy as np
import pytest
import statsmodels.api as sm
from matplotlib.figure import Figure
from scipy import stats

from secondlevel.figures.association import draw_normality, peak_figure
from secondlevel.model.contrast_model import ContrastModel
from secondlevel.model.terms import Variables
from secondlevel.space.kinds.volume import Mask

RNG = np.random.default_rng(4)
X = np.column_stack([RNG.normal(30, 5, 25), np.ones(25)])
MAPS = RNG.normal(size=(25, 8)).astype(np.float32)
MASK = Mask(np.ones((2, 2, 2), bool), np.eye(4))


def drawn(design, weights):
    """The line, its band and the points of the figure at the peak, which is voxel 5."""
    statistic = np.arange(8) == 5
    columns = [f"x{number}" for number in range(design.shape[1])]
    variables = Variables({}, {}, {}, {}, dict.fromkeys(columns))  # of columns that stand for nothing that is known
    model = ContrastModel(design, np.atleast_2d(weights), columns, variables, None)
    residuals = sm.OLS(MAPS[:, 5].astype(float), design).fit().get_influence().resid_studentized_internal
    figure = peak_figure("a", MAPS, MASK, model, statistic * 1.0, "t", False, residuals)
    axes = figure.axes[0]
    band = axes.collections[1].get_paths()[0].vertices if len(axes.collections) > 1 else None
    return axes.lines[0].get_xydata(), band, axes.collections[0].get_offsets().data


def test_the_band_is_that_of_a_regression():
    line, band, points = drawn(X, [1.0, 0])
    fit = sm.OLS(MAPS[:, 5].astype(float), X).fit()
    expected = fit.get_prediction(np.column_stack([line[:, 0], np.ones(len(line))])).conf_int(alpha=0.05)
    np.testing.assert_allclose(line[:, 1], expected.mean(axis=1), rtol=1e-6)
    for ends in expected:  # every end lies on the outline
        assert np.abs(band[:, 1][:, None] - ends).min(axis=0).max() < 1e-6
    np.testing.assert_allclose(np.sort(points[:, 0]), np.sort(X[:, 0]))
    np.testing.assert_allclose(np.sort(points[:, 1]), np.sort(MAPS[:, 5]), rtol=1e-5)


def test_a_mean_is_drawn_with_its_interval():
    line, band, points = drawn(np.ones((25, 1)), [1.0])
    values = MAPS[:, 5].astype(float)
    low, high = sm.stats.DescrStatsW(values).tconfint_mean()
    assert line[:, 1] == pytest.approx(values.mean())
    assert {round(y, 6) for y in band[:, 1]} == {round(low, 6), round(high, 6)}
    np.testing.assert_allclose(points[:, 1], values)


def test_an_f_contrast_has_no_band():
    _, band, _ = drawn(np.column_stack([RNG.normal(size=25), X]), np.eye(3)[:2])
    assert band is None


def test_residuals_are_drawn_in_order_against_normal_quantiles_with_the_range_of_normal_ones():
    residuals = RNG.exponential(size=40) - 1
    figure = Figure()
    axes = figure.subplots()
    draw_normality(axes, residuals)
    x, y = axes.collections[1].get_offsets().data.T
    np.testing.assert_allclose(y, np.sort(residuals))
    (expected, _), _ = stats.probplot(residuals)  # Filliben's medians, of which only the ends are exact
    np.testing.assert_allclose(x, expected, atol=0.01)
    ordered = np.sort(np.random.default_rng(0).normal(size=(20_000, 40)), axis=1)
    low, high = np.quantile(ordered, [0.025, 0.975], axis=0)
    outline = axes.collections[0].get_paths()[0].vertices
    for ends in (low, high):
        assert np.abs(outline[:, 1][:, None] - ends).min(axis=0).max() < 0.06


def test_where_there_are_no_residuals_the_panel_says_so():
    figure = Figure()
    axes = figure.subplots()
    draw_normality(axes, np.array([]))
    assert [text.get_text() for text in axes.texts] == ["no residuals"]
