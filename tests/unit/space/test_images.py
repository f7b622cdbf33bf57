import json

import nibabel as nib
import numpy as np
import pytest

from secondlevel.base.errors import InputError
from secondlevel.space.images import read_image
from secondlevel.space.kinds.volume import Mask

AFFINE = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])


@pytest.mark.parametrize("name", ["map.nii", "map.nii.gz", "map.img"])
def test_formats_are_read_and_dimensions_of_one_dropped(tmp_path, name):
    data = np.random.default_rng(0).normal(size=(4, 5, 6, 1)).astype(np.float32)
    kind = nib.Spm2AnalyzeImage if name.endswith(".img") else nib.Nifti1Image
    nib.save(kind(data, AFFINE), tmp_path / name)
    values, affine = read_image(tmp_path / name)
    np.testing.assert_array_equal(values, data[..., 0])
    assert values.dtype == np.float32
    np.testing.assert_allclose(affine[:3, :3], AFFINE[:3, :3])


def test_several_volumes_are_refused(tmp_path):
    nib.save(nib.Nifti1Image(np.zeros((4, 5, 6, 2), np.float32), AFFINE), tmp_path / "run.nii")
    with pytest.raises(InputError, match="one three-dimensional map is needed"):
        read_image(tmp_path / "run.nii")


def test_a_map_comes_back_and_says_what_it_is(tmp_path):
    inside = np.random.default_rng(0).random((4, 5, 6)) > 0.5
    mask, values = Mask(inside, AFFINE), np.arange(inside.sum(), dtype=float)
    for name in ("one", "two"):
        mask.write(str(tmp_path / f"{name}.nii.gz"), values, {"Units": "t"}, outside=1)
    np.testing.assert_array_equal(mask.read(tmp_path / "one.nii.gz"), values)
    assert np.all(read_image(tmp_path / "one.nii.gz")[0][~inside] == 1)
    assert (tmp_path / "one.nii.gz").read_bytes() == (tmp_path / "two.nii.gz").read_bytes()
    about = json.loads((tmp_path / "one.json").read_text())
    assert about["Units"] == "t"
    assert about["Software"]["numpy"] == np.__version__


def test_coordinates_of_a_column():
    inside = np.zeros((4, 5, 6), dtype=bool)
    inside[1, 2, 3] = inside[3, 0, 1] = True
    assert Mask(inside, AFFINE).coordinates(0) == [9, -3, 17]
    assert Mask(inside, AFFINE).coordinates(1) == [3, -9, 9]
