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
