import numpy as np
import pytest
from nilearn.datasets import load_mni152_brain_mask

from drawn import AFFINE, MASK
from secondlevel.sample.coverage import coverage
from secondlevel.space.kinds.volume import Mask


def test_coverage_is_of_the_whole_brain():
    found = coverage(MASK)
    assert found["voxels"] == MASK.size
    assert found["volume_ml"] == pytest.approx(MASK.size * 0.512)
    assert 0 < found["share_of_brain"] < 1
    lower = Mask(MASK.inside & (np.arange(16) < 7), AFFINE)
    upper = Mask(MASK.inside & (np.arange(16) >= 7), AFFINE)
    cropped = Mask(upper.inside[:, :, 7:], AFFINE @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 7], [0, 0, 0, 1]]))
    parts = [coverage(part)["share_of_brain"] for part in (lower, upper)]
    assert sum(parts) == pytest.approx(found["share_of_brain"])
    assert coverage(cropped)["share_of_brain"] == pytest.approx(parts[1])
    far = coverage(Mask(MASK.inside, AFFINE + np.array([[0, 0, 0, 500]] + [[0] * 4] * 3)))
    assert (far["share_of_brain"], far["share_outside_brain"]) == (0, 1)


def test_the_standard_brain_covers_itself():
    template = load_mni152_brain_mask(resolution=2)
    found = coverage(Mask(np.asarray(template.dataobj) > 0, template.affine))
    assert (found["share_of_brain"], found["share_outside_brain"]) == (1, 0)


def test_a_mask_that_lies_elsewhere_covers_nothing():
    affine = np.diag([3.0, 3, 3, 1])
    affine[:3, 3] = 5000
    found = coverage(Mask(np.ones((5, 4, 1), dtype=bool), affine))
    assert (found["voxels"], found["share_of_brain"], found["share_outside_brain"]) == (20, 0, 1)
