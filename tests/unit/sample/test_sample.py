import gzip

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.base.tables import numbers, read_table, write_table
from secondlevel.sample.quality import inspect, lost_alone
from secondlevel.sample.sample import exclusions, read_sample, require_one_grid

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
    table = read_sample(str(folder / "sample.tsv"))
    variables = pd.DataFrame({"score": numbers(table, "score", "sample.tsv")})
    excluded = exclusions(table, variables, [inspect(path) for path in table["map"]]).set_index("participant_id")
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
    table = read_sample(str(folder / "sample.tsv"))
    qualities = [inspect(path) for path in table["map"]]
    excluded = exclusions(table, pd.DataFrame(), qualities, ["b"]).set_index("participant_id")["reason"]
    assert excluded["b"] == "left out by the config"
    with pytest.raises(InputError, match="names x, but there is no such subject"):
        exclusions(table, pd.DataFrame(), qualities, ["x"])


def test_maps_on_unlike_grids_are_refused_by_name(tmp_path):
    for name, shape in (("a", (6, 5, 4)), ("b", (6, 5, 4)), ("c", (6, 5, 3))):
        save(tmp_path / f"{name}.nii", np.ones(shape))
    grids = [inspect(tmp_path / f"{name}.nii").grid for name in "abc"]
    require_one_grid(list("ab"), grids[:2])
    with pytest.raises(InputError, match="those of c: the map of c has 6 x 5 x 3 voxels .* the rest 6 x 5 x 4 voxels"):
        require_one_grid(list("abc"), grids)


def test_voxels_that_one_map_alone_costs_are_counted(tmp_path):
    data = np.ones((3, 6, 5, 4))
    data[0, 0] = np.nan
    data[1, 0, 0] = np.inf
    data[1, 1, 0, 0] = np.nan
    for name, values in zip("abc", data, strict=True):
        save(tmp_path / f"{name}.nii", values)
    qualities = [inspect(tmp_path / f"{name}.nii") for name in "abc"]
    assert [quality.figures["n_not_finite"] for quality in qualities] == [20, 5, 0]
    assert lost_alone(qualities) == [16, 1, 0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("participant_id\tscore\nS1\t1\n", "no column 'map'"),
        ("participant_id\tmap\nS1\ta\nS1\tb\n", "more than one row for subject S1"),
        ("participant_id\tmap\nS1\ta\n\tb\n", "no participant_id in line 3"),
        ("participant_id\tmap\n", "no rows"),
        ("", "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_words(tmp_path, text, words):
    (tmp_path / "sample.tsv").write_text(text)
    with pytest.raises(InputError, match=words):
        read_sample(str(tmp_path / "sample.tsv"))


def test_a_cell_that_is_no_number_is_named(tmp_path):
    (tmp_path / "sample.tsv").write_text("participant_id\tscore\nS1\t1\nS2\ttwelve\n")
    table = read_table(tmp_path / "sample.tsv")
    with pytest.raises(InputError, match=r"column 'score' is not a number for subject S2 \('twelve'\)"):
        numbers(table, "score", "sample.tsv")
    with pytest.raises(InputError, match="no column 'age'"):
        numbers(table, "age", "sample.tsv")
