import json

import nibabel as nib
import numpy as np

from secondlevel.model.maps import OF_T, corrected_map
from secondlevel.model.written import write_maps
from secondlevel.space.images import Mask


def test_maps_are_written_with_what_they_are(tmp_path):
    inside = np.zeros((2, 2, 2), dtype=bool)
    inside[0] = True
    values = {"p": np.array([1e-300, 0.5, 0.25, 1]), "t": np.array([1.0, -2, 3, 1 / 3])}
    output = {key: str(tmp_path / OF_T[key].name("age")) for key in values}
    write_maps(output, OF_T, values, Mask(inside, np.eye(4)), {"Contrast": "age"}, sided="two-sided", standardised="d")
    found = {key: np.asarray(nib.load(path).dataobj) for key, path in output.items()}
    np.testing.assert_array_equal(found["p"][inside], values["p"])  # which float32 could not hold
    np.testing.assert_array_equal(found["p"][~inside], 1)
    np.testing.assert_array_equal(found["t"][inside], values["t"].astype(np.float32))
    np.testing.assert_array_equal(found["t"][~inside], 0)
    about = json.loads((tmp_path / "contrast-age_stat-p_statmap.json").read_text())
    assert (
        about.items()
        >= {
            "Description": "p value, two-sided, uncorrected",
            "Units": "probability",
            "Contrast": "age",
            "OutsideMask": 1,
            "Voxels": 4,
        }.items()
    )


def test_a_corrected_map_is_named_by_its_method(tmp_path):
    kind = corrected_map("maxMass")
    path = tmp_path / kind.name("age")
    assert path.name == "contrast-age_stat-logp_desc-maxMass_statmap.nii.gz"
    mask = Mask(np.ones((1, 1, 2), dtype=bool), np.eye(4))
    write_maps({"maxMass": str(path)}, {"maxMass": kind}, {"maxMass": np.zeros(2)}, mask, {}, name="F")
    about = json.loads((tmp_path / "contrast-age_stat-logp_desc-maxMass_statmap.json").read_text())
    assert about["Description"] == "-log10 of the family-wise p value of maxMass, F"
