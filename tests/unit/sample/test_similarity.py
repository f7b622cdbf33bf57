import warnings

import numpy as np
import pandas as pd
import pytest

from secondlevel.base.tables import write_table
from secondlevel.figures.quality import read_similarity
from secondlevel.sample.similarity import compare, leverage, moments, reasons, robust_z, scores

INTERCEPT = np.ones((40, 1))


def maps_of(n_subjects=40, n_voxels=500, seed=0):
    """Maps that share a pattern, each with noise, a mean and a strength of its own."""
    rng = np.random.default_rng(seed)
    pattern, noise = rng.normal(size=n_voxels), rng.normal(size=(n_subjects, n_voxels))
    strength, mean = rng.uniform(0.9, 1.1, size=(n_subjects, 1)), rng.normal(0, 0.1, size=(n_subjects, 1))
    return (strength * (pattern + noise) + mean).astype(np.float32)


def naive(maps):
    """Mean, standard deviation and correlation with the mean of the others, a map at a time."""
    maps = maps.astype(np.float64)
    rows = []
    for subject, values in enumerate(maps):
        others = np.delete(maps, subject, axis=0).mean(axis=0)
        rows.append((values.mean(), values.std(), np.corrcoef(values, others)[0, 1]))
    return np.array(rows).T


@pytest.mark.parametrize("offset", [0, 1e4])
@pytest.mark.parametrize("n_subjects", [2, 3, 40])
def test_moments_equal_a_loop(n_subjects, offset):
    maps = maps_of(n_subjects) + np.float32(offset)
    np.testing.assert_allclose(moments(maps), naive(maps), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("width", [1, 7, 499, 500, 10_000])
def test_tiles_change_nothing(width, tmp_path):
    np.save(tmp_path / "maps.npy", maps_of())
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    np.testing.assert_allclose(moments(mapped, width), moments(maps_of()), rtol=1e-12, atol=1e-13)


def spoilt(kind):
    """Maps of which that of subject 5 is spoilt."""
    maps = maps_of()
    noise = np.random.default_rng(9).normal(size=maps.shape[1])
    maps[5] = {
        "mean": maps[5] + 3,
        "sd": (maps[5] - maps[5].mean()) * 4 + maps[5].mean(),
        "correlation": noise / noise.std() * maps[5].std() + maps[5].mean(),
        "mean; sd": maps[5] * 5 + 3,
        "nothing": maps[5],
    }[kind]
    return maps


@pytest.mark.parametrize("kind", ["mean", "sd", "correlation", "mean; sd", "nothing"])
def test_only_the_spoilt_map_is_an_outlier(kind):
    found = compare(spoilt(kind), INTERCEPT)["outlier"]
    expected = [None] * 40
    expected[5] = None if kind == "nothing" else kind
    assert found == expected


def test_a_map_turned_upside_down_is_an_outlier_and_a_copy_of_the_mean_is_not():
    maps = maps_of()
    maps[3] *= -1
    maps[8] = np.delete(maps, [3, 8], axis=0).mean(axis=0)
    maps[8] *= maps[7].std() / maps[8].std()
    found = compare(maps, INTERCEPT)["outlier"]
    assert found[3] == "correlation"
    assert found[8] is None


@pytest.mark.parametrize("value", [0, 0.1, 1e4])
def test_a_constant_map_correlates_with_nothing(value):
    maps = maps_of()
    maps[2] = value
    mean, sd, correlation = moments(maps)
    assert (mean[2], sd[2], correlation[2]) == (np.float32(value), 0, 0)
    assert "sd" in compare(maps, INTERCEPT)["outlier"][2]
    constant = np.full((4, 50), value, dtype=np.float32)
    np.testing.assert_array_equal(moments(constant)[2], 0)
    assert compare(constant, np.ones((4, 1)))["outlier"] == [None] * 4


@pytest.mark.parametrize("n_subjects", [1, 2, 3])
@pytest.mark.parametrize("n_voxels", [1, 2, 100])
def test_tiny_samples(n_subjects, n_voxels):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = compare(maps_of(n_subjects, n_voxels), np.ones((n_subjects, 1)))
    assert {len(values) for values in result.values()} == {n_subjects}
    assert np.isnan(result["correlation"]).all() == np.isnan(result["z_correlation"]).all() == (n_subjects == 1)
    if n_subjects < 3:
        assert result["outlier"] == [None] * n_subjects


def test_copies_of_a_map_have_finite_scores():
    maps = np.repeat(maps_of(1), 5, axis=0)
    result = compare(maps, np.ones((5, 1)))
    np.testing.assert_allclose(result["correlation"], 1)
    assert result["outlier"] == [None] * 5


def test_robust_z_of_known_values():
    # The median is 3 and the distances from it are 2, 1, 0, 1 and 97, so their median is 1.
    np.testing.assert_allclose(robust_z(np.array([1, 2, 3, 4, 100])), 0.6745 * np.array([-2, -1, 0, 1, 97]))
    np.testing.assert_array_equal(robust_z(np.array([5, 5, 5, 9])), 0)


def test_scores_are_of_the_logarithm_and_of_fishers_z():
    mean, sd, correlation = np.random.default_rng(3).uniform(0.1, 0.9, size=(3, 20))
    z = scores(mean, sd, correlation)
    np.testing.assert_allclose(z["z_mean"], robust_z(mean))
    np.testing.assert_allclose(z["z_log_sd"], robust_z(np.log(sd)))
    np.testing.assert_allclose(z["z_correlation"], robust_z(0.5 * np.log((1 + correlation) / (1 - correlation))))


def test_reasons_lie_beyond_the_cut_off():
    z = {"z_mean": [3.5, -3.6, 0, 9], "z_log_sd": [-3.5, 0, 0, -4], "z_correlation": [-3.5, 9, -3.6, -5]}
    found = reasons({name: np.array(values) for name, values in z.items()})
    assert found == [None, "mean", "correlation", "mean; sd; correlation"]


def test_leverage_is_the_diagonal_of_the_hat_matrix():
    x = np.random.default_rng(2).normal(size=(15, 3))
    np.testing.assert_allclose(leverage(x), np.diag(x @ np.linalg.inv(x.T @ x) @ x.T))
    np.testing.assert_allclose(leverage(np.ones((8, 1))), 1 / 8)


@pytest.mark.parametrize("kind", ["mean; sd", "nothing"])
def test_the_table_of_similarity_comes_back(tmp_path, kind):
    names = {"participant_id": [f"{number:02}" for number in range(40)]}
    table = pd.DataFrame(names | compare(spoilt(kind), INTERCEPT))
    write_table(tmp_path / "similarity.tsv", table)
    back = read_similarity(tmp_path / "similarity.tsv")
    assert list(back) == list(table)
    assert back["participant_id"].tolist() == names["participant_id"]
    assert back["outlier"].tolist() == table["outlier"].fillna("").tolist()
    for measure in table.columns.drop(["participant_id", "outlier"]):
        assert back[measure].dtype == float
        np.testing.assert_array_equal(back[measure], table[measure])
