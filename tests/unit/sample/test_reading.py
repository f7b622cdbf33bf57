import nibabel as nib
import numpy as np
import pytest

from inspecting import VOLUMES, inspect
from secondlevel.sample.reading import read_all
from secondlevel.space import headers
from secondlevel.space.background import read_subject_map
from secondlevel.space.survey import read_survey, survey

SHAPE = 6, 5, 4


def save(path, values):
    nib.save(nib.Nifti1Image(values.astype(np.float32), np.diag([3, 3, 3, 1])), path)
    return str(path)


@pytest.fixture
def paths(tmp_path):
    rng = np.random.default_rng(0)
    found = []
    for number in range(12):
        values = rng.normal(size=SHAPE)
        values[rng.random(SHAPE) < 0.1] = 0
        values[rng.random(SHAPE) < 0.05] = np.nan
        found.append(save(tmp_path / f"{number}.nii.gz", values))
    save(tmp_path / "3.nii.gz", np.zeros(SHAPE))
    (tmp_path / "7.nii.gz").write_bytes((tmp_path / "7.nii.gz").read_bytes()[:-30])
    found[9] = None
    return found


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_maps_are_read_once_and_those_that_are_kept_are_surveyed(paths, tmp_path, threads, monkeypatch):
    against = [["left out"] if number in (0, 4, 9) else [] for number in range(12)]
    opened, read = [], headers.all_bytes
    monkeypatch.setattr(headers, "all_bytes", lambda path, *sizes: opened.append(path) or read(path, *sizes))
    qualities, common = read_all(paths, against, VOLUMES, threads=threads)
    monkeypatch.undo()
    assert sorted(opened) == sorted(path for path in paths if path)
    assert [quality.problem for quality in qualities] == [inspect(path).problem for path in paths]
    kept = [number for number in range(12) if number not in (0, 3, 4, 7, 9)]
    expected = survey(read_subject_map(paths[number])[0] for number in kept)
    common.write(tmp_path / "survey.npz")
    for found in (common, read_survey(tmp_path / "survey.npz")):
        assert found.n_maps == expected.n_maps == 7
        for name in ("mean", "finite", "varies", "zeros"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name, strict=True)


def test_maps_of_another_shape_are_not_surveyed_and_none_gives_none(paths, tmp_path):
    other = save(tmp_path / "other.nii.gz", np.ones((2, 3, 4)))
    qualities, common = read_all([paths[1], other, paths[2]], [[], [], []], VOLUMES)
    assert common.n_maps == 2
    assert [quality.frame[0] for quality in qualities] == [SHAPE, (2, 3, 4), SHAPE]
    qualities, common = read_all(paths[3:5], [[], ["left out"]], VOLUMES)
    assert common is None
    assert len(qualities) == 2
