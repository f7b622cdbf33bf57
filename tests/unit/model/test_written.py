import json

import nibabel as nib
import numpy as np
import pytest

from secondlevel.model.maps import ACROSS, OF_F, OF_T, P_PERMUTED, Q_PERMUTED, Q, corrected_map, passing_maps
from secondlevel.model.maps import tested_map as map_of_what_was_permuted
from secondlevel.model.written import write_maps, write_passing
from secondlevel.space.forms import Form
from secondlevel.space.kinds.volume import Mask


def test_maps_are_written_with_what_they_are(tmp_path):
    inside = np.zeros((2, 2, 2), dtype=bool)
    inside[0] = True
    values = {"p": np.array([1e-300, 0.5, 0.25, 1]), "t": np.array([1.0, -2, 3, 1 / 3])}
    output = {key: str(tmp_path / OF_T[key].name("age", Form())) for key in values}
    how = {"Contrast": "age", "DegreesOfFreedom": 9}
    write_maps(output, OF_T, values, Mask(inside, np.eye(4)), how, sided="two-sided", standardised="d")
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
    path = tmp_path / kind.name("age", Form())
    assert path.name == "contrast-age_stat-logp_desc-maxMass_statmap.nii.gz"
    mask = Mask(np.ones((1, 1, 2), dtype=bool), np.eye(4))
    write_maps({"maxMass": str(path)}, {"maxMass": kind}, {"maxMass": np.zeros(2)}, mask, {}, name="F")
    about = json.loads((tmp_path / "contrast-age_stat-logp_desc-maxMass_statmap.json").read_text())
    assert about["Description"] == "-log10 of the family-wise p value of maxMass, F"


# The codes of nifti1.h by the entity stat-, and how many parameters they have here.
CODES = {"t": (3, 1), "F": (4, 2), "z": (5, 0), "p": (22, 0), "logp": (24, 0), "r": (2, 1), "q": (0, 0), "tfce": (0, 0)}
CODES |= dict.fromkeys(("effect", "variance", "d", "r2"), (1001, 0))
OF_BOTH = {"q": Q, "p_permuted": P_PERMUTED, "q_permuted": Q_PERMUTED, "across": ACROSS}
OF_BOTH |= {"maxT": corrected_map("maxT"), "tfce": map_of_what_was_permuted("tfce", "tfce")}


@pytest.mark.parametrize(("kinds", "df"), [(OF_T | OF_BOTH, 87), (OF_F | OF_BOTH, [3, 87])])
def test_headers_say_what_each_map_is_with_its_degrees_of_freedom(tmp_path, kinds, df):
    mask = Mask(np.ones((1, 1, 3), dtype=bool), np.eye(4))
    output = {key: str(tmp_path / kind.name("age", Form())) for key, kind in kinds.items()}
    values = dict.fromkeys(kinds, np.array([0.0, 0.5, 1]))
    how = {"DegreesOfFreedom": df}
    write_maps(output, kinds, values, mask, how, sided="one-sided", standardised="d", name="t")
    for key, kind in kinds.items():
        code, n = CODES[kind.stat]
        of_kind = np.atleast_1d(df).astype(float).tolist() if n else []
        assert len(of_kind) == n, key
        assert nib.load(output[key]).header.get_intent("code") == (code, tuple(of_kind), kind.desc or kind.stat)


def test_what_passes_keeps_its_z_and_all_else_is_0(tmp_path):
    kind = passing_maps(["maxT"])["maxT_passing"]
    path = tmp_path / kind.name("age", Form())
    assert path.name == "contrast-age_stat-z_desc-maxT_statmap.nii.gz"
    mask = Mask(np.arange(8).reshape(2, 2, 2) > 1, np.eye(4))
    z, passes = np.array([3, -4, 1 / 3, 5, 0, 2.5]), np.array([True, True, False, False, False, True])
    write_passing({"maxT_passing": str(path)}, "maxT", z, passes, mask, {"ErrorRate": 0.05}, "it passes")
    data = np.asarray(nib.load(path).dataobj)
    assert data[mask.inside].tolist() == [3, -4, 0, 0, 0, 2.5]
    assert not data[~mask.inside].any()
    about = json.loads((tmp_path / "contrast-age_stat-z_desc-maxT_statmap.json").read_text())
    assert about["Description"] == "z of the model where it passes, 0 elsewhere"
    assert (about["VoxelsAbove"], about["ErrorRate"]) == (3, 0.05)
    header = nib.load(path).header
    assert (header.get_intent()[0], header["cal_min"], header["cal_max"]) == ("z score", -4, 4)
