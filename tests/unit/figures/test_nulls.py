import numpy as np
import pytest

from secondlevel.figures.nulls import null_figure
from secondlevel.space.units import VOXELS


def test_each_null_is_drawn_with_its_threshold_and_what_was_observed():
    rng = np.random.default_rng(0)
    maxima = {
        "shuffle": np.arange(99.0),
        "maxT": rng.normal(4, 1, 99),
        "maxExtent": rng.integers(0, 40, 99).astype(float),
    }
    t = {"statistic": {"name": "t", "rank": 1}, "alpha": 0.05, "two_sided": True}
    summaries = [
        t | {"method": "maxT", "observed_maximum": 7.25, "threshold": 5.5},
        t | {"method": "maxExtent", "observed_maximum": 12, "threshold": None},
    ]
    figure = null_figure("age", maxima, summaries, VOXELS)
    first, second = figure.axes
    assert first.get_xlabel() == "max |t| of the contrast age"
    assert second.get_xlabel() == "max cluster extent (voxels), |t| of the contrast age"
    for axes, method in ((first, "maxT"), (second, "maxExtent")):
        heights = [bar.get_height() for bar in axes.patches]
        edges = [bar.get_x() for bar in axes.patches]
        assert sum(heights) == 99
        # Of each bar's first value and beyond, there are as many as of the maxima.
        assert [sum(heights[n:]) for n in range(len(heights))] == [(maxima[method] >= edge).sum() for edge in edges]
    words = [[text.get_text() for text in axes.get_legend().get_texts()] for axes in figure.axes]
    assert words == [["threshold at 5% FWE: 5.5", "observed maximum: 7.25"], ["observed maximum: 12"]]
    assert [line.get_xdata()[0] for line in first.lines] == [5.5, 7.25]
    assert [line.get_xdata()[0] for line in second.lines] == [12]
    assert "99 permutations" in figure.get_suptitle()


@pytest.mark.parametrize("observed", [7.25, 40.0, 4000.0])
def test_what_is_observed_far_beyond_a_null_is_an_arrow_and_does_not_squeeze_it(observed):
    maxima = {"maxT": np.random.default_rng(0).normal(4, 1, 999)}
    about = {"statistic": {"name": "t", "rank": 1}, "alpha": 0.05, "two_sided": False}
    summary = about | {"method": "maxT", "observed_maximum": observed, "threshold": 5.5}
    figure = null_figure("age", maxima, [summary], VOXELS)
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    assert high - low < 1.5 * np.ptp(maxima["maxT"])
    far = observed > 10
    assert len(axes.texts) == far  # the arrow
    assert (observed in [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata())]) != far
    assert f"observed maximum: {observed:.4g}" in axes.get_legend().get_texts()[1].get_text()
    figure.draw_without_rendering()
    assert axes.get_legend().get_window_extent().y0 >= axes.get_window_extent().y1 - 1
