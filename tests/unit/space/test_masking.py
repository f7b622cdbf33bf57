import nibabel as nib
import numpy as np
import pytest
from nilearn.masking import compute_background_mask

from secondlevel.base.errors import InputError
from secondlevel.space.images import write_image
from secondlevel.space.masking import background_mask, given_mask, mask_counts
from secondlevel.space.survey import survey
from secondlevel.space.units import VOXELS

SHAPE = (12, 13, 11)


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


def test_what_is_dropped_of_a_mask_is_counted():
    maps = maps_with(0)
    maps[1, 5, 5, 5] = np.nan
    maps[2, 0, 0, 0] = np.inf  # outside of the proposed mask
    maps[:, 6, 6, 6] = 3
    maps[:, 6, 6, 5] = np.inf  # dropped as not finite, though it is constant, too
    proposed = np.zeros(SHAPE, dtype=bool)
    proposed[4:9, 4:10, 4:8] = True
    analysed, counts = mask_counts(survey(maps), proposed, "mine.nii", VOXELS)
    assert counts == {
        "Source": "mine.nii",
        "VoxelsProposed": 5 * 6 * 4,
        "VoxelsNotFiniteInSomeMap": 3,
        "VoxelsDroppedAsNotFinite": 2,
        "VoxelsDroppedAsConstant": 1,
        "VoxelsDroppedAsZero": 0,
        "VoxelsZeroInSomeMaps": 0,
        "VoxelsZeroInHalfOfMaps": 0,
    }
    proposed[5, 5, 5] = proposed[6, 6, 6] = proposed[6, 6, 5] = False
    np.testing.assert_array_equal(analysed, proposed)
    with pytest.raises(InputError, match=r"The mask \(mine.nii\) holds no voxel that can be analysed: .*Proposed': 0"):
        mask_counts(survey(maps), np.zeros(SHAPE, dtype=bool), "mine.nii", VOXELS)


def test_a_given_mask_must_be_on_the_grid_of_the_maps(tmp_path):
    affine, path = np.diag([-3.0, 3, 3, 1]), tmp_path / "mask.nii"
    data = np.zeros(SHAPE, dtype=np.float32)
    data[1, 2, 3], data[4, 5, 6], data[7, 8, 9] = 0.2, -1, np.nan
    write_image(path, data, affine)
    found = given_mask(path, SHAPE, affine + 1e-4)  # as files round affines
    assert found.dtype == bool
    assert np.argwhere(found).tolist() == [[1, 2, 3], [4, 5, 6]]
    for shape, other in (((12, 13, 10), affine), (SHAPE, affine + 0.01)):
        with pytest.raises(InputError, match="mask.nii is not on the grid of the maps"):
            given_mask(path, shape, other)


def test_zeros_are_counted_and_dropped_if_they_are_no_values():
    maps = np.random.default_rng(0).normal(size=(4, 5, 5, 5))
    maps[0, 2, 2, 2] = maps[:2, 2, 2, 3] = 0
    common, proposed = survey(list(maps)), np.ones((5, 5, 5), dtype=bool)
    analysed, counts = mask_counts(common, proposed, "", VOXELS)
    assert analysed.all()
    assert (counts["VoxelsZeroInSomeMaps"], counts["VoxelsZeroInHalfOfMaps"], counts["VoxelsDroppedAsZero"]) == (
        2,
        1,
        0,
    )
    analysed, counts = mask_counts(common, proposed, "", VOXELS, zeros_missing=True)
    assert analysed.sum() == 123
    assert (counts["VoxelsZeroInSomeMaps"], counts["VoxelsDroppedAsZero"]) == (0, 2)
