import numpy as np
import pytest
from scipy import stats

from secondlevel.inference.correction import fwe_p_values, fwe_threshold, monte_carlo_interval
from secondlevel.inference.tail import fit_tail
from secondlevel.permutation.nulls import Null, load_nulls, save_nulls


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


def test_pieces_join_in_any_order_and_a_gap_is_seen(tmp_path):
    about, reached = {"permutations": 5, "scheme": "flip"}, np.ones(2, dtype=int)
    pieces = [Null(about, first, {"maxT": np.arange(first, first + 2.0)}, reached) for first in (2, 4)]
    observed, tie = {"maxT": np.array([1.0, 2.0])}, {"maxT": np.zeros(2)}
    pieces.append(Null(about, 0, {"maxT": np.arange(2.0)}, reached, observed, tie))
    pieces.append(Null(about, 6, {"maxT": np.empty(0)}))  # a chunk with no share
    whole = Null.concatenate(pieces)
    np.testing.assert_array_equal(whole.maxima["maxT"], [0, 1, 2, 3, 4, 5])
    np.testing.assert_array_equal(whole.reached, [3, 3])
    np.testing.assert_array_equal(whole.observed["maxT"], [1, 2])
    for missing in ([0, 2], [1, 2], [0, 1]):
        with pytest.raises(ValueError, match="start at shuffles"):
            Null.concatenate([pieces[number] for number in missing])
    save_nulls(tmp_path / "null.npz", {"one": whole, "two": pieces[0]})
    back = load_nulls(tmp_path / "null.npz")
    assert list(back) == ["one", "two"]
    assert back["one"].about == about
    assert back["two"].first == 2
    np.testing.assert_array_equal(back["one"].maxima["maxT"], whole.maxima["maxT"])


def test_the_fitted_tail_is_that_of_the_distribution():
    maxima = stats.gumbel_r.rvs(4, 0.3, size=5000, random_state=1)
    tail = fit_tail(maxima)
    assert tail.p_of_fit > 0.05
    for alpha in (0.1, 0.01):
        exact = stats.gumbel_r.isf(alpha, 4, 0.3)
        p = tail.p_values(np.array([exact]), np.array([9.0]))[0]
        assert p == pytest.approx(alpha, rel=0.25)
        assert tail.p_values(np.array([tail.statistic_at(alpha)]), np.array([9.0]))[0] == pytest.approx(alpha)
    assert tail.p_values(np.array([3.0]), np.array([0.7]))[0] == 0.7
    assert tail.p_values(np.array([99.0]), np.array([0.7]))[0] == pytest.approx(0.1 / 5001)


def test_a_tail_that_is_no_generalised_pareto_is_not_fitted():
    rng = np.random.default_rng(3)
    outliers = np.concatenate([rng.normal(4, 0.01, 951), rng.normal(9, 0.01, 49)])
    assert fit_tail(outliers) is None
    assert fit_tail(rng.normal(size=100)) is None
