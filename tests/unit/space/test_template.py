import subprocess
import sys

import numpy as np
import pytest
from nilearn.datasets import load_mni152_template

from conftest import REPO
from secondlevel.space.template import template


@pytest.mark.parametrize("step", [1, 2])
def test_the_template_is_nilearns_of_1_mm(step):
    data, affine = template(step)
    expected = load_mni152_template(resolution=1).slicer[::step, ::step, ::step]
    np.testing.assert_allclose(data, expected.get_fdata() / expected.get_fdata().max(), atol=1e-6)
    np.testing.assert_array_equal(affine, expected.affine)


@pytest.mark.parametrize("rule", ["contrast", "coverage", "quality", "spread"])
def test_figures_are_drawn_without_the_import_of_nilearn(rule):
    code = f"import sys, secondlevel.figures.{rule}; assert 'nilearn' not in sys.modules"
    scripts = REPO / "workflow" / "scripts"
    subprocess.run([sys.executable, "-c", code], cwd=scripts, env={"PYTHONPATH": str(scripts)}, check=True)
