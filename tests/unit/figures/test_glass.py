import numpy as np
import pytest

from drawn import AFFINE, MASK, is_drawn_the_same
from secondlevel.figures.brains import passing
from secondlevel.figures.colours import Scale
from secondlevel.figures.glass import OUTLINES, SIZES, draw_glass, projections

SCALE = Scale("z", "RdBu_r", -5, 5)


def of(voxels):
    volume = np.zeros(MASK.inside.shape)
    for index, value in voxels.items():
        volume[index] = value
    return volume


def test_each_view_shows_the_largest_in_size_and_the_sides_their_own_half():
    """With AFFINE, x is 72 - 8 i: voxel 4 is on the right, 14 on the left."""
    left, front, right, top = projections(of({(4, 10, 6): 3.0, (14, 10, 6): -4.0, (4, 14, 6): 2.0}), AFFINE)
    assert set(np.unique(left[0])) == {-4, 0}
    assert set(np.unique(right[0])) == {0, 2, 3}
    assert set(np.unique(front[0])) == {-4, 0, 3}  # 2 is behind 3
    assert set(np.unique(top[0])) == {-4, 0, 2, 3}
    image, (x0, _, y0, _) = top
    rows, columns = np.nonzero(image == 2)
    assert x0 + 1 + 2 * columns.mean() == pytest.approx(72 - 8 * 4, abs=1)
    assert y0 + 1 + 2 * rows.mean() == pytest.approx(-104 + 8 * 14, abs=1)


def test_outlines_are_drawn_in_every_view_also_where_nothing_passes(tmp_path):
    for volume in (of({(4, 10, 6): 3.0}), passing(of({}), None, False)):
        assert is_drawn_the_same(lambda volume=volume: draw_glass(volume, AFFINE, SCALE, "title"), tmp_path)
        figure = draw_glass(volume, AFFINE, SCALE, "title")
        views = figure.axes[:4]
        assert all(len(axes.patches) >= 10 for axes in views)
        assert views[0].xaxis_inverted()
        assert [len(axes.images) for axes in views] == [int(volume.any())] * 4


def test_the_outlines_are_as_large_as_the_views():
    for view in OUTLINES:
        figure = draw_glass(of({}), AFFINE, SCALE, "title")
        axes = figure.axes[{"x": 0, "y": 1, "z": 3}[view]]
        boxes = [patch.get_path().get_extents(patch.get_transform() - axes.transData) for patch in axes.patches]
        x0, x1, y0, y1 = SIZES[view]
        for low, high, first, second in (("x0", "x1", x0, x1), ("y0", "y1", y0, y1)):
            ends = min(getattr(box, low) for box in boxes), max(getattr(box, high) for box in boxes)
            assert first < ends[0] < first + 12
            assert second - 12 < ends[1] < second
