import nibabel as nib
import numpy as np
import pytest
from nilearn.image import smooth_img

from secondlevel.space.smoothing import smooth

SHAPE = (12, 13, 11)
OBLIQUE = np.array([[-3.0, 0.4, 0, 40], [0.4, 2.5, 0.1, -60], [0, 0.1, 4, -30], [0, 0, 0, 1]])


@pytest.mark.parametrize("affine", [np.diag([-3.0, 3, 3, 1]), np.diag([2.0, 3, 4.5, 1]), OBLIQUE])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_smoothing_equals_nilearn(affine, dtype):
    data = np.random.default_rng(1).normal(size=SHAPE).astype(dtype)
    data[4, 5, 6] = np.nan
    expected = np.asarray(smooth_img(nib.Nifti1Image(data, affine), 5.0).dataobj)
    result = smooth(data, affine, 5.0)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, expected)


def test_no_smoothing_leaves_finite_values_alone():
    data = np.random.default_rng(1).normal(size=SHAPE)
    np.testing.assert_array_equal(smooth(data, np.eye(4), 0), data)


@pytest.mark.parametrize("fwhm", [5e-324, 1e-300, 1e-20, 1e-3, 0.5])
def test_a_width_far_below_a_voxel_changes_nothing(fwhm):
    data = np.random.default_rng(1).normal(size=SHAPE)
    np.testing.assert_array_equal(smooth(data, np.diag([3.0, 3, 3, 1]), fwhm), data)
