import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from inspecting import VOLUMES, WANTED, glance, inspect, inspected
from secondlevel.sample.quality import here_only, quality_table
from secondlevel.space.kinds.volume_maps import Volumes

AFFINE = np.diag([3.0, 3, 3, 1])


def save(path, data, affine=AFFINE):
    nib.save(nib.Nifti1Image(np.asarray(data, dtype=np.float32), affine), path)


def test_voxels_that_one_map_alone_costs_are_counted(tmp_path):
    data = np.ones((3, 6, 5, 4))
    data[0, 0] = np.nan
    data[1, 0, 0] = np.inf
    data[1, 1, 0, 0] = np.nan
    for name, values in zip("abc", data, strict=True):
        save(tmp_path / f"{name}.nii", values)
    qualities = [inspect(tmp_path / f"{name}.nii") for name in "abc"]
    assert [quality.figures["n_not_finite"] for quality in qualities] == [20, 5, 0]
    assert here_only([quality.not_finite for quality in qualities]) == [16, 1, 0]


def test_the_figures_of_a_map_are_of_its_finite_voxels_other_than_0(tmp_path):
    data = np.random.default_rng(0).normal(3, 2, size=(6, 5, 4)).astype(np.float32)
    data[0, 0, 0], data[1], data[2, 0] = np.inf, 0, np.nan
    save(tmp_path / "map.nii", data)
    values = data[np.isfinite(data) & (data != 0)].astype(float)
    found = inspect(tmp_path / "map.nii")
    assert found.problem is None
    assert found.frame == ((6, 5, 4), tuple(AFFINE.ravel()))
    assert found.figures == {
        "n_not_finite": 5,
        "n_zero": 20,
        "mean": pytest.approx(values.mean()),
        "sd": pytest.approx(values.std()),
        "minimum": values.min(),
        "maximum": values.max(),
    }
    lost = np.unpackbits(found.not_finite, count=data.size).reshape(data.shape)
    np.testing.assert_array_equal(lost, ~np.isfinite(data))


def test_a_map_is_looked_at_on_the_grid_that_all_are_resampled_to(tmp_path):
    save(tmp_path / "map.nii", np.ones((6, 5, 4)))
    wide = AFFINE * [2, 2, 2, 1]
    found = inspect(tmp_path / "map.nii", Volumes(WANTED, "wide.nii", ((4, 3, 2), wide)))
    assert found.frame == ((4, 3, 2), tuple(wide.ravel()))
    assert found.figures["n_not_finite"] == 4 * 3 * 2 - 3 * 3 * 2


def test_a_glance_says_from_the_header_what_the_run_will_say(tmp_path):
    save(tmp_path / "map.nii", np.ones((6, 5, 4)))
    assert glance(tmp_path / "map.nii").problem is None
    assert glance(tmp_path / "map.nii").frame == inspect(tmp_path / "map.nii").frame
    assert glance(tmp_path / "none.nii").problem == "its map is not there"
    assert glance(None).problem == "no map is listed or found"
    save(tmp_path / "run.nii.gz", np.ones((6, 5, 4, 2)))
    (tmp_path / "empty.nii").touch()
    (tmp_path / "short.nii").write_bytes((tmp_path / "map.nii").read_bytes()[:-1])
    (tmp_path / "lfs.nii.gz").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    (tmp_path / "annex.nii.gz").symlink_to(tmp_path / ".git" / "annex" / "objects" / "x")
    nib.save(nib.Nifti2Image(np.ones((1, 1, 1, 1, 3, 4), np.float32), None), tmp_path / "cifti.nii")
    for name in ("run.nii.gz", "empty.nii", "short.nii", "lfs.nii.gz", "annex.nii.gz", "cifti.nii"):
        problem = glance(tmp_path / name).problem
        assert problem == inspect(tmp_path / name).problem, name
        assert name in problem


def test_maps_that_do_not_say_how_their_axes_lie_are_known(tmp_path):
    image = nib.Nifti1Image(np.ones((6, 5, 4), np.float32), None)
    image.header["sform_code"] = image.header["qform_code"] = 0
    nib.save(image, tmp_path / "lost.nii")
    save(tmp_path / "found.nii", np.ones((6, 5, 4)))
    for look in (glance, inspect):
        assert [look(tmp_path / f"{name}.nii").oriented for name in ("lost", "found")] == [False, True]


def test_the_table_of_quality_has_a_row_for_everybody(tmp_path):
    data = np.ones((4, 6, 5, 4))
    data[0, 0] = data[1, 0, 0] = np.nan
    data[1, 3, 0, 0] = np.nan
    data[2, 5, 0, 0] = data[2, 0, 0] = np.nan
    data[:, 4] = 0  # of all
    data[0, 4, 0, :2], data[2:, 4] = 1, 1
    data[0, 2, 1, 1], data[2, 2, 2, :] = 0, 0
    for name, values in zip("abcd", data, strict=True):
        save(tmp_path / f"{name}.nii", values)
    paths = [str(tmp_path / f"{name}.nii") for name in "abcd"]
    table = pd.DataFrame({"participant_id": list("abcde"), "map": pd.Series([*paths, None], dtype=object)})
    quality = quality_table(inspected(table, [], [], ["c"], "t.tsv"), VOLUMES)
    assert quality["participant_id"].tolist() == list("abcde")
    assert quality["kept"].tolist() == ["yes", "yes", "no", "yes", "no"]
    assert quality["grid"].tolist()[:4] == ["6 x 5 x 4 voxels of 3 x 3 x 3 mm from (0, 0, 0)"] * 4
    assert quality["n_not_finite"].fillna(-1).tolist() == [20, 5, 5, 0, -1]
    # What the one who is left out lacks costs nobody a voxel, and is missing itself.
    assert quality["n_not_finite_here_only"].fillna(-1).tolist() == [16, 1, -1, 0, -1]
    assert quality["n_zero"].fillna(-1).tolist() == [19, 20, 4, 0, -1]
    assert quality["n_zero_here_only"].fillna(-1).tolist() == [1, 2, -1, 0, -1]  # of the two, 18 are 0 in both
    assert quality.loc[4, ["grid", "mean"]].isna().all()
