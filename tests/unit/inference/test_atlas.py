import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.inference.atlas import Atlas
from secondlevel.space.images import write_image

# Rows after a good one, and what is said of them.
WRONG = {
    "99999999999999999999\ta\n": "must hold whole numbers, those of the atlas' image, and line 3 has '9999",
    "2.5\ta\n": "line 3 has '2.5'; correct it",
    "inf\ta\n": "line 3 has 'inf'; correct it",
    "\ta\n": "line 3 has none; correct it",
    "2\tn/a\n": "has no name for the region 2 in line 3; give it one",
    "2\ta\n1\tb\n": "has the region 1 once more in line 4; keep one of its lines",
}


def test_an_atlas_may_have_another_grid_and_regions_without_a_name(tmp_path):
    data = np.zeros((10, 10, 10), np.float32)
    data[2, 2, 2], data[7, 7, 7] = 5, 6
    write_image(tmp_path / "atlas.nii.gz", data, np.diag([6.0, 6, 6, 1]))
    pd.DataFrame({"index": [5], "name": ["insula"]}).to_csv(tmp_path / "atlas.tsv", sep="\t", index=False)
    atlas = Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
    assert [atlas([x, x, x]) for x in (12, 13.9, 42, 0, -50, 500)] == ["insula", "insula", "6", None, None, None]
    (tmp_path / "atlas.tsv").write_text("index\tname\nfive\tinsula\n")
    with pytest.raises(InputError, match="the column 'index' must hold whole numbers"):
        Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
    for rows, words in WRONG.items():
        (tmp_path / "atlas.tsv").write_text(f"index\tname\n1\tamygdala\n{rows}")
        with pytest.raises(InputError, match=words):
            Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
    (tmp_path / "atlas.tsv").write_text("number\tname\n5\tinsula\n")
    with pytest.raises(InputError, match="has no column 'index'"):
        Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")


def atlas_of(folder, data, table="index\tname\n1\tone\n"):
    """Read an atlas of some values, as NIfTI-2."""
    nib.save(nib.Nifti2Image(np.asarray(data), np.eye(4), dtype=np.asarray(data).dtype), folder / "atlas.nii")
    (folder / "atlas.tsv").write_text(table)
    return Atlas.read(folder / "atlas.nii", folder / "atlas.tsv")


@pytest.mark.parametrize("number", [312782616, 312782617, 2**53 + 1, -3])
def test_large_numbers_of_regions_stay_what_they_are(tmp_path, number):
    atlas = atlas_of(tmp_path, np.full((3, 3, 3), number, np.int64), f"index\tname\n{number}\tthe one\n7\tother\n")
    assert atlas([1, 1, 1]) == "the one"


@pytest.mark.parametrize("wrong", [1.99995, 0.5, np.nan, np.inf, 1e30])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_of_regions_that_are_not_whole_are_refused(tmp_path, wrong, dtype):
    data = np.ones((3, 3, 3), dtype)
    data[1, 1, 1] = wrong
    with pytest.raises(InputError, match="atlas.nii must hold whole numbers, those of its regions") as refused:
        atlas_of(tmp_path, data)
    assert "\n" not in str(refused.value)


def test_an_atlas_of_whole_float_numbers_is_read_and_a_number_has_one_name(tmp_path):
    assert atlas_of(tmp_path, np.ones((3, 3, 3), np.float32))([1, 1, 1]) == "one"
    with pytest.raises(InputError, match="has the region 1 once more in line 4"):
        atlas_of(tmp_path, np.ones((3, 3, 3), np.uint8), "index\tname\n1\tone\n2\ttwo\n1\tuno\n")
    for cell in ("99999999999999999999", "n/a", "1.5"):
        table = f"index\tname\n{cell}\tone\n"
        with pytest.raises(InputError, match="must hold whole numbers"):
            atlas_of(tmp_path, np.ones((3, 3, 3), np.uint8), table)
