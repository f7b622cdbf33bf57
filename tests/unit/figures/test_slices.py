import nibabel as nib
import numpy as np
import pytest
from nibabel.processing import resample_from_to

from drawn import AFFINE, MASK
from secondlevel.figures.slices import corners, draw_slices, nearest, points, room
from secondlevel.space.template import template

OBLIQUE = nib.affines.from_matvec(
    nib.eulerangles.euler2mat(0.3, -0.2, 0.1) @ np.diag([3.1, -2.7, 3.3]), [-20.4, 30.2, -25.1]
)


def test_the_nearest_voxel_is_that_of_a_resampling():
    volume = np.random.default_rng(0).uniform(1, 2, (12, 15, 11))
    grid = [np.arange(-40, 40), np.arange(-45, 45), np.arange(-42, 42)]
    onto = (tuple(map(len, grid)), nib.affines.from_matvec(np.eye(3), [axis[0] for axis in grid]))
    expected = resample_from_to(nib.Nifti1Image(volume, OBLIQUE), onto, order=0).get_fdata()
    found = nearest(volume, OBLIQUE, np.ix_(*grid))
    known = expected != 0  # a resampling ends half a voxel earlier
    assert known.sum() > 5000
    np.testing.assert_allclose(found[known], expected[known])
    assert set(np.unique(found)) <= {0, *np.unique(volume)}


@pytest.mark.parametrize(("size", "shift"), [(2, 0), (2, -3.5), (3, 1.5), (-2, 1), (4, 0.1)])
def test_voxels_of_whole_millimetres_are_equally_wide(size, shift):
    affine = np.diag([size, 2, 2, 1.0])
    affine[0, 3] = shift
    volume = np.arange(1, 21)[:, None, None] * np.ones((1, 3, 3), int)
    places = np.arange(-100, 101)
    drawn = nearest(volume, affine, [places, 0, 0])
    values, widths = np.unique(drawn[drawn > 0], return_counts=True)
    assert values.tolist() == list(range(1, 21))
    assert widths.tolist() == [abs(size)] * 20


@pytest.mark.parametrize("affine", [AFFINE, OBLIQUE])
def test_a_voxel_is_drawn_where_it_is_and_as_it_is(affine):
    volume = np.zeros((19, 23, 16))
    volume[8, 12, 7] = 3.5
    place = nib.affines.apply_affine(affine, [8, 12, 7])
    figure, (row,) = draw_slices([points(place)], volume > 0, affine)
    for part, others in zip(row, ((1, 2), (0, 2), (0, 1)), strict=True):
        image = part.values(volume, affine)
        assert set(np.unique(image)) == {0, 3.5}
        rows, columns = np.nonzero(image)
        left, _, low, _ = part.extent
        assert left + 0.5 + columns.mean() == pytest.approx(place[others[0]], abs=0.6)
        assert low + 0.5 + rows.mean() == pytest.approx(place[others[1]], abs=0.6)


def test_the_brain_is_drawn_at_its_own_millimetre_without_a_cross():
    figure, (row,) = draw_slices([points([10, -5, 12])], MASK.inside, MASK.affine)
    data, affine = template()
    x, y, z = (int(value) for value in nib.affines.apply_affine(np.linalg.inv(affine), [10, -5, 12]))
    for part, expected in zip(row, (data[x].T, data[:, y].T, data[:, :, z].T), strict=True):
        (image,) = part.axes.images
        seen = image.get_array().filled(0)
        assert seen.sum() == pytest.approx(expected.sum(), rel=1e-6)
        assert image.get_interpolation() == "none"
        left, right, low, high = image.get_extent()
        assert seen.shape == (high - low, right - left)
        assert part.axes.lines[:] == []
    assert [text.get_text() for part in row for text in part.axes.texts] == [
        "x = 10", "y = -5", "L", "R", "z = 12", "L", "R",
    ]  # fmt: skip
    # A mm is as long in every slice.
    sizes = [part.axes.get_window_extent().width / np.ptp(part.extent[:2]) for part in row]
    np.testing.assert_allclose(sizes, sizes[0])


def test_there_is_room_for_the_brain_and_for_what_lies_beyond_it():
    data, affine = template()
    brain = corners(data > 0, affine)
    inside = np.zeros((19, 23, 16), dtype=bool)
    assert (room(inside, AFFINE) == brain + [-2, 2]).all()
    inside[0, 3, 3] = True
    beyond = AFFINE.copy()
    beyond[0, 3] = 90
    assert room(inside, beyond)[0, 1] == 90 + 4 + 2
    assert (room(inside, beyond)[1:] == (brain + [-2, 2])[1:]).all()
