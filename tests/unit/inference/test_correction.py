import numpy as np
import pytest
from scipy import stats

from secondlevel.base.errors import InputError
from secondlevel.inference.correction import (
    correct,
    corrected_across,
    fwe_p_values,
    fwe_threshold,
    limit_of_q,
    maps_of_permutation,
    monte_carlo_interval,
)
from secondlevel.permutation.nulls import Null
from secondlevel.space.units import VOXELS


def test_p_counts_the_observed_order_and_ties():
    p = fwe_p_values(np.array([0.5, 2.0, 2.0 + 1e-7, 9.0]), np.array([1.0, 2.0, 3.0]), 1e-6)
    np.testing.assert_allclose(p, [1, 3 / 4, 3 / 4, 1 / 4])


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1, 0.5])
def test_voxels_beyond_the_threshold_are_those_with_p_up_to_alpha(alpha):
    rng = np.random.default_rng(2)
    maxima, observed = rng.normal(4, 0.4, 999), rng.normal(4, 1, 3000)
    p = fwe_p_values(observed, maxima)
    np.testing.assert_array_equal(observed > fwe_threshold(maxima, alpha), p <= alpha)


def test_too_few_shuffles_have_no_threshold():
    assert fwe_threshold(np.arange(10.0), 0.05) is None
    assert fwe_threshold(np.arange(19.0), 0.05) == 18


def test_monte_carlo_interval_covers_the_p_of_all_shuffles():
    rng = np.random.default_rng(5)
    reached = rng.binomial(999, 0.03, size=2000)
    ends = np.array([monte_carlo_interval((1 + r) / 1000, 999) for r in reached])
    assert 0.93 <= ((ends[:, 0] <= 0.03) & (ends[:, 1] >= 0.03)).mean() < 0.98
    assert monte_carlo_interval(1 / 1000, 999)[0] == 0
    assert monte_carlo_interval(1, 999)[1] == 1


def null_of(maxima, observed, name="t", rank=1, two_sided=False, exhaustive=False, scheme="permute", tie=0.0):
    """A null whose shuffles after the observed order have some maxima."""
    observed = np.asarray(observed, dtype=float)
    evidence = np.abs(observed) if two_sided else observed
    about = {"statistic": {"name": name, "rank": rank}, "degrees_of_freedom": 20, "two_sided": two_sided}
    about |= {"scheme": scheme, "exhaustive": exhaustive, "permutations": len(maxima)}
    maxima = {"maxT": np.concatenate([[evidence.max()], maxima])}
    return Null(about, 0, maxima, observed={"maxT": observed}, tie={"maxT": np.full(observed.shape, tie)})


@pytest.mark.parametrize("two_sided", [False, True])
def test_a_correction_says_what_counting_says(two_sided):
    rng = np.random.default_rng(4)
    maxima, observed = rng.normal(3, 0.5, 199), rng.normal(0, 2.2, 50)
    p, summary = correct(null_of(maxima, observed, two_sided=two_sided), "maxT", 0.1, False, VOXELS)
    evidence = np.abs(observed) if two_sided else observed
    np.testing.assert_allclose(p, [(1 + (maxima >= value).sum()) / 200 for value in evidence])
    assert summary["alpha"] == 0.1
    assert summary["voxels_above"] == (p <= 0.1).sum() == (evidence > summary["threshold"]).sum() > 0
    assert summary["observed_maximum"] == evidence.max()
    assert summary["p_of_observed_maximum"] == p.min()
    # 19 maxima reach a value that just passes, which with the observed order makes 20 of 200.
    assert summary["threshold"] == np.sort(maxima)[-20]
    reached = round(200 * p.min()) - 1
    interval = stats.binomtest(reached, 199).proportion_ci(method="exact")
    assert summary["interval_of_p_of_observed_maximum"] == pytest.approx(tuple(interval))
    interval = stats.binomtest(19, 199).proportion_ci(method="exact")
    assert summary["interval_of_p_at_alpha"] == pytest.approx(tuple(interval))
    assert (summary["tail"], summary["warnings"]) == (None, [])


def test_a_correction_by_all_shuffles_has_no_interval_and_warns_of_too_few():
    _, summary = correct(null_of([1.0, 2, 3], [9.0], exhaustive=True), "maxT", 0.05, False, VOXELS)
    assert summary["interval_of_p_of_observed_maximum"] is summary["interval_of_p_at_alpha"] is None
    assert (summary["threshold"], summary["voxels_above"], summary["p_of_observed_maximum"]) == (None, 0, 0.25)
    (warning,) = summary["warnings"]
    assert warning.startswith("4 permutations, the observed order among them, are all there are and allow no p value")
    (warning,) = correct(null_of([1.0, 2, 3], [9.0]), "maxT", 0.05, False, VOXELS)[1]["warnings"]
    assert warning.startswith("3 permutations allow no p value below 0.25")


def test_ties_of_a_null_count():
    for tie, p in ((0.0, 1 / 4), (1e-3, 2 / 4)):
        assert correct(null_of([1.0, 2, 3], [3 + 1e-4], tie=tie), "maxT", 0.05, False, VOXELS)[0] == p


def test_a_fitted_tail_goes_below_what_can_be_counted_and_says_so():
    maxima = stats.gumbel_r.rvs(4, 0.3, size=999, random_state=2)
    exact = stats.gumbel_r.isf([0.5, 0.01, 2e-4], 4, 0.3)
    counted, plain = correct(null_of(maxima, exact), "maxT", 0.01, False, VOXELS)
    p, summary = correct(null_of(maxima, exact), "maxT", 0.01, True, VOXELS)
    assert p[0] == counted[0]  # below the tail
    assert p[1] == pytest.approx(0.01, rel=0.3)
    assert p[2] < 1 / 1000 <= counted[2]
    assert summary["tail"]["n"] >= 50
    assert summary["threshold"] == pytest.approx(plain["threshold"], rel=0.03)
    assert summary["threshold"] != plain["threshold"]
    (warning,) = summary["warnings"]
    assert warning.startswith("The p values of 1 voxels are below 1/1000 and come from a generalised Pareto tail")
    # How sure p is follows from counting, whatever the fit says.
    p, summary = correct(null_of(maxima, exact[:2]), "maxT", 0.01, True, VOXELS)
    reached = (maxima >= exact[1]).sum()
    assert round(1000 * p.min()) != 1 + reached
    interval = stats.binomtest(reached, 999).proportion_ci(method="exact")
    assert summary["interval_of_p_of_observed_maximum"] == pytest.approx(tuple(interval))
    few, summary = correct(null_of(maxima[:99], exact), "maxT", 0.05, True, VOXELS)
    np.testing.assert_array_equal(few, correct(null_of(maxima[:99], exact), "maxT", 0.05, False, VOXELS)[0])
    assert summary["warnings"] == ["No generalised Pareto tail fits the null, so p values are counted."]


def test_correction_across_contrasts_takes_the_largest_z_of_each_shuffle():
    rng = np.random.default_rng(1)
    nulls = {
        "one": null_of(rng.normal(3, 0.4, 99), [2.5, -4.0, 3.3]),
        "two": null_of(rng.normal(3, 0.4, 99), [2.5, -4.0, 3.3], two_sided=True),
        "f": null_of(rng.normal(9, 2, 99), [1.0, 6.0, 11.0], "F", 2),
    }
    of_t = {"one": stats.t(20).sf, "two": lambda t: 2 * stats.t(20).sf(np.abs(t)), "f": stats.f(2, 20).sf}
    smallest = np.min([of_t[name](null.maxima["maxT"][1:]) for name, null in nulls.items()], axis=0)
    for name, null in nulls.items():
        expected = [(1 + (smallest <= p).sum()) / 100 for p in of_t[name](null.observed["maxT"])]
        np.testing.assert_allclose(corrected_across(nulls, name), expected)
        # It is never below what the contrast alone has.
        assert (corrected_across(nulls, name) >= correct(null, "maxT", 0.05, False, VOXELS)[0]).all()


def test_contrasts_of_unlike_schemes_are_not_corrected_together():
    nulls = {"age": null_of([1.0], [2.0]), "mean": null_of([1.0], [2.0], scheme="flip")}
    with pytest.raises(InputError, match="'mean': 'flip'.* cannot be corrected together; set one permutation.scheme"):
        corrected_across(nulls, "age")


def test_maps_of_permutation_are_counted_and_have_q_values():
    null = null_of(np.arange(19.0), [3.0, -1.0, 2.0])
    assert list(maps_of_permutation(null, {})) == []
    counted = Null(null.about, 0, null.maxima, np.array([0, 19, 4]), null.observed | {"maxTFCE": np.ones(3)}, null.tie)
    maps = maps_of_permutation(counted, {"tfce": "maxTFCE", "statistic": "maxT"})
    assert list(maps) == ["tfce", "statistic", "p", "q"]
    np.testing.assert_array_equal(maps["tfce"], 1)
    np.testing.assert_array_equal(maps["statistic"], [3, -1, 2])
    np.testing.assert_allclose(maps["p"], [1 / 20, 1, 5 / 20])
    np.testing.assert_allclose(maps["q"], stats.false_discovery_control(maps["p"]))


@pytest.mark.parametrize(("n_least", "told"), [(0, False), (1, True), (1516, True), (1517, False), (3000, False)])
def test_the_least_p_that_limits_q_is_told(n_least, told):
    """1,000 shuffles of 75,900 voxels: 1,517 of them must have the least p, 1/1001, for a q of 0.05."""
    reached = np.full(75_900, 700)
    reached[:n_least] = 0
    null = Null({}, 0, {"maxT": np.zeros(1001)}, reached=reached)
    sentences = limit_of_q(null, VOXELS)
    assert len(sentences) == told
    assert (maps_of_permutation(null, {})["q"].min() > 0.05) == (told or n_least == 0)
    if told:
        assert f"{n_least:,} of 75,900 voxels have the least p that 1,000 allow, 0.000999, and 1,517" in sentences[0]


def test_without_counts_there_is_no_q_to_limit():
    assert limit_of_q(null_of([1.0, 2], [3.0]), VOXELS) == []
