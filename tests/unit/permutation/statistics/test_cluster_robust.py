"""Cluster-robust t and Wald's F, against statsmodels without small-sample factors."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from secondlevel.base.errors import InputError
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.permutation.engine import observed_statistics
from secondlevel.permutation.nulls import Null
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.cluster_robust import ClusterRobust, counting_clusters

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "robust.json").read_text())["cases"]
FLIPPED = [case for case in CASES if "expected_statistic" in case]
DESIGN, MAPS, CLUSTERS = (np.array(CASES[0][key]) for key in ("design", "maps", "clusters"))
WHOLE = Blocks.of(CLUSTERS, True, "person")


def given(case, key):
    """A field of a case, or of the first where it is as there."""
    return np.array(CASES[0][key] if isinstance(case[key], str) else case[key])


@pytest.mark.parametrize("case", FLIPPED, ids=[case["what"][:40] for case in FLIPPED])
def test_the_statistic_is_that_of_another_package(case):
    design, maps, clusters = (given(case, key) for key in ("design", "maps", "clusters"))
    test = ClusterRobust(partition(design, given(case, "contrast")), False, clusters)
    signs, expected = given(case, "signs")[:, clusters], np.array(case["expected_statistic"])
    np.testing.assert_allclose(test.scores(test.rows(None, signs), test.elements(maps, float)), expected, rtol=1e-9)
    np.testing.assert_allclose(observed_statistics(maps, test), expected[0], rtol=1e-9)


def statsmodels(design, weights, values, groups):
    """Cluster-robust t, or Wald's F divided by the rank, of each column of some values."""
    found = []
    for column in values.T:
        fit = sm.OLS(column, design).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        wald = fit.wald_test(np.atleast_2d(weights), scalar=True, use_f=True).statistic
        effect = np.atleast_1d(np.atleast_2d(weights) @ fit.params)
        found.append(np.sign(effect[0]) * np.sqrt(wald) if len(effect) == 1 else wald)
    return np.array(found)


@pytest.mark.parametrize("weights", [[0, 0, 1, 0, 0], [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]]])
def test_fifty_flips_element_by_element_with_a_covariate_that_varies_within(weights):
    rng = np.random.default_rng(4)
    persons = np.repeat(np.arange(14), rng.integers(2, 6, 14))
    group, time = (persons < 6).astype(float), rng.normal(size=len(persons))
    mood = rng.normal(size=len(persons)) + persons % 3
    design = np.column_stack([np.ones(len(persons)), group, time, group * time, mood])
    maps = rng.normal(size=(len(persons), 4)) + rng.normal(size=(14, 4))[persons]
    mixed = rng.permutation(len(persons))  # rows of a person need not stand together
    design, maps, persons = design[mixed], maps[mixed], persons[mixed]
    split, blocks = partition(design, weights), Blocks.of(persons, True, "person")
    test, flips = ClusterRobust(split, True, persons), plan(design, "flip", blocks, 50, 3)
    drawn = flips.draw(0, 51)
    found = test.scores(test.rows(*drawn), test.elements(maps, float))
    residual = split.without_nuisance(maps)
    for k, signs in enumerate(drawn[1]):
        values = maps if k == 0 else signs[:, None] * residual
        np.testing.assert_allclose(found[k], statsmodels(design, weights, values, persons), rtol=1e-8)


@pytest.mark.parametrize("case", CASES[-2:], ids=["slope", "interaction"])
def test_as_many_distinct_t_as_the_clusters_that_hold_the_effect_allow(case):
    split = partition(DESIGN, case["contrast"])
    assert np.flatnonzero(counting_clusters(split, CLUSTERS)).tolist() == case["clusters_with_effect"]
    test, flips = ClusterRobust(split, True, CLUSTERS), plan(DESIGN, "flip", WHOLE, 255, 1)
    (t,) = test.scores(test.rows(*flips.draw(0, 256)), test.elements(MAPS[:, :1], float)).T
    assert len(set(t.round(9))) == case["expected_distinct_t"]
    assert len(set(abs(t).round(9))) == case["expected_distinct_absolute_t"]
    assert (abs(t) >= abs(t[0]) * (1 - 1e-9)).mean() == case["smallest_two_sided_p"]
    assert (abs(t) >= abs(t).max() * (1 - 1e-9)).mean() == case["smallest_possible_two_sided_p"]


def settings_of(count, blocks=None, **columns):
    """The settings of a test of persons, flipped on their own or in blocks."""
    sample = {"participant_id": np.arange(30).astype(str), "person": CLUSTERS.astype(str)} | columns
    permutation = {"scheme": "flip", "count": count, "seed": 5, "nuisance": "freedman-lane"}
    permutation |= {"blocks": blocks or {"variable": "person", "shuffle": "whole"}}
    permutation |= {"statistic": {"cluster_robust": "person"}}
    return Settings.of(permutation, True, {"clusters": None, "tfce": None}, sample, None)


@pytest.mark.parametrize("case", CASES[-2:], ids=["slope", "interaction"])
def test_only_flips_of_clusters_that_count_are_counted_and_enumerated(case):
    split, n = partition(DESIGN, case["contrast"]), len(case["clusters_with_effect"])
    assert ContrastTest.of(settings_of(2**n - 2), DESIGN, split).about["distinct_permutations"] == 2**n
    test = ContrastTest.of(settings_of(2**n - 1), DESIGN, split)
    assert (test.about["permutations"], test.about["exhaustive"]) == (2**n - 1, True)
    assert test.about["degrees_of_freedom"] is None
    null = chunk_nulls(MAPS, {"a": test}, 0, 1, True, 1, lambda total, what: None)["a"]
    every = ContrastTest.of(settings_of(2**n - 1), DESIGN, split).statistic
    signs = np.array(np.meshgrid(*[[1.0, -1.0]] * 8)).reshape(8, -1).T[:, CLUSTERS]
    t = every.scores(every.rows(None, signs), every.elements(MAPS, float))
    # Each is there as often as among all 256.
    np.testing.assert_allclose(
        np.repeat(np.sort(null.maxima["maxT"]), 2 ** (8 - n)), np.sort(np.abs(t).max(axis=1)), rtol=1e-9
    )


def test_contrasts_of_which_other_clusters_count_have_shuffles_of_their_own():
    slope = partition(DESIGN, CASES[-2]["contrast"])
    other = np.column_stack([DESIGN[:, :3], (1 - DESIGN[:, 1]) * DESIGN[:, 2]])
    tests = {
        "a": ContrastTest.of(settings_of(300), DESIGN, slope),
        "b": ContrastTest.of(settings_of(300), other, partition(other, [0, 0, 1, 0])),
    }
    assert tests["a"].shuffles.flipped != tests["b"].shuffles.flipped
    quiet = lambda total, what: None  # noqa: E731
    both = chunk_nulls(MAPS, tests, 0, 1, True, 1, quiet)
    for name, test in tests.items():
        alone = chunk_nulls(MAPS, {name: test}, 0, 1, True, 1, quiet)[name]
        np.testing.assert_array_equal(both[name].maxima["maxT"], alone.maxima["maxT"])
        assert both[name].maxima["maxT"].size == test.shuffles.count + 1


def test_the_null_is_the_same_for_any_chunks_and_threads():
    maps = np.random.default_rng(0).normal(size=(30, 700)).astype(np.float32)
    test = {"a": ContrastTest.of(settings_of(200), DESIGN, partition(DESIGN, [0, 0, 0, 1]))}
    quiet = lambda total, what: None  # noqa: E731
    whole = chunk_nulls(maps, test, 0, 1, True, 1, quiet)["a"]
    parts = Null.concatenate([chunk_nulls(maps, test, number, 2, True, 2, quiet)["a"] for number in range(2)])
    assert whole.maxima["maxT"].tobytes() == parts.maxima["maxT"].tobytes()
    np.testing.assert_array_equal(whole.reached, parts.reached)
    assert (whole.about["blocks"], whole.about["exhaustive"]) == ({"number": 8, "whole": True}, False)
    assert whole.maxima["maxT"][0] == pytest.approx(np.abs(test["a"].observed(maps)[0]["maxT"]).max(), rel=1e-9)


def test_maps_of_nothing_but_nuisance_have_the_statistic_0():
    for weights in ([0, 1, 0, 0], [[0, 1, 0, 0], [0, 0, 0, 1]]):
        test = ClusterRobust(partition(DESIGN, weights), False, CLUSTERS)
        maps = np.column_stack([np.full(30, 3.0), DESIGN[:, 2], DESIGN @ [1, 2, 3, 4]])
        found = observed_statistics(maps, test)
        assert found[:2].tolist() == [0, 0]
        assert 1e4 < found[2] < np.inf


def ground(blocks, scheme="flip"):
    from secondlevel.permutation.statistics.protocol import Ground

    return Ground({"person": CLUSTERS.astype(str)}, None, blocks, scheme)


def test_what_leaves_no_variance_or_flips_inside_clusters_is_refused():
    split = partition(DESIGN, [0, 1, 0, 0])
    for blocks in (Blocks.of(CLUSTERS, False, "person"), Blocks.none(30), Blocks.of(np.arange(30), True, "row")):
        with pytest.raises(InputError, match="turns the signs of whole clusters of person, but permutation.blocks"):
            ClusterRobust.of_config("person", split, False, ground(blocks))
    families = Blocks.of(CLUSTERS // 2, True, "family")
    assert ClusterRobust.of_config("person", split, False, ground(families)).name == "robust t"
    own = np.eye(8)[CLUSTERS]
    with pytest.raises(InputError, match="fits the clusters of person that hold the effect.*column of its own"):
        ClusterRobust.of_config("person", partition(own, [1, -1, *np.zeros(6)]), False, ground(WHOLE))
    few = np.column_stack([own, own[:, :2] * DESIGN[:, 2:3]])
    with pytest.raises(InputError, match="^2 clusters of person hold something of the effect, too few"):
        ClusterRobust.of_config("person", partition(few, np.eye(10)[8:]), False, ground(WHOLE))
