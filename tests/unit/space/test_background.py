"""The value of a background is no value: it does not bleed into the brain, nor enter the statistics."""

import numpy as np
import pytest
from nibabel import Nifti1Image, save

from inspecting import VOLUMES
from secondlevel.space.background import fill_value, read_subject_map
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.masking import background_mask, mask_counts
from secondlevel.space.smoothed_maps import SmoothedMaps
from secondlevel.space.survey import survey
from secondlevel.space.units import VOXELS
from study import AFFINE, INSIDE, SHAPE


def volume(fill, seed=0):
    data = np.random.default_rng(seed).normal(size=SHAPE).astype(np.float32)
    data[~INSIDE] = fill
    return data


@pytest.mark.parametrize(
    ("fill", "found"), [(-1000, -1000), (-1, -1), (7.5, 7.5), (0, None), (np.nan, None), (np.inf, None)]
)
def test_the_value_that_fills_the_border_is_found_unless_it_is_0_or_no_number(fill, found):
    assert fill_value(volume(fill)) == found


def test_maps_without_a_background_have_none():
    assert fill_value(np.random.default_rng(0).normal(size=SHAPE)) is None
    assert fill_value(np.full(SHAPE, 3.0)) is None  # nothing stands out from it


@pytest.mark.parametrize("shape", [(1, 30, 20), (30, 1, 20), (30, 20, 1), (1, 1, 40), (1, 1, 1), (2, 30, 20)])
def test_maps_of_one_slice_have_the_border_of_the_slice(tmp_path, shape):
    data = np.full(shape, -5, np.float32)
    brain = tuple(slice(5, -5) if length > 10 else slice(None) for length in shape)
    data[brain] = np.random.default_rng(0).normal(size=data[brain].shape)
    path = str(tmp_path / "slice.nii.gz")
    save(Nifti1Image(data, np.diag([0.2, 0.2, 0.2, 1])), path)
    expected = -5 if max(shape) > 1 else None
    read, _, fill = read_subject_map(path)
    assert fill == expected
    common = survey([read, read + 1])
    inside, _ = mask_counts(common, background_mask(common.mean), "", VOXELS) if expected else (common.finite, None)
    (smoothed,) = SmoothedMaps([path], VOLUMES, Mask(inside, np.diag([0.2, 0.2, 0.2, 1])), 0.5)
    assert np.isfinite(smoothed).all()


def written(folder, fill, n=12):
    paths = [str(folder / f"{number}.nii.gz") for number in range(n)]
    for number, path in enumerate(paths):
        save(Nifti1Image(volume(fill, number), AFFINE), path)
    return paths


@pytest.mark.parametrize("fill", [-1000, -1, np.nan])
def test_smoothing_lets_nothing_of_the_background_in(tmp_path, fill):
    """Maps are those of a background of 0: as many voxels, and the same smoothed values."""
    (tmp_path / "zero").mkdir()
    found = {}
    for folder, value in ((tmp_path, fill), (tmp_path / "zero", 0)):
        paths = written(folder, value)
        common = survey(read_subject_map(path)[0] for path in paths)
        inside, counts = mask_counts(common, background_mask(common.mean), "", VOXELS)
        np.testing.assert_array_equal(inside, INSIDE)
        maps = SmoothedMaps(paths, VOLUMES, Mask(inside, AFFINE), 6.0)
        found[value] = np.array(list(maps))
    np.testing.assert_array_equal(found[fill], found[0])


def test_a_voxel_that_is_background_in_one_map_is_lost_like_one_without_a_number(tmp_path):
    paths = written(tmp_path, -1000, 4)
    data = volume(-1000, 2)
    data[2, 2, 2] = -1000
    save(Nifti1Image(data, AFFINE), paths[2])
    common = survey(read_subject_map(path)[0] for path in paths)
    inside, counts = mask_counts(common, background_mask(common.mean), "", VOXELS)
    assert inside.sum() == INSIDE.sum() - 1
    assert not inside[2, 2, 2]


def test_what_was_read_is_told(tmp_path):
    paths = [*written(tmp_path, -1000, 2)]
    other = volume(0, 5)
    other[3, 3, 3] = 0
    save(Nifti1Image(other, AFFINE), paths[1])
    maps = SmoothedMaps(paths, VOLUMES, Mask(INSIDE, AFFINE), 3.0)
    assert len(list(maps)) == 2
    about = maps.about(["a", "b"])
    assert about["BackgroundValue"] == {"a": -1000}
    assert about["ZerosInMask"] == {"a": 0, "b": 1}
    assert 0 < about["KernelInsideMask"] == about["KernelOnValues"] < 1
    thin = np.zeros(SHAPE, dtype=bool)
    thin[4] = INSIDE[4]
    thin = SmoothedMaps(paths, VOLUMES, Mask(thin, AFFINE), 8.0)
    list(thin)
    about = thin.about(["a", "b"])
    assert about["KernelInsideMask"] < 0.5 < about["KernelOnValues"]
