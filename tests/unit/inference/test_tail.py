import numpy as np
import pytest
from scipy import stats

from secondlevel.inference.tail import fit_tail


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
