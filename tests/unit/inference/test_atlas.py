import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.inference.atlas import Atlas
from secondlevel.space.images import write_image


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
    (tmp_path / "atlas.tsv").write_text("number\tname\n5\tinsula\n")
    with pytest.raises(InputError, match="has no column 'index'"):
        Atlas.read(tmp_path / "atlas.nii.gz", tmp_path / "atlas.tsv")
