"""What headers say of values comes back by nibabel, and no value changes."""

import nibabel as nib
import numpy as np
import pytest

from secondlevel.space.intents import Intent, display_range
from secondlevel.space.kinds.volume import Mask

MASK = Mask(np.arange(24).reshape(2, 3, 4) % 3 > 0, np.diag([2.0, 2, 2, 1]))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([1, 2.5], (0, 2.5)),
        ([-3, 2], (-3, 3)),
        ([-1, -4], (-4, 4)),
        ([0, 0], (0, 0)),
        ([], (0, 0)),
        ([-0.0, 1], (0, 1)),
    ],
)
def test_the_range_holds_all_values_and_has_0_in_its_middle_or_at_its_end(values, wanted):
    assert display_range(np.array(values)) == wanted


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        (Intent("t test", (87,), "t"), 3),
        (Intent("f test", (2, 87), "F"), 4),
        (Intent("correlation", (87,), "r"), 2),
        (Intent("z score", (), "fdr"), 5),
        (Intent("p value", (), "p"), 22),
        (Intent("log10 p value", (), "maxTcontrasts"), 24),
        (Intent("estimate", (), "effect"), 1001),
        (Intent("label"), 1002),
        (Intent(), 0),
    ],
)
def test_an_intent_and_its_degrees_of_freedom_come_back(tmp_path, intent, code):
    values = np.random.default_rng(0).normal(size=MASK.size)
    MASK.write(str(tmp_path / "map.nii.gz"), values, {}, intent=intent)
    read = nib.load(tmp_path / "map.nii.gz")
    assert read.header.get_intent("code") == (code, intent.parameters, intent.label)
    data = np.asarray(read.dataobj)
    assert data[MASK.inside].tobytes() == values.astype(np.float32).tobytes()
    largest = np.abs(data).max()
    assert (read.header["cal_min"], read.header["cal_max"]) == (-largest, largest)


def test_a_long_label_is_cut_and_a_mask_is_shown_from_0_to_1(tmp_path):
    MASK.write(str(tmp_path / "map.nii.gz"), np.ones(MASK.size), {}, intent=Intent(label="a" * 40))
    assert nib.load(tmp_path / "map.nii.gz").header.get_intent()[2] == "a" * 15
    MASK.save([str(tmp_path / "mask.nii.gz")], {})
    header = nib.load(tmp_path / "mask.nii.gz").header
    assert (header["cal_min"], header["cal_max"], header.get_intent()[2]) == (0, 1, "mask")
