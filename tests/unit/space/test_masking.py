import nibabel as nib
import numpy as np
import pytest
from nilearn.image import smooth_img
from nilearn.masking import compute_background_mask

from secondlevel.space.masking import background_mask, survey
from secondlevel.space.smoothing import smooth

SHAPE = (12, 13, 11)
OBLIQUE = np.array([[-3.0, 0.4, 0, 40], [0.4, 2.5, 0.1, -60], [0, 0.1, 4, -30], [0, 0, 0, 1]])


def maps_with(background, n=5):
    """Maps whose brain is the middle of the grid, each with a hole of its own."""
    data = np.full((n, *SHAPE), background, dtype=np.float32)
    data[:, 3:9, 3:10, 3:8] = np.random.default_rng(0).normal(size=(n, 6, 7, 5))
    for subject in range(n):
        data[subject, 3, 3 + subject, 3] = background
    return data


@pytest.mark.parametrize("background", [0, np.nan, -1.5])
def test_background_mask_equals_nilearn(background):
    maps = maps_with(background)
    image = nib.Nifti1Image(np.moveaxis(maps, 0, -1), np.eye(4))
    expected = np.asarray(compute_background_mask(image).dataobj) > 0
    np.testing.assert_array_equal(background_mask(survey(maps).mean), expected)


def test_survey_tells_what_cannot_be_analysed():
    maps = maps_with(0)
    maps[2, 5, 5, 5] = np.inf
    maps[:, 6, 6, 6] = 3
    common = survey(iter(maps))
    assert not common.finite[5, 5, 5]
    assert common.finite.sum() == maps[0].size - 1
    assert not common.varies[6, 6, 6]
    np.testing.assert_array_equal(common.varies[3:9, 3:10, 3:8].sum(), 6 * 7 * 5 - 1)


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
