import gzip

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from inspecting import VOLUMES, inspect, inspected
from secondlevel.base.errors import InputError
from secondlevel.base.tables import write_table
from secondlevel.sample.quality import MapQuality
from secondlevel.sample.selection import require_one_frame, select
from secondlevel.sample.table import read_sample

AFFINE = np.diag([3.0, 3, 3, 1])


def save(path, data, affine=AFFINE):
    nib.save(nib.Nifti1Image(np.asarray(data, dtype=np.float32), affine), path)


@pytest.fixture
def folder(tmp_path):
    """Maps of eight subjects, four of them with something wrong."""
    rng = np.random.default_rng(0)
    for name in "abcdefgh":
        save(tmp_path / f"{name}.nii.gz", rng.normal(size=(6, 5, 4)))
    save(tmp_path / "d.nii.gz", rng.normal(size=(30, 30, 30)))
    save(tmp_path / "c.nii.gz", np.zeros((6, 5, 4)))
    whole = (tmp_path / "d.nii.gz").read_bytes()
    (tmp_path / "d.nii.gz").write_bytes(whole[:-40])
    (tmp_path / "e.nii.gz").unlink()
    (tmp_path / "f.nii.gz").write_bytes(gzip.compress(b"<html>not an image</html>"))
    table = pd.DataFrame({"participant_id": list("abcdefgh"), "map": [f"{name}.nii.gz" for name in "abcdefgh"]})
    table["score"] = ["1", "2", "3", "4", "5", "6", "n/a", "8"]
    table.loc[7, "map"] = None
    write_table(tmp_path / "sample.tsv", table)
    return tmp_path


def test_each_exclusion_has_its_subject_and_reason(folder):
    table = read_sample(str(folder / "sample.tsv"), VOLUMES)
    excluded = inspected(table, ["score"], [], [], "sample.tsv").excluded.set_index("participant_id")
    assert list(excluded.index) == list("cdefgh")
    for subject, words in {
        "c": "is empty",
        "d": "broken or cut short",
        "e": "does not exist",
        "f": "not an image",
        "g": "missing value of score",
        "h": "no map is listed",
    }.items():
        assert words in excluded.loc[subject, "reason"]


def test_the_users_own_exclusions_must_be_somebody(folder):
    table = read_sample(str(folder / "sample.tsv"), VOLUMES)
    chosen = inspected(table, [], [], ["b"], "sample.tsv")
    excluded = chosen.excluded.set_index("participant_id")["reason"]
    assert excluded["b"] == "left out by the config"
    with pytest.raises(InputError, match="names x, but there is no such subject"):
        select(table, [], [], ["x"], VOLUMES, "sample.tsv")


def test_a_selection_keeps_who_has_all_that_is_needed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    maps = pd.Series(["1.nii", "2.nii", None, "4.nii", "5.nii"], dtype=object)
    for name in maps.dropna():
        save(name, np.ones((2, 2, 2)))
    table = pd.DataFrame({"participant_id": list("abcde"), "map": maps})
    table["age"], table["site"] = ["20", None, "22", "23", "24"], ["x", "y", "x", None, "y"]

    def look(path):
        return MapQuality(None if path else "no map", figures=path)

    everybody = inspected(table, [], [], [], "t.tsv", look)
    assert everybody.kept.tolist() == [True, True, False, True, True]
    chosen = inspected(table, ["age"], ["site"], ["e", "b"], "t.tsv", look)
    assert chosen.kept.tolist() == [True, False, False, False, False]
    assert chosen.excluded.to_numpy().tolist() == [
        ["b", "left out by the config; missing value of age"],
        ["c", "no map"],
        ["d", "missing value of site"],
        ["e", "left out by the config"],
    ]
    assert [quality.figures for quality in chosen.qualities] == ["1.nii", "2.nii", None, "4.nii", "5.nii"]
    assert [quality.figures for quality in chosen.qualities_of_kept] == ["1.nii"]


def test_a_selection_refuses_variables_that_are_not_there_or_no_numbers():
    table = pd.DataFrame({"participant_id": list("ab"), "map": ["1", "2"], "site": ["x", "y"]})
    for variables, words in (
        ((["site"], []), r"t.tsv: column 'site' is not a number for subject a \('x'\)"),
        (([], ["group"]), "t.tsv has no column 'group'; it has participant_id, map, site"),
        ((["age"], []), "t.tsv has no column 'age'"),
    ):
        with pytest.raises(InputError, match=words):
            select(table, *variables, [], VOLUMES, "t.tsv")


def test_maps_on_unlike_grids_are_refused_by_name(tmp_path):
    for name, shape in (("a", (6, 5, 4)), ("b", (6, 5, 4)), ("c", (6, 5, 3))):
        save(tmp_path / f"{name}.nii", np.ones(shape))
    grids = [inspect(tmp_path / f"{name}.nii").frame for name in "abc"]
    require_one_frame(list("ab"), grids[:2], VOLUMES)
    with pytest.raises(InputError, match="those of c: the map of c has 6 x 5 x 3 voxels .* the rest 6 x 5 x 4 voxels"):
        require_one_frame(list("abc"), grids, VOLUMES)


ROUNDED = np.array([[3.4375, 0, 0, -108.28125], [0, 3.4375, 0, -110.1], [0, 0, 3.4375, -70.7], [0, 0, 0, 1]])


def test_grids_that_differ_by_rounding_are_one(tmp_path):
    shape = (64, 64, 40)
    grids = [(shape, tuple(ROUNDED.ravel())), (shape, tuple((ROUNDED * (1 - 6e-8)).ravel()))]
    require_one_frame(list("ab"), grids, VOLUMES)
    moved = ROUNDED.copy()
    moved[0, 3] += 0.05 * 3.4375
    with pytest.raises(InputError, match="1 of 3 maps are not on the grid of the rest, those of c"):
        require_one_frame(list("abc"), [*grids, (shape, tuple(moved.ravel()))], VOLUMES)


def test_one_file_is_the_map_of_one_subject(tmp_path):
    save(tmp_path / "a.nii", np.ones((6, 5, 4)))
    (tmp_path / "b.nii").symlink_to(tmp_path / "a.nii")
    (tmp_path / "c.nii").hardlink_to(tmp_path / "a.nii")
    nib.save(nib.Nifti1Pair(np.ones((6, 5, 4), np.float32), AFFINE), tmp_path / "d.img")
    for first, other in (("a.nii", "./a.nii"), ("a.nii", "b.nii"), ("a.nii", "c.nii"), ("d.img", "d.hdr")):
        paths = pd.Series([f"{tmp_path}/{first}", None, f"{tmp_path}/{other}"], dtype=object)
        table = pd.DataFrame({"participant_id": list("xyz"), "map": paths})
        with pytest.raises(InputError, match=rf"t.tsv: one file is the map of x, z: .*{first}; correct"):
            select(table, [], [], [], VOLUMES, "t.tsv")
        assert select(table, [], [], ["x"], VOLUMES, "t.tsv").kept.tolist() == [False, False, True]
