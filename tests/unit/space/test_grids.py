import nibabel as nib
import numpy as np
import pytest

from inspecting import WANTED, glance, inspect
from secondlevel.space.grids import alike, describe, read_grid, same_grid
from secondlevel.space.kinds.volume_maps import Volumes

AFFINE = np.array([[-3.0, 0, 0, 78], [0, 2.5, 0, -112], [0, 0, 3, -50.25], [0, 0, 0, 1]])


@pytest.mark.parametrize("shape", [(4, 5, 6), (4, 5, 6, 1)])
def test_the_header_alone_tells_the_grid_that_the_whole_image_has(tmp_path, shape):
    path = tmp_path / "map.nii.gz"
    nib.save(nib.Nifti1Image(np.ones(shape, np.float32), AFFINE), path)
    assert glance(path).frame == inspect(path).frame
    shape, affine = read_grid(path)
    assert shape == (4, 5, 6)
    np.testing.assert_array_equal(affine, AFFINE)


def test_a_grid_in_words():
    words = "53 x 63 x 46 voxels of 3 x 2.5 x 3 mm from (78, -112, -50.25)"
    assert describe(((53, 63, 46), AFFINE)) == words
    assert describe(((53, 63, 46), tuple(AFFINE.ravel()))) == words
    turned = AFFINE @ np.array([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert "voxels of 2.5 x 3 x 3 mm" in describe(((63, 53, 46), turned))
    images = Volumes(WANTED | {"axes": ["frequency", "time"]})
    assert images.describe(((53, 63, 1), AFFINE)) == "53 x 63 pixels of 3 x 2.5 from (78, -112)"


def scaled(size):
    return np.diag([size, size, size, 1])


@pytest.mark.parametrize("size", [0.05, 0.2, 1, 3.4375])
def test_grids_are_the_same_but_for_rounding_in_voxels(size):
    shape, affine = (61, 73, 61), scaled(size)
    for other in (affine.astype(np.float32), affine * (1 + 1e-6), affine + 1e-3 * size * np.eye(4, k=3)):
        assert same_grid((shape, affine), (shape, other))
    for other in (affine + 0.05 * size * np.eye(4, k=3), affine * 1.001, np.diag([-1, 1, 1, 1]) @ affine):
        assert not same_grid((shape, affine), (shape, other))
    assert not same_grid((shape, affine), ((61, 73, 60), affine))


def test_grids_are_sorted_into_those_that_are_the_same():
    one, two, other = scaled(3.4375), scaled(3.4375 * (1 - 6e-8)), scaled(2)
    grids = [((9, 9, 9), affine) for affine in (one, other, two, other, one)]
    assert alike(grids) == [[0, 2, 4], [1, 3]]
    assert describe(grids[0]) == describe(grids[2])
    assert alike([]) == []
