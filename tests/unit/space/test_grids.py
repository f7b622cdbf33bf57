import nibabel as nib
import numpy as np
import pytest

from secondlevel.sample.quality import inspect
from secondlevel.space.grids import describe, header_grid, read_grid

AFFINE = np.array([[-3.0, 0, 0, 78], [0, 2.5, 0, -112], [0, 0, 3, -50.25], [0, 0, 0, 1]])


@pytest.mark.parametrize("shape", [(4, 5, 6), (4, 5, 6, 1)])
def test_the_header_alone_tells_the_grid_that_the_whole_image_has(tmp_path, shape):
    path = tmp_path / "map.nii.gz"
    nib.save(nib.Nifti1Image(np.ones(shape, np.float32), AFFINE), path)
    assert header_grid(path) == inspect(path).grid
    shape, affine = read_grid(path)
    assert shape == (4, 5, 6)
    np.testing.assert_array_equal(affine, AFFINE)


def test_what_is_no_image_has_no_grid(tmp_path):
    (tmp_path / "text.nii").write_text("no image")
    assert header_grid(tmp_path / "text.nii") is None
    assert header_grid(tmp_path / "absent.nii") is None


def test_a_grid_in_words():
    words = "53 x 63 x 46 voxels of 3 x 2.5 x 3 mm from (78, -112, -50.25)"
    assert describe(((53, 63, 46), AFFINE)) == words
    assert describe(((53, 63, 46), tuple(AFFINE.ravel()))) == words
    turned = AFFINE @ np.array([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert "voxels of 2.5 x 3 x 3 mm" in describe(((63, 53, 46), turned))
