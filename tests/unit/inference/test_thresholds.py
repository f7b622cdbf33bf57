import numpy as np
import pytest
from nilearn.glm import fdr_threshold as nilearn_fdr_threshold
from scipy import stats
from statsmodels.stats.multitest import multipletests

from secondlevel.inference.thresholds import above, bonferroni_threshold, fdr_threshold, q_values, threshold_entries


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


def test_above_a_threshold_is_beyond_it_and_nothing_is_above_none():
    values = np.array([-3.0, -2, 0, 2, 3])
    assert above(values, 2, False).tolist() == [False, False, False, False, True]
    assert above(values, 2, True).tolist() == [True, False, False, False, True]
    assert not above(values, None, True).any()
    assert above(values.reshape(1, 5), None, False).shape == (1, 5)


@pytest.mark.parametrize("two_sided", [False, True])
def test_entries_tell_each_threshold_and_how_many_are_above_it(two_sided):
    z, alpha = z_map(4), {"fdr": 0.1, "fwe": 0.05, "uncorrected": 0.001}
    z[:50] *= -1
    entries = {entry["method"]: entry for entry in threshold_entries(z, alpha, two_sided, "age")}
    p = 2 * stats.norm.sf(np.abs(z)) if two_sided else stats.norm.sf(z)
    passing = {
        "fdr": multipletests(p, alpha=0.1, method="fdr_bh")[0],
        "bonferroni": p * z.size < 0.05,
        "uncorrected": p < 0.001,
    }
    assert entries.keys() == passing.keys()
    for method, entry in entries.items():
        assert entry["voxels_above"] == passing[method].sum() > 0
        assert (np.abs(z) if two_sided else z)[passing[method]].min() > entry["threshold"]
        assert (entry["contrast"], entry["voxels"], entry["statistic"]) == ("age", 5000, "z")
        assert entry["two_sided"] == two_sided
    assert [entry["alpha"] for entry in entries.values()] == [0.1, 0.05, 0.001]
    nothing = {entry["method"]: entry for entry in threshold_entries(z * 0.1, alpha, two_sided, "age")}["fdr"]
    assert (nothing["threshold"], nothing["voxels_above"]) == (None, 0)
