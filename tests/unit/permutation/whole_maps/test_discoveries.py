import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from permuting import CONTRASTS, ELEMENTS, example, freedman_lane
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import NUISANCE
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.permutation.whole_maps.discoveries import KNOTS, NEAR, Discoveries
from secondlevel.permutation.whole_maps.search import Search
from secondlevel.space.kinds.volume import Mask

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "discoveries.json").read_text())["cases"]
OF_FLIPS = [case for case in CASES if "expected_psi_smallest" in case]


def maps_of(case):
    """The maps of a case, which may be those of a case before it."""
    before = OF_FLIPS[: OF_FLIPS.index(case) + 1]
    return np.array(next(each["maps"] for each in reversed(before) if each["maps"] != "as above"))


@pytest.mark.parametrize("case", OF_FLIPS, ids=lambda case: f"{case['what'][:20]} {case['two_sided']} {case['K']}")
def test_psi_of_all_sign_flips_is_as_expected(case):
    maps = maps_of(case)
    n, m = maps.shape
    simes = Discoveries(m, case["K"], {"name": "t", "rank": 1}, n - 1, case["two_sided"])
    signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    t = [stats.ttest_1samp(maps * row[:, None], 0).statistic for row in signs]
    psi = np.exp(-np.ravel([simes.maxima(values) for values in t]))
    expected = case["expected_psi_smallest"]
    np.testing.assert_allclose(np.sort(psi)[: len(expected)], expected, rtol=1e-11)
    if isinstance(case["expected_observed_p"], list):
        np.testing.assert_allclose(np.exp(-np.abs(simes.maps(t[0])[0])), case["expected_observed_p"], rtol=1e-11)


@pytest.mark.parametrize(("contrast", "two_sided"), [("t", False), ("t", True), ("F", False)])
def test_the_engine_gives_psi_of_each_shuffle(contrast, two_sided):
    design, maps = example()
    weights = np.array(CONTRASTS[contrast])
    split, shuffles = partition(design, weights), plan(design, "permute", Blocks.none(len(design)), 40, seed=4)
    test = Ordinary(split, two_sided, NUISANCE["freedman-lane"].of(split, shuffles.blocks, "permute"))
    simes = Discoveries(ELEMENTS, 7, {"name": test.name, "rank": split.rank}, split.df, two_sided)
    searches = [Search({"discoveries": simes})]
    ((found,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(40)), searches=searches)
    weights = np.atleast_2d(weights)
    for k in (0, 1, 17, 40):
        shuffled = freedman_lane(design, weights, maps, shuffles, k)
        beta, rss, *_ = np.linalg.lstsq(design, shuffled, rcond=None)
        of_weights = weights @ np.linalg.inv(design.T @ design) @ weights.T
        effect = weights @ beta
        f = (effect * np.linalg.solve(of_weights, effect)).sum(0) / split.rank / (rss / split.df)
        p = stats.f.sf(f, split.rank, split.df)
        if contrast == "t" and not two_sided:
            p = np.where(effect[0] > 0, p / 2, 1 - p / 2)
        psi = min(ELEMENTS * np.sort(p)[j - 1] / j for j in range(1, 8))
        assert np.exp(-found["maxSimes"][k]) == pytest.approx(psi, rel=1e-4)


def test_evidence_has_the_sign_of_a_two_sided_test_and_what_is_no_number_has_none():
    values, about = np.array([np.nan, -3.0, 2.0, 0.0]), {"name": "t", "rank": 1}
    for two_sided, dtype in product((True, False), (np.float32, np.float64)):
        simes = Discoveries(4, 4, about, 9, two_sided)
        p = 2 * stats.t.sf(np.abs(values), 9) if two_sided else stats.t.sf(values, 9)
        p = np.where(np.isnan(p), 1, p)
        (found,) = simes.maps(values.astype(dtype))
        np.testing.assert_allclose(np.exp(-np.abs(found)), p, rtol=1e-6)
        assert (found[1] < 0) == two_sided
        (largest,) = simes.maxima(values.astype(dtype))
        assert np.exp(-largest) == pytest.approx(min(np.sort(p) * 4 / np.arange(1, 5)), rel=1e-6)


@pytest.mark.parametrize("two_sided", [True, False])
def test_evidence_of_normal_deviates_takes_no_degrees_of_freedom(two_sided):
    values = np.array([np.nan, -3.0, 2.0, 0.0, 45.0])
    p = np.log(2) + stats.norm.logsf(np.abs(values)) if two_sided else stats.norm.logsf(values)
    p = np.where(np.isnan(p), 0, p)
    for rank, df in ((1, 9), (1, 90), (2, 9)):
        if rank == 1 or not two_sided:
            simes = Discoveries(5, 5, {"name": "z", "rank": rank}, df, two_sided)
            (found,) = simes.maps(values)
            np.testing.assert_allclose(-np.abs(found), p, rtol=1e-12, atol=1e-15)
            largest = (np.log(np.arange(1, 6) / 5) - np.sort(p)).max()
            assert simes.maxima(values) == pytest.approx([largest], rel=1e-12)


def test_the_config_says_how_many_elements_are_looked_at():
    inside = Mask(np.arange(24).reshape(2, 3, 4) < 10, np.eye(4))
    settings = {"alpha": 0.05, "template": "simes", "largest": 1000}
    simes = Discoveries.of_config(settings, inside, {"name": "t", "rank": 1}, 5, False)
    assert (simes.n_elements, simes.largest) == (10, 10)
    assert simes.about(settings) == {"template": "simes", "largest": 10}
    assert Discoveries.of_config(settings | {"largest": 3}, inside, {"name": "t", "rank": 1}, 5, False).largest == 3


@pytest.mark.parametrize("two_sided", [True, False])
@pytest.mark.parametrize("scale", [0.2, 1.0, 4.0])
def test_a_quick_choice_of_elements_loses_none(scale, two_sided):
    values = scale * np.random.default_rng(3).standard_t(12, size=5000)
    values[7] = np.nan
    simes = Discoveries(5000, 100, {"name": "t", "rank": 1}, 12, two_sided)
    p = 2 * stats.t.sf(np.abs(values), 12) if two_sided else stats.t.sf(values, 12)
    psi = (5000 * np.sort(p)[:100] / np.arange(1, 101)).min()
    assert np.exp(-simes.maxima(values)[0]) == pytest.approx(psi, rel=1e-9)


@pytest.mark.parametrize(
    ("rank", "df", "two_sided"), [(1, 1, True), (1, 1, False), (1, 30, True), (2, 1, False), (5, 9, False)]
)
def test_interpolation_between_knots_is_near_enough(rank, df, two_sided):
    simes = Discoveries(10, 10, {"name": "F" if rank > 1 else "t", "rank": rank}, df, two_sided)
    between = (KNOTS[1:] + KNOTS[:-1]) / 2
    error = np.interp(between, KNOTS, simes.at_knots) - simes.evidence(between)
    assert np.abs(error).max() < NEAR / 2
