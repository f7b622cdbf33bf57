"""Where maps have no value, masks of rules, and smoothing that keeps holes."""

import nibabel as nib
import numpy as np
import pytest

from inspecting import VOLUMES, WANTED
from secondlevel.base.errors import InputError
from secondlevel.sample.quality import glance, read_and_inspect
from secondlevel.space.grids import grid_of
from secondlevel.space.holed_maps import HoledMaps, variance_rows
from secondlevel.space.holes import Holes, require_variances
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.map_registry import kind_of_maps
from secondlevel.space.mask_rules import ruled_mask
from secondlevel.space.partial import PartialSurveyor
from secondlevel.space.protocol import Reading
from secondlevel.space.smoothed_maps import SmoothedMaps
from secondlevel.space.units import VOXELS

SHAPE = (6, 5, 4)
FRAME = grid_of(SHAPE, np.eye(4))


def holes_of(columns, **how):
    """What counts as having no value in volumes, with files beside them."""
    beside = {column: kind_of_maps(WANTED | {"beside": True}) for column in columns}
    return Holes(VOLUMES, **how, kinds=beside)


def reading_of(data):
    return Reading(FRAME, data)


def save(path, values):
    nib.save(nib.Nifti1Image(values.astype(np.float32), np.eye(4)), path)
    return str(path)


@pytest.fixture
def files(tmp_path):
    """A map without values in a slab, a lesion in another, and variances with a 0."""
    rng = np.random.default_rng(0)
    values, mask, lesion = rng.normal(size=SHAPE), np.ones(SHAPE), np.zeros(SHAPE)
    mask[0], lesion[-1] = 0, 1
    variances = rng.exponential(size=SHAPE) + 0.1
    variances[2, 2, 2] = 0
    images = {"map": values, "map_mask": mask, "map_lesion": lesion, "map_variance": variances}
    return {name: save(tmp_path / f"{name}.nii.gz", image) for name, image in images.items()}


def test_masks_lesions_zeros_and_wrong_variances_are_holes(files):
    data = np.ones(SHAPE, np.float32)
    data[1, 1, 1] = 0
    belong = {name: path for name, path in files.items() if name != "map"}
    for how, also in [({}, []), ({"zeros": True}, [(1, 1, 1)]), ({"wrong_variances": True}, [(2, 2, 2)])]:
        expected = np.ones(SHAPE, dtype=bool)
        expected[[0, -1]] = False
        for place in also:
            expected[place] = False
        np.testing.assert_array_equal(np.isfinite(holes_of(belong, **how).dig(reading_of(data), belong)), expected)


def test_a_file_that_is_not_there_or_on_another_grid_is_told(files, tmp_path):
    reading, holes = reading_of(np.ones(SHAPE, np.float32)), holes_of(["map_mask"])
    for path, why in [(None, "its map mask is not there"), ("none.nii", "none.nii is not there")]:
        with pytest.raises(InputError, match=why):
            holes.dig(reading, {"map_mask": path})
    small = save(tmp_path / "small.nii", np.ones((3, 3, 3)))
    with pytest.raises(InputError, match="small.nii is not on the grid of the map .* has 3 x 3 x 3 voxels"):
        holes.dig(reading, {"map_mask": small})


def test_a_map_whose_variances_do_not_fit_is_left_out_before_they_are_read(files, tmp_path):
    holes = holes_of(["map_variance"])
    assert read_and_inspect(files["map"], VOLUMES, holes, {"map_variance": files["map_variance"]})[0].problem is None
    small = save(tmp_path / "small.nii", np.ones((3, 3, 3)))
    for path, why in [(small, "small.nii is not on the grid of the map"), ("none.nii", "none.nii is not there")]:
        found = [look(files["map"], VOLUMES, holes, {"map_variance": path}) for look in (read_and_inspect, glance)]
        assert why in found[0][0].problem == found[1].problem


def test_a_map_of_which_nothing_is_left_is_not_called_empty(files, tmp_path):
    none = save(tmp_path / "none.nii", np.zeros(SHAPE))
    told = read_and_inspect(files["map"], VOLUMES, holes_of(["map_mask"]), {"map_mask": none})[0].problem
    assert told.startswith(f"nothing of the map {files['map']} is left")
    assert "is empty" in read_and_inspect(none, VOLUMES, holes_of(["map_mask"]), {"map_mask": none})[0].problem


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_a_variance_that_is_none_is_told_where_there_is_a_value(wrong):
    variances, values = np.array([1, wrong, wrong]), np.array([1, np.nan, 2])
    with pytest.raises(InputError, match="variances of sub-1 .* in 1 of 3 voxels"):
        require_variances(variances, values, "sub-1", VOXELS)
    require_variances(variances[:2], values[:2], "sub-1", VOXELS)


def test_smoothing_takes_nothing_from_a_hole_and_keeps_it(files):
    mask = Mask(np.ones(SHAPE, dtype=bool), np.eye(4))
    sample = {"participant_id": ["sub-1"], "map": [files["map"]], "map_mask": [files["map_mask"]]}
    holes = holes_of(["map_mask"])
    how = holes.files(sample), holes, mask
    (row,) = HoledMaps(sample["map"], *how, 3.0)
    volume = row.reshape(SHAPE)
    assert np.isnan(volume[0]).all()
    assert np.isfinite(volume[1:]).all()
    constant = save(files["map"].replace("map.nii", "ones.nii"), np.ones(SHAPE))
    (flat,) = HoledMaps([constant], *how, 3.0)
    np.testing.assert_allclose(flat.reshape(SHAPE)[1:], 1, rtol=1e-6)
    (whole,), (plain,) = (
        HoledMaps([files["map"]], [{}], Holes(VOLUMES), mask, 0),
        SmoothedMaps([files["map"]], VOLUMES, mask, 0),
    )
    np.testing.assert_array_equal(whole, plain)


def test_variances_are_squares_of_standard_errors(files):
    mask = Mask(np.ones(SHAPE, dtype=bool), np.eye(4))
    values = np.where(np.arange(np.prod(SHAPE)) == 50, np.nan, 1)[None]
    errors = save(files["map"].replace("map.nii", "se.nii"), np.full(SHAPE, 3.0))
    sample = {"participant_id": ["a"], "map": [files["map"]], "map_standard_error": [errors]}
    (row,) = variance_rows(sample, holes_of(["map_standard_error"]), values, mask, {})
    np.testing.assert_array_equal(row, 9 * values[0])


def test_rules_of_masks_and_what_maps_have_in_common():
    rng, surveyor = np.random.default_rng(1), PartialSurveyor()
    maps = rng.integers(0, 3, (8, *SHAPE)).astype(np.float32)
    maps[rng.random(maps.shape) < 0.2] = np.nan
    for data in maps:
        surveyor.add(data)
    common, about = surveyor.survey(), (None, VOLUMES)
    np.testing.assert_array_equal(common.counts, np.isfinite(maps).sum(axis=0))
    np.testing.assert_allclose(common.mean, np.nanmean(maps, axis=0))
    np.testing.assert_array_equal(common.varies, np.nanmin(maps, axis=0) < np.nanmax(maps, axis=0))
    rules = {
        "nonzero": ({"nonzero": 5}, np.nansum(maps > 0, axis=0) >= 5),
        "mean": ({"above": 1, "in": "mean"}, np.nanmean(maps, axis=0) > 1),
        "all": ({"above": 0}, np.nanmin(maps, axis=0) > 0),
        "both": ({"nonzero": 4, "above": 0.9, "in": "mean"}, None),
    }
    for rule, expected in rules.values():
        if expected is None:
            expected = (np.nansum(maps > 0, axis=0) >= 4) & (np.nanmean(maps, axis=0) > 0.9)
        np.testing.assert_array_equal(ruled_mask(rule, *about, common, FRAME, [])[0], expected)
    with pytest.raises(InputError, match="only 8 are kept"):
        ruled_mask({"nonzero": 9}, *about, common, FRAME, [])


def test_a_relative_threshold_is_a_share_of_each_maps_own_level():
    """Of blood flow with a background around 0, whose level differs tenfold between subjects."""
    rng, surveyor = np.random.default_rng(1), PartialSurveyor()
    maps = rng.normal(50, 8, (6, *SHAPE)) * np.geomspace(0.3, 3, 6).reshape(-1, 1, 1, 1)
    maps[:, 0] = rng.normal(0, 0.5, (6, *SHAPE[1:]))
    maps[2, 3, 3] = np.nan
    for data in maps.astype(np.float32):
        surveyor.add(data)
    shares = np.array([m / m[m > np.nanmean(m) / 8].mean() for m in maps])
    for rule, expected in [
        ({"above": 0.8, "relative": True}, np.nanmin(shares, axis=0) > 0.8),
        ({"above": 1, "in": "mean", "relative": True}, np.nanmean(shares, axis=0) > 1),
    ]:
        proposed, words = ruled_mask(rule, None, VOLUMES, surveyor.survey(), FRAME, list("abcdef"))
        np.testing.assert_array_equal(proposed, expected)
        assert 0 < expected.sum() < expected[1:].size
        assert words.startswith(f"voxels above {rule['above']:g} of the level of each map in ")


def test_a_map_without_a_level_is_told_also_where_others_alone_have_a_value():
    surveyor = PartialSurveyor()
    for value in (1, -1, 2):
        data = np.full(SHAPE, value, np.float32)
        data[0, 0, value] = np.nan
        surveyor.add(data)
    for how in ("all", "mean"):
        with pytest.raises(InputError, match="'mask.relative': maps without a level above 0.*: b;"):
            ruled_mask(
                {"above": 0.8, "in": how, "relative": True}, None, VOLUMES, surveyor.survey(), FRAME, list("abc")
            )


def test_a_rule_lies_within_the_mask_that_is_named(files):
    surveyor = PartialSurveyor()
    for value in (1, 2):
        surveyor.add(np.full(SHAPE, value, np.float32))
    rule = {"nonzero": "all", "within": files["map_mask"]}
    proposed, source = ruled_mask(rule, files["map_mask"], VOLUMES, surveyor.survey(), FRAME, [])
    expected = np.ones(SHAPE, dtype=bool)
    expected[0] = False
    np.testing.assert_array_equal(proposed, expected)
    assert source == f"voxels that are not 0 in at least 2 maps, within {files['map_mask']}"


def test_what_is_at_the_border_of_a_mask_is_no_background(tmp_path):
    mask = np.ones(SHAPE)
    mask[3, 2, 2] = 0
    found = {"map_mask": save(tmp_path / "mask.nii", mask)}
    there = np.isfinite(holes_of(found).dig(reading_of(np.ones(SHAPE, np.float32)), found))
    np.testing.assert_array_equal(there, mask > 0)
