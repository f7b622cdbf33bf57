"""Groups at a peak: where dots, means and lines stand, and what names them."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from drawn import is_drawn_the_same
from secondlevel.figures.groups import draw_cells, width_of
from secondlevel.model.cell_means import CellMeans
from secondlevel.model.comparison import Comparison

RNG = np.random.default_rng(1)
GROUPS = [{"group": "control"}, {"group": "patient"}, {"group": "nobody is here"}]
CROSSED = [{"visit": visit, "group": group} for visit in ("pre", "post") for group in ("control", "patient")]


def made(cells, slope=(), n=24):
    """Means and values by cell; the third of three cells is empty."""
    factors, n_cells = tuple(cells[0]), len(cells)
    cell = np.arange(n) % (2 if n_cells == 3 else n_cells)
    count = np.bincount(cell, minlength=n_cells)
    x = RNG.uniform(20, 60, n) if slope else np.zeros(n)
    places = np.tile(np.linspace(20, 60, 5), (n_cells, 1)) if slope else np.zeros((n_cells, 1))
    means = np.where(count[:, None] > 0, RNG.normal(size=places.shape), np.nan)
    found = CellMeans(cell, RNG.normal(size=n), x, count, places, means, np.full(places.shape, 0.5))
    return found, Comparison(factors, slope, cells, np.eye(1, n_cells), {}, [])


def figure_of(found, compared):
    """The figure and its axes."""
    figure = Figure(layout="constrained", figsize=(width_of(compared), 4.2))
    axes = figure.subplots()
    draw_cells(axes, found, compared)
    return figure, axes


@pytest.mark.parametrize(("cells", "slope"), [(GROUPS, ()), (CROSSED, ()), (GROUPS, ("age",)), (CROSSED, ("age",))])
def test_equal_ones_make_equal_files_without_warnings(cells, slope, tmp_path):
    found, compared = made(cells, slope)
    assert is_drawn_the_same(lambda: figure_of(found, compared)[0], tmp_path)


def test_groups_stand_side_by_side_with_their_number_mean_and_interval():
    found, compared = made(GROUPS)
    figure, axes = figure_of(found, compared)
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names == ["control\nn = 12", "patient\nn = 12", "nobody is here\nn = 0"]
    assert axes.get_xlabel() == "group"
    dots = [part.get_offsets() for part in axes.collections if isinstance(part, PathCollection)]
    drawn = np.sort(np.concatenate([each[:, 1] for each in dots[:2]]))
    np.testing.assert_allclose(drawn, np.sort(found.values))
    assert all((np.round(each[:, 0]) == number).all() for number, each in enumerate(dots[:2]))
    bars = [container for container in axes.containers if container.has_yerr]
    for number, bar in enumerate(bars[:2]):
        assert bar.lines[0].get_ydata()[0] == found.means[number, 0]
        low, high = bar.lines[2][0].get_segments()[0][:, 1]
        np.testing.assert_allclose([low, high], found.means[number, 0] + np.array([-0.5, 0.5]))


def test_two_factors_are_lines_between_the_means_of_the_levels_of_the_first():
    found, compared = made(CROSSED)
    figure, axes = figure_of(found, compared)
    lines = {line.get_label(): line.get_ydata() for line in axes.lines if "n = " in str(line.get_label())}
    assert list(lines) == ["control (n = 6, 6)", "patient (n = 6, 6)"]
    np.testing.assert_allclose(lines["control (n = 6, 6)"], found.means[[0, 2], 0])
    np.testing.assert_allclose(lines["patient (n = 6, 6)"], found.means[[1, 3], 0])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["pre", "post"]


def test_slopes_are_a_line_for_each_group_over_the_numbers_of_the_table():
    found, compared = made(GROUPS, ("age",))
    figure, axes = figure_of(found, compared)
    assert [line.get_label() for line in axes.lines] == ["control (n = 12)", "patient (n = 12)"]
    for number, line in enumerate(axes.lines):
        np.testing.assert_allclose(line.get_xydata(), np.column_stack([found.places[number], found.means[number]]))
    assert axes.get_xlabel() == "age"
