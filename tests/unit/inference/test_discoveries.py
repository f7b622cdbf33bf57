import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from secondlevel.inference.discoveries import (
    at_least,
    at_least_of_each,
    bounds,
    columns_of_discoveries,
    curve,
    levels,
    log_lambda,
)
from secondlevel.inference.regions import NOWHERE, region_table
from secondlevel.permutation.nulls import Null

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "discoveries.json").read_text())["cases"]
OF_SETS = [case for case in CASES if "sets" in case]


def p_of(case):
    """The p values of a case, which may be those of a case before it."""
    before = OF_SETS[: OF_SETS.index(case) + 1]
    all_p = (each["expected_observed_p"] for each in reversed(before))
    return np.array(next(p for p in all_p if isinstance(p, list)))


@pytest.mark.parametrize("case", OF_SETS, ids=lambda case: f"{case['what'][:20]} {case['two_sided']} {case['K']}")
def test_bounds_are_as_expected(case):
    p = p_of(case)
    found = levels(-np.log(p), np.log(case["expected_lambda_strict"]), case["K"])
    assert [at_least(found[chosen]) for chosen in case["sets"]] == case["expected_discoveries"]
    assert curve(found[np.argsort(p, kind="stable")]).tolist() == case["expected_curve"]


def test_lambda_lets_no_more_than_alpha_of_tied_shuffles_err():
    case = next(case for case in CASES if case["what"].startswith("ties"))
    n, psi = 64, np.array(case["expected_psi_smallest"])
    maxima = -np.log(np.concatenate([psi, np.ones(n - psi.size)]))
    exact = log_lambda(maxima, 0.05, 8, tie=0)
    assert np.exp(exact) == pytest.approx(case["expected_lambda_strict"], rel=1e-12)
    assert (psi < np.exp(exact)).sum() / n == case["share_of_psi_below_strict"] <= 0.05
    # Ties that differ by rounding are none above it, either.
    shaken = maxima * (1 + 1e-6 * np.random.default_rng(0).normal(size=n))
    assert (np.exp(-shaken) < np.exp(log_lambda(shaken, 0.05, 8))).sum() == 2
    assert log_lambda(shaken, 0.05, 8) == pytest.approx(exact, rel=1e-3)


def test_too_few_shuffles_tell_nothing():
    assert log_lambda(np.arange(19.0), 0.05, 10) is None
    assert log_lambda(np.arange(20.0), 0.05, 10, tie=0) == -18
    assert levels(np.full(5, 100.0), None, 5).tolist() == [0] * 5


def test_a_p_value_on_a_threshold_is_not_below_it():
    case = next(case for case in CASES if "lam" in case)
    found = levels(-np.log(case["p"]), np.log(case["lam"]), case["K"])
    assert at_least(found[case["set"]]) == case["expected_discoveries"] == case["expected_by_brute_force"]
    assert found.tolist() == [2, 3, 3, 4, 0, 0, 0, 0]


def test_with_lambda_alpha_bounds_are_those_of_simes_tests():
    for example in next(case for case in CASES if "examples" in case)["examples"]:
        p = np.array(example["p"])
        found = at_least(levels(-np.log(p), np.log(0.05), p.size)[example["set"]])
        assert found == example["discoveries_with_lambda_alpha"] <= example["expected_discoveries"]


def test_however_small_p_is_it_has_the_first_level():
    assert levels(np.array([1e5, 800.0, 0.0]), np.log(0.1), 3).tolist() == [1, 1, 0]


def most_null(chosen):
    """How many elements of a set can be null: those of which fewer than j have a level of j or less, for each j."""
    for size in range(len(chosen), 0, -1):
        for nulls in combinations(chosen, size):
            ordered = sorted(level for level in nulls if level)
            if all(level > place for place, level in enumerate(ordered, 1)):
                return size
    return 0


@given(some.lists(some.integers(0, 6), max_size=9))
def test_bounds_equal_brute_force_and_each_other(given_levels):
    chosen = np.array(given_levels, dtype=int)
    assert at_least(chosen) == len(chosen) - most_null(given_levels)
    assert curve(chosen).tolist() == [at_least(chosen[: n + 1]) for n in range(len(chosen))]


def test_sets_are_bounded_as_each_alone():
    random = np.random.default_rng(2)
    found, labels = random.integers(0, 40, 3000) * random.integers(0, 2, 3000), random.integers(0, 30, 3000)
    expected = [at_least(found[labels == label]) for label in range(30)]
    assert at_least_of_each(found, labels).tolist() == expected
    assert max(expected) > min(expected)


@pytest.mark.parametrize("seed", range(4))
def test_lambda_and_bounds_equal_those_of_sanssouci(seed):
    # It is not declared, since it wants an older scikit-learn than nilearn takes; `pip install --no-deps` will do.
    sanssouci = pytest.importorskip("sanssouci", reason="sanssouci is not installed")
    random = np.random.default_rng(seed)
    m, n, largest = 300, 60, (300, 50)[seed % 2]
    p = random.uniform(size=(n, m)) ** np.where(np.arange(m) < 60, 1 + 9 * (np.arange(n)[:, None] == 0), 1)
    psi = sanssouci.get_pivotal_stats(p, K=largest)
    shares = np.arange(1, largest + 1) / m
    maxima = (-np.log(np.sort(p, axis=1)[:, :largest]) + np.log(shares)).max(axis=1)
    np.testing.assert_allclose(np.exp(-maxima), psi, rtol=1e-12)
    of_lambda = log_lambda(maxima, 0.05, m, tie=0)
    assert np.exp(of_lambda) == pytest.approx(np.sort(psi)[3], rel=1e-12)
    template = sanssouci.linear_template(np.exp(of_lambda), largest, m)
    found = levels(-np.log(p[0]), of_lambda, largest)
    for size in (1, 10, 60, 300):
        chosen = random.permutation(m)[:size]
        assert at_least(found[chosen]) == size - sanssouci.max_fp(p[0][chosen], template)
    assert at_least(found) > 0


def null_of(n_shuffles, evidence):
    """A two-sided null whose observed order has some evidence, -log p."""
    about = {"two_sided": True, "discoveries": {"template": "simes", "largest": 4}}
    maxima = np.concatenate([[9.0], np.linspace(0, 3, n_shuffles - 1)])
    return Null(about, 0, {"maxT": maxima, "maxSimes": maxima}, observed={"maxSimes": evidence})


def test_a_null_says_what_is_bounded_or_how_many_shuffles_it_would_take():
    evidence = np.array([-9.0, 8.0, 7.0, 0.1, -0.2, 0.0])
    found, summary = bounds(null_of(40, evidence), 0.05)
    assert found.tolist() == [1, 1, 1, 0, 0, 0]  # lambda is the third smallest psi, e^-2.92
    assert summary["true_discoveries"] == 3
    assert summary["lambda"] == pytest.approx(np.exp(-2.92), rel=0.01)
    assert summary["warnings"] == []
    found, summary = bounds(null_of(10, evidence), 0.05)
    assert (summary["lambda"], summary["true_discoveries"], found.any()) == (None, 0, False)
    assert summary["warnings"] == [
        "9 permutations are too few to bound true discoveries at an error rate of 0.05; at least 19 are needed."
    ]


def test_clusters_and_regions_tell_the_bound_of_each_and_its_share():
    found, labels = np.array([1, 1, 3, 0, 2, 0]), np.array([1, 1, 1, 1, 2, 0])
    columns = columns_of_discoveries(found, labels)
    assert columns["discoveries"].tolist() == [2, 2, 2, 2, 0, 0]
    assert columns["discoveries_share"].tolist() == [0.5, 0.5, 0.5, 0.5, 0, 0]
    assert columns_of_discoveries(None, labels) == {}
    table = region_table(found, np.array([7, 7, 7, 7, 300, 0]), {7: "seven", 300: "three hundred"}.get)
    assert {name: list(cells) for name, cells in table.items()} == {
        "index": [0, 7, 300],
        "region": [NOWHERE, "seven", "three hundred"],
        "elements": [1, 4, 1],
        "discoveries": [0, 2, 0],
        "discoveries_share": [0, 0.5, 0],
    }
