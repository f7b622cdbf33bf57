import numpy as np
import pytest
from matplotlib.colors import to_rgb

from drawn import is_drawn_the_same
from secondlevel.figures.ranked import MOST, draw_ranked, draw_ranked_maps, strongest
from secondlevel.figures.shown import corrected, whole
from secondlevel.figures.style import BLUE
from secondlevel.space.units import PARCELS


def case(n):
    """Effects, their intervals, z, which pass, and names; one is not analysed."""
    rng = np.random.default_rng(n)
    error, z = rng.uniform(0.5, 1.5, n), rng.normal(size=n) * 3
    z[1] = np.nan
    effect = z * error
    return effect, (effect - 2 * error, effect + 2 * error), z, np.abs(z) > 4, [f"parcel {i}" for i in range(n)]


def draw(n, bounds=True):
    effect, ends, z, passes, names = case(n)
    words = "group", "effect", PARCELS, "FDR 0.05"
    return draw_ranked(effect, ends if bounds else None, np.abs(z), passes, names, *words)


@pytest.mark.parametrize("n", [2, 10, 41, 42, 1000])
def test_those_of_most_evidence_are_named_by_the_size_of_their_effect(n):
    effect, ends, z, passes, names = case(n)
    figure = draw(n)
    axes, *side = figure.axes
    order = [row for row in np.argsort(-np.abs(z)) if row != 1][:MOST]
    expected = sorted(order, key=lambda row: -effect[row])
    assert [label.get_text() for label in axes.get_yticklabels()] == [names[row] for row in expected]
    drawn, intervals = {}, {}
    for line, colour in zip([line for line in axes.lines if line.get_marker() == "o"], (True, False), strict=True):
        drawn |= {round(y): (x, colour) for x, y in line.get_xydata()}
    for part in axes.collections:
        intervals |= {round(segment[0, 1]): segment[:, 0] for segment in part.get_segments()}
    for place, row in enumerate(expected):
        assert drawn[place] == (pytest.approx(effect[row]), passes[row])
        np.testing.assert_allclose(intervals[place], [ends[0][row], ends[1][row]])
    assert axes.get_legend().get_texts()[0].get_text() == f"passes FDR 0.05: {passes.sum()}"
    assert bool(side) == (n - 1 > MOST)
    if side:
        assert side[0].get_title() == f"all {n - 1:,} parcels"
        dots = side[0].collections[-1]
        np.testing.assert_allclose(dots.get_offsets()[:, 0], np.sort(np.delete(effect, 1))[::-1])
        blue = (dots.get_facecolor()[:, :3] == to_rgb(BLUE)).all(axis=1)
        assert blue.sum() == passes.sum()
        assert figure.get_suptitle() == "group, the 40 parcels of most evidence"


def test_the_strongest_first_and_the_unknown_never():
    assert strongest(np.array([1, np.nan, 3, 2, 3]), 3).tolist() == [2, 4, 3]
    assert strongest(np.array([np.nan, 1]), 3).tolist() == [1]


@pytest.mark.parametrize("n", [10, 1000])
@pytest.mark.parametrize("bounds", [True, False])
def test_ranks_are_drawn_without_warnings_and_equal_ones_make_equal_files(n, bounds, tmp_path):
    assert is_drawn_the_same(lambda: draw(n, bounds), tmp_path)
    assert ("confidence" in draw(n, bounds).axes[0].get_xlabel()) == bounds


def test_z_is_drawn_in_the_colours_of_its_signs_and_filled_where_it_passes():
    z = np.array([4.2, -5.0, 1.0, -0.5, 3.9])
    thresholds = {"fdr": {"threshold": 4.0, "alpha": 0.05}, "bonferroni": {"threshold": 4.5}}
    figure = draw_ranked_maps(whole("group", z, True, thresholds, "filled"), list("abcde"), PARCELS, most=4)
    axes, found = figure.axes[0], {}
    for line in axes.lines:
        if line.get_marker() == "o":
            red, _, blue = to_rgb(line.get_color())
            found |= {x: ("red" if red > blue else "blue", line.get_mfc() != "white") for x in line.get_xdata()}
    assert found == {4.2: ("red", True), -5.0: ("blue", True), 1.0: ("red", False), 3.9: ("red", False)}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a", "e", "c"]
    low, high = axes.get_xlim()
    assert (low < -5, high > 4.2) == (True, True)
    assert figure.get_suptitle().endswith("the largest 4 of 5 parcels")


@pytest.mark.parametrize("methods", [["bonferroni"], ["maxT", "maxTFCE"]])
@pytest.mark.parametrize("largest", [0, 3.0])
def test_p_by_element_with_a_colour_for_each_correction(methods, largest, tmp_path):
    logp = np.linspace(0, largest, 100)
    maps = {key: logp * (1 - 0.4 * number) for number, key in enumerate(methods)}
    names = [f"parcel {number}" for number in range(100)]
    again = lambda: draw_ranked_maps(corrected("group", maps, 1, 0.05, PARCELS), names, PARCELS)  # noqa: E731
    assert is_drawn_the_same(again, tmp_path)
    figure = again()
    axes = figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == len(methods)
    if largest:
        assert [label.get_text() for label in axes.get_yticklabels()] == names[: 100 - MOST - 1 : -1]
        for line, values in zip(dots, maps.values(), strict=True):
            shown = values[: 100 - MOST - 1 : -1]
            np.testing.assert_allclose(line.get_xdata(), shown[shown > 1])
        drawn = int((logp > 1).sum())
        assert figure.get_suptitle().endswith(f"the largest 40 of {drawn} parcels")
        assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"] == [-np.log10(0.05)]
    else:
        assert "no parcel" in [text.get_text() for text in axes.texts]
