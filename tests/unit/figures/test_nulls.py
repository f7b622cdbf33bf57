import matplotlib.pyplot as plt
import numpy as np

from secondlevel.figures.nulls import null_figure


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
    figure = null_figure("age", maxima, summaries)
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
    assert "99 permutations" in figure.get_suptitle()
    plt.close(figure)
