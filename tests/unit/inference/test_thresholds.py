import numpy as np
import pytest
from nilearn.glm import fdr_threshold as nilearn_fdr_threshold
from scipy import stats
from statsmodels.stats.multitest import multipletests

from secondlevel.inference.thresholds import (
    above,
    bonferroni_threshold,
    fdr_threshold,
    least_logp,
    q_values,
    threshold_entries,
)
from secondlevel.space.units import VOXELS

ALPHA = {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001}


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
    entries = {entry["method"]: entry for entry in threshold_entries(z, alpha, two_sided, "age", VOXELS)}
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
    nothing = {entry["method"]: entry for entry in threshold_entries(z * 0.1, alpha, two_sided, "age", VOXELS)}["fdr"]
    assert (nothing["threshold"], nothing["voxels_above"]) == (None, 0)


@pytest.mark.parametrize("two_sided", [False, True])
def test_numbers_of_32_bits_pass_as_those_of_64_do(two_sided):
    """The threshold is a hair below the voxel at it, which rounds to the voxel's own value in 32 bits."""
    z = np.random.default_rng(0).normal(size=20_000).astype(np.float32).astype(np.float64)
    z[:300] += 4
    z = z.astype(np.float32)
    threshold = fdr_threshold(z.astype(np.float64), 0.05, two_sided)
    wanted = above(z.astype(np.float64), threshold, two_sided)
    np.testing.assert_array_equal(above(z, threshold, two_sided), wanted)
    assert wanted.sum() == threshold_entries(z.astype(np.float64), ALPHA, two_sided, "c", VOXELS)[0]["voxels_above"]


@pytest.mark.parametrize("n", [199, 999, 59, 1999])
@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.1])
def test_a_p_value_of_just_alpha_passes_in_a_map_too(n, alpha):
    p = np.arange(1, n + 2) / (n + 1)
    logp = (-np.log10(p)).astype(np.float32)
    np.testing.assert_array_equal(above(logp, least_logp(alpha), False), p <= alpha)


@pytest.mark.parametrize("alpha", [1e-100, 1 - 1e-16])
def test_thresholds_of_rates_at_the_ends_of_their_range_can_be_written_down(alpha):
    entries = threshold_entries(
        np.linspace(-8, 8, 10**6), dict.fromkeys(("fdr", "fwe", "uncorrected"), alpha), True, "c", VOXELS
    )
    assert all(entry["threshold"] is None or np.isfinite(entry["threshold"]) for entry in entries)
