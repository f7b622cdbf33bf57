import numpy as np
import pytest

from drawn import AFFINE, MASK, is_drawn_the_same
from secondlevel.figures.brains import draw_maps, draw_mosaic, heights, passing
from secondlevel.figures.colours import Scale, scale_of
from secondlevel.figures.slices import points

SCALE = Scale("z", "RdBu_r", -5, 5)


def test_what_does_not_pass_is_not_shown():
    values = np.array([-3.0, -1, 0, 1, 3])
    assert passing(values, 2, False).tolist() == [0, 0, 0, 0, 3]
    assert passing(values, 2, True).tolist() == [-3, 0, 0, 0, 3]
    assert passing(values, None, True).tolist() == [0] * 5


@pytest.mark.parametrize("through", [-30.0, 8, 47])
def test_a_mosaic_goes_through_the_point_and_most_of_the_voxels(through):
    found = heights(MASK.inside, AFFINE, through)
    assert len(found) == 8
    assert np.min(np.abs(np.array(found) - through)) < 1e-9
    np.testing.assert_allclose(np.diff(found), np.diff(found)[0])
    places = MASK.places(np.arange(MASK.size))[:, 2]
    assert found[0] <= np.quantile(places, 0.2)
    assert found[-1] >= np.quantile(places, 0.8)


def test_a_point_beyond_the_voxels_does_not_draw_the_mosaic_there():
    places = MASK.places(np.arange(MASK.size))[:, 2]
    found = heights(MASK.inside, AFFINE, 500.0)
    assert places.min() <= found[0] < found[-1] <= places.max() + 8


def test_a_mosaic_shows_all_values_the_fainter_the_smaller_and_outlines_what_passes():
    volume = MASK.volume(np.linspace(-2, 5, MASK.size))
    figure = draw_mosaic(volume, AFFINE, 8.0, 4.0, volume > 4, SCALE, "title")
    *slices, _ = figure.axes
    assert len(slices) == 8
    for axes in slices:
        image = axes.images[-1]
        shown = image.get_array()
        np.testing.assert_allclose(image.get_alpha()[~shown.mask], np.clip(np.abs(shown.compressed()) / 4, 0, 1))
        assert (shown.max() > 4) == (len(axes.collections) == 1)
    assert any(axes.collections for axes in slices)


def test_maps_are_drawn_without_warnings_and_equal_ones_make_equal_files(tmp_path):
    volume = MASK.volume(np.linspace(1, 5, MASK.size))
    again = lambda: draw_maps([volume, 0 * volume], AFFINE, points([0, 0, 8]), SCALE, "t", ["a", "b"], [volume > 3] * 2)  # noqa: E731
    assert is_drawn_the_same(again, tmp_path)


@pytest.mark.parametrize(("two_sided", "ends"), [(False, (0, 4.3)), (True, (-4.3, 4.3))])
def test_bars_have_a_label_round_ticks_and_a_line_at_the_mark(two_sided, ends):
    scale = scale_of("-log10 p", np.array([0, -2.0, 4.3]), two_sided, hidden=1, mark=1.3)
    assert (scale.low, scale.high) == ends
    figure = draw_maps([MASK.volume(np.full(MASK.size, 2.0))], AFFINE, points([0, 0, 8]), scale, "t")
    figure.draw_without_rendering()
    bar = figure.axes[-1]
    assert bar.get_title(loc="left") == "-log10 p"
    ticks = [tick for tick in bar.get_yticks() if ends[0] <= tick <= ends[1]]
    assert 3 <= len(ticks) <= 6
    assert all(tick == round(tick, 1) for tick in ticks)
    assert [line.get_ydata()[0] for line in bar.lines] == [1.3]
