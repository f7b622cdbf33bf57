import numpy as np
import pytest

from secondlevel.report.offered import dividing, first_threshold, offer
from secondlevel.report.shown_maps import SIZE, TEST, P, ShownMap

RNG = np.random.default_rng(3)
T = np.append(RNG.normal(0, 1, 400), RNG.normal(5, 1, 30))


def contrast_of(two_sided, alpha=0.05, stat="t"):
    """What is known of a contrast with T as t and z, thresholds of which are 4.2, 3.1 and 2.5; of FDR there is none."""
    thresholds = {"fdr": None, "bonferroni": 4.2, "uncorrected": 2.5}
    return {
        "peak": {"stat": stat},
        "nulls": {"maxT": {"alpha": alpha, "threshold": 3.1}},
        "thresholds": {
            method: {"alpha": 0.05, "threshold": threshold, "two_sided": two_sided}
            for method, threshold in thresholds.items()
        },
    }


def maps_of(two_sided):
    """The maps of such a contrast: t, z, effect, r, and p as if 999 shuffles had a 95 % point of 3.1."""
    size = np.abs(T) if two_sided else T
    logp = np.where(size > 3.1, 3.0, 0.4)
    values = {"t": T, "z": 0.9 * T, "maxT": logp, "effect": RNG.normal(0, 1, T.size), "r": T / np.sqrt(T**2 + 50)}
    groups = {"t": TEST, "z": TEST, "maxT": P}
    return {key: ShownMap(key, key, groups.get(key, SIZE), f"{key}.nii.gz", each) for key, each in values.items()}


@pytest.mark.parametrize("two_sided", [False, True])
def test_a_preset_lets_the_same_voxels_pass_on_each_map_that_goes_with_the_statistic(two_sided):
    maps = maps_of(two_sided)
    offer([*maps.values()], contrast_of(two_sided))
    size = np.abs if two_sided else np.asarray
    passing = {"FWE 0.05, permutation": size(T) > 3.1, "Bonferroni 0.05": size(0.9 * T) > 4.2}
    passing |= {"p 0.05, uncorrected": size(0.9 * T) > 2.5}
    for key in ("t", "z", "r"):
        found = {preset["label"]: preset for preset in maps[key].presets}
        assert [*found] == [*passing]
        assert [label for label, preset in found.items() if preset["answer"]] == ["FWE 0.05, permutation"]
        for label, inside in passing.items():
            assert ((size(maps[key].values) > found[label]["value"]) == inside).all()
    assert maps["t"].presets[0]["value"] == maps["t"].threshold == 3.1
    assert maps["z"].presets[1]["value"] == 4.2
    assert maps["effect"].presets == []
    assert maps["effect"].threshold == 0
    assert [preset["label"] for preset in maps["maxT"].presets] == ["p 0.05", "p 0.01", "p 0.001"]
    assert [preset["answer"] for preset in maps["maxT"].presets] == [True, False, False]


def test_an_error_rate_of_ones_own_is_offered_too():
    maps = maps_of(False)
    offer([*maps.values()], contrast_of(False, alpha=0.02))
    assert [preset["label"] for preset in maps["maxT"].presets] == ["p 0.05", "p 0.02", "p 0.01", "p 0.001"]
    assert [preset["answer"] for preset in maps["maxT"].presets] == [False, True, False, False]
    assert maps["maxT"].threshold == pytest.approx(-np.log10(0.02), abs=1e-5)


def test_a_number_divides_values_only_where_the_larger_ones_pass():
    assert dividing(np.array([1.0, 2, 4]), np.array([False, False, True])) == 3
    assert dividing(np.array([-5.0, -3, 4]), np.array([False, False, True])) == 2  # above 0
    assert dividing(np.array([1.0, 4, 2]), np.array([False, False, True])) is None
    assert dividing(np.array([2.0, 2]), np.array([False, True])) is None
    assert dividing(np.array([1.0, 2]), np.array([False, False])) is None


def test_the_first_threshold_is_the_first_that_something_passes():
    assert first_threshold([5.0, 4, 3], np.array([4.5, 0])) == 4
    assert first_threshold([5.0, 4, 3], np.array([1.0, 0])) == 3
    assert first_threshold([], np.array([1.0])) == 0
