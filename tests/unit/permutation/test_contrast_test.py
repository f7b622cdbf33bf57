"""From settings to the test of each contrast, against statistics, clusters and TFCE of each shuffle on its own."""

from math import factorial

import numpy as np
import pytest
from scipy import ndimage, stats
from tfce import tfce

from secondlevel.inference.correction import correct, fwe_p_values
from secondlevel.model.glm import fit, partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.permutation.nulls import Null
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.units import VOXELS
from volumes import SHAPE, example, naive_clusters, volume_of

CLUSTERS = {"threshold": "p < 0.1", "connectivity": 18}
TFCE = {"statistic": "t", "extent_power": 0.5, "height_power": 2, "connectivity": 6}


def quiet(total, what):
    """Progress that nobody is told of."""


def settings_of(n, mask, two_sided=False, whole_maps=None, sample=None, **permutation):
    """Settings of n subjects, in which some keys differ from the usual."""
    usual = {"scheme": "auto", "blocks": None, "count": 150, "seed": 5, "statistic": "t"}
    usual["nuisance"] = "freedman-lane"
    sample = {"participant_id": np.arange(n).astype(str)} | (sample or {})
    return Settings.of(usual | permutation, two_sided, whole_maps or {"clusters": None, "tfce": None}, sample, mask)


@pytest.mark.parametrize("two_sided", [False, True])
@pytest.mark.parametrize("scheme", ["permute", "flip"])
def test_every_shuffle_and_every_p_equal_a_naive_loops(scheme, two_sided):
    """Freedman and Lane shuffle by shuffle, a full fit each, scipy's labels and the tfce package's maps."""
    rng = np.random.default_rng(3)
    inside = example()[0]
    n, asked = 14, 150
    design = np.column_stack([rng.normal(size=(n, 2)), np.ones(n)])
    noise = np.array([ndimage.gaussian_filter(rng.normal(size=SHAPE), 1.0)[inside] for _ in range(n)])
    maps = (noise / noise.std() + 0.3 * design[:, 1:2]).astype(np.float32)
    split = partition(design, [1, 0, 0])
    mask, whole_maps = Mask(inside, np.eye(4)), {"clusters": CLUSTERS, "tfce": TFCE}
    settings = settings_of(n, mask, two_sided, whole_maps, scheme=scheme, count=asked)
    test = ContrastTest.of(settings, design, split)
    # Of five chunks some have no share of the two blocks of shuffles.
    pieces = [chunk_nulls(maps, {"a": test}, chunk, 5, False, 2, quiet)["a"] for chunk in range(5)]
    assert any(piece.size == 0 for piece in pieces)
    null = Null.concatenate(pieces)

    alone = ContrastTest.of(settings_of(n, mask, two_sided, scheme=scheme, count=asked), design, split)
    without = chunk_nulls(maps, {"a": alone}, 0, 1, False, 1, quiet)["a"]
    np.testing.assert_array_equal(null.maxima["maxT"], without.maxima["maxT"])

    threshold = stats.t.isf(0.05 if two_sided else 0.1, n - 3)
    assert null.about["clusters"] == CLUSTERS | {"statistic_above": pytest.approx(threshold)}
    assert null.about["tfce"] == TFCE
    assert (without.about["clusters"], without.about["tfce"]) == (None, None)
    residual = split.without_nuisance(maps.astype(float))
    fitted = maps - residual
    maxima, observed = [], None
    for k in range(asked + 1):
        order, signs = test.shuffles.draw(k, 1)
        # The engine moves the rows of the design; here the residuals move the other way.
        moved = residual[np.argsort(order[0])] if order is not None else residual * signs[0][:, None]
        t = fit(fitted + moved, split).t
        extent, mass = naive_clusters(t, inside, threshold, 18, two_sided)
        enhanced = tfce(volume_of(t, inside), connectivity=6, two_sided=two_sided)[inside]
        found = {"maxT": t, "maxExtent": extent, "maxMass": mass, "maxTFCE": enhanced}
        observed = observed or found
        maxima.append([(np.abs(values) if two_sided else values).max() for values in found.values()])
    maxima = np.array(maxima)
    assert list(null.maxima) == list(observed)
    np.testing.assert_array_equal(null.maxima["maxExtent"], maxima[:, 1])
    for number, (method, values) in enumerate(observed.items()):
        np.testing.assert_allclose(null.maxima[method], maxima[:, number], rtol=2e-4, atol=1e-6)
        np.testing.assert_allclose(null.observed[method], values, rtol=2e-4, atol=1e-5)
        evidence = np.abs(values) if two_sided else values
        reached = (maxima[1:, number] >= (evidence - null.tie[method])[:, None]).sum(axis=1)
        p = fwe_p_values(null.evidence(method), null.maxima[method][1:], null.tie[method])
        np.testing.assert_allclose(p, (1 + reached) / (1 + asked))


def study():
    """A design of a group, a covariate and an intercept, with maps."""
    rng = np.random.default_rng(6)
    group = np.arange(16) % 2
    design = np.column_stack([group, rng.normal(size=16), np.ones(16)])
    mask = Mask(np.ones((3, 2, 4), dtype=bool), np.diag([3.0, 3, 3, 1]))
    return design, (rng.normal(size=(16, 24)) * (1 + 2 * group[:, None])).astype(np.float32), mask


def test_the_config_chooses_the_statistic():
    design, maps, mask = study()
    group = design[:, 0].astype(bool)
    contrast = design[:, [0, 2]], partition(design[:, [0, 2]], [1, 0])
    found = {}
    for statistic in ("t", {"welch": "site"}, {"pseudo_t": 1e6}):
        settings = settings_of(16, mask, sample={"site": np.where(group, "Ulm", "Bath")}, statistic=statistic)
        test = ContrastTest.of(settings, *contrast)
        found[test.name["name"]] = test.observed(maps)[0]["maxT"]
        assert test.name["rank"] == 1
        assert test.about["statistic"] == test.name
    assert list(found) == ["t", "v", "pseudo-t"]
    pairs = maps[group].astype(float), maps[~group].astype(float)
    t = stats.ttest_ind(*pairs).statistic
    np.testing.assert_allclose(found["t"], t, rtol=1e-6)
    np.testing.assert_allclose(found["v"], stats.ttest_ind(*pairs, equal_var=False).statistic, rtol=1e-6)
    # So wide a Gaussian gives all voxels the mean variance.
    difference = pairs[0].mean(axis=0) - pairs[1].mean(axis=0)
    squares = (difference / t) ** 2
    np.testing.assert_allclose(found["pseudo-t"], difference / np.sqrt(squares.mean()), rtol=1e-6)


def test_the_config_chooses_how_nuisance_is_treated():
    """Of the group's effect a covariate is nuisance that moves: the nulls differ, what is observed does not."""
    design, maps, mask = study()
    nulls = {}
    for nuisance in ("freedman-lane", "smith"):
        settings = settings_of(16, mask, nuisance=nuisance)
        test = ContrastTest.of(settings, design, partition(design, [1, 0, 0]))
        assert test.about["nuisance"] == nuisance
        nulls[nuisance] = chunk_nulls(maps, {"a": test}, 0, 1, False, 1, quiet)["a"]
    one, other = nulls.values()
    np.testing.assert_array_equal(one.observed["maxT"], other.observed["maxT"])
    assert one.maxima["maxT"][0] == pytest.approx(other.maxima["maxT"][0], rel=1e-6)
    assert (np.abs(one.maxima["maxT"][1:] - other.maxima["maxT"][1:]) > 1e-3).any()
    assert 0.9 < np.corrcoef(one.maxima["maxT"], other.maxima["maxT"])[0, 1] < 1


def test_what_is_tested_and_how_is_told():
    design, _, mask = study()
    blocks = {"variable": "family", "shuffle": "whole"}
    settings = settings_of(16, mask, True, sample={"family": np.repeat(list("abcd"), 4)}, blocks=blocks)
    about = ContrastTest.of(settings, design, partition(design, [0, 1, 0])).about
    assert about == {
        "statistic": {"name": "t", "rank": 1},
        "degrees_of_freedom": 13,
        "two_sided": True,
        "scheme": "permute",
        "nuisance": "freedman-lane",
        "blocks": {"number": 4, "whole": True},
        "permutations": 23,
        "distinct_permutations": 24,
        "exhaustive": True,
        "seed": 5,
        "clusters": None,
        "tfce": None,
    }
    free = ContrastTest.of(settings_of(16, mask, True), design, partition(design, np.eye(3)[:2])).about
    assert free["statistic"] == {"name": "F", "rank": 2}
    assert not free["two_sided"]
    assert (free["permutations"], free["exhaustive"]) == (150, False)
    # 10^13 are few enough to be worth telling, 10^15 are not.
    assert free["distinct_permutations"] == factorial(16)
    many = np.vstack([design, design + 0.5])
    assert (
        ContrastTest.of(settings_of(32, mask), many, partition(many, [0, 1, 0])).about["distinct_permutations"] is None
    )


def test_the_scheme_suits_the_contrast_unless_one_is_set():
    design, _, mask = study()
    mean = partition(design, [0.5, design[:, 1].mean(), 1])
    covariate = partition(design, [0, 1, 0])

    def schemes(**permutation):
        return [
            settings_of(16, mask, **permutation).shuffles(design, split, "a")[0].scheme for split in (mean, covariate)
        ]

    assert schemes() == ["flip", "permute"]
    assert schemes(scheme="both") == ["both", "both"]


@pytest.mark.parametrize("whole_maps", [None, {"clusters": CLUSTERS, "tfce": None}])
@pytest.mark.parametrize("statistic", ["t", {"pseudo_t": 6}])
def test_contrasts_that_are_tested_together_are_those_tested_alone(statistic, whole_maps):
    design, maps, mask = study()
    weights = {"group": [1, 0, 0], "age": [0, 1, 0], "mean": [0.5, design[:, 1].mean(), 1]}
    whole_maps = whole_maps and whole_maps | {"clusters": CLUSTERS | {"threshold": "t > 1"}}
    settings = settings_of(16, mask, True, whole_maps, statistic=statistic)
    tests = {name: ContrastTest.of(settings, design, partition(design, row)) for name, row in weights.items()}
    told = []

    def progress(total, what):
        told.append((total, what))

    together = chunk_nulls(maps, tests, 0, 1, True, 1, progress)
    assert list(together) == list(tests)
    alone = whole_maps or statistic != "t"
    assert [what.removeprefix("shuffles of ") for _, what in told] == (list(tests) if alone else ["group, age", "mean"])
    assert {total for total, _ in told} == {151}
    for name, test in tests.items():
        null = chunk_nulls(maps, {name: test}, 0, 1, True, 2, quiet)[name]
        assert null.maxima.keys() == together[name].maxima.keys()
        assert ("maxMass" in null.maxima) == (whole_maps is not None)
        for method, values in null.maxima.items():
            np.testing.assert_array_equal(together[name].maxima[method], values)
        np.testing.assert_array_equal(together[name].reached, null.reached)
        np.testing.assert_array_equal(together[name].observed["maxT"], null.observed["maxT"])


@pytest.mark.parametrize("statistic", ["t", {"welch": "site"}, {"pseudo_t": 5}])
def test_the_mirror_of_the_observed_order_reaches_it_in_spite_of_rounding(statistic):
    site = np.arange(6) % 2
    design, mask = np.column_stack([site, np.ones(6)]), Mask(np.ones((3, 5, 4), dtype=bool), np.eye(4))
    whole_maps = {"clusters": CLUSTERS | {"threshold": "t > 1"}, "tfce": TFCE}
    settings = settings_of(6, mask, True, whole_maps, sample={"site": site.astype(str)}, statistic=statistic)
    test = {"site": ContrastTest.of(settings, design, partition(design, [1, 0]))}
    for seed in range(10):
        maps = np.random.default_rng(seed).normal(7, 1, size=(6, 60)).astype(np.float32)
        null = chunk_nulls(maps, test, 0, 1, True, 1, quiet)["site"]
        assert null.size == 20
        # To exchange the groups turns all signs, and no size.
        assert (null.reached >= 1).all()
        for method, maxima in null.maxima.items():
            p = fwe_p_values(null.evidence(method), maxima[1:], null.tie[method])
            assert p.min() >= 2 / 20


def test_shuffles_are_counted_only_if_that_is_asked_for_and_the_first_chunk_has_the_observed_map():
    design, maps, mask = study()
    test = {"age": ContrastTest.of(settings_of(16, mask), design, partition(design, [0, 1, 0]))}
    first, second = (chunk_nulls(maps, test, chunk, 2, False, 1, quiet)["age"] for chunk in (0, 1))
    assert (first.first, first.size, second.first, second.size) == (0, 128, 128, 23)
    assert first.reached.size == second.reached.size == 0
    assert list(first.observed) == list(first.tie) == ["maxT"]
    assert second.observed == second.tie == {}
    counted = chunk_nulls(maps, test, 1, 2, True, 1, quiet)["age"].reached
    assert counted.shape == (24,)
    assert 0 < counted.sum() < 23 * 24


def test_all_shuffles_of_a_small_sample_are_enumerated_and_told():
    design, maps, mask = study()
    design, maps = design[:8, 2:], maps[:8] + 1
    test = ContrastTest.of(settings_of(8, mask, count=1000), design, partition(design, [1]))
    null = chunk_nulls(maps, {"mean": test}, 0, 1, False, 1, quiet)["mean"]
    about = null.about
    assert (about["exhaustive"], about["permutations"], about["distinct_permutations"]) == (True, 255, 256)
    _, summary = correct(null, "maxT", 0.001, False, VOXELS)
    assert summary["interval_of_p_of_observed_maximum"] is None
    assert summary["threshold"] is None
    assert summary["warnings"] == [
        "256 permutations, the observed order among them, are all there are and allow no p value below 0.00391, so "
        "nothing can pass the error rate of 0.001."
    ]
