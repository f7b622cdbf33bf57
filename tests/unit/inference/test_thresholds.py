import numpy as np
import pytest
from nilearn.glm import fdr_threshold as nilearn_fdr_threshold
from scipy import stats
from statsmodels.stats.multitest import multipletests

from secondlevel.inference.thresholds import bonferroni_threshold, fdr_threshold, q_values


def z_map(effect, n=5000):
    z = np.random.default_rng(1).normal(size=n)
    z[:200] += effect
    return z


@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.2])
def test_fdr_threshold_equals_nilearn(alpha):
    z = z_map(3)
    assert fdr_threshold(z, alpha, False) == pytest.approx(nilearn_fdr_threshold(z, alpha), rel=1e-12)
    assert fdr_threshold(z, alpha, True) == pytest.approx(nilearn_fdr_threshold(np.abs(z), alpha / 2), rel=1e-12)


def test_no_voxel_passes():
    assert fdr_threshold(z_map(0) * 0.1, 0.05, False) is None


def test_voxels_with_q_below_alpha_are_those_above_the_threshold():
    z = z_map(3)
    q = q_values(stats.norm.sf(z))
    np.testing.assert_allclose(q, multipletests(stats.norm.sf(z), method="fdr_bh")[1])
    np.testing.assert_array_equal(q < 0.05, z > fdr_threshold(z, 0.05, False))


def test_bonferroni_threshold():
    assert stats.norm.sf(bonferroni_threshold(0.05, 1000, False)) * 1000 == pytest.approx(0.05)
    assert stats.norm.sf(bonferroni_threshold(0.05, 1000, True)) * 2000 == pytest.approx(0.05)
