import mpmath
import numpy as np
import pytest
from scipy import stats

from secondlevel.model.tails import (
    bonferroni_logp,
    forming_threshold,
    log_p_from_t,
    log_sf_f,
    log_sf_t,
    z_from_log_p,
    z_from_t,
    z_of,
)


def exact_log_sf(t, df):
    """The tail of Student's t by its incomplete beta function, in 60 digits."""
    with mpmath.workdps(60):
        x = mpmath.mpf(df) / (df + mpmath.mpf(t) ** 2)
        return float(mpmath.log(mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True) / 2))


@pytest.mark.parametrize("df", [1, 2, 3.5, 28, 87, 500])
@pytest.mark.parametrize("t", [0.0, 1e-6, 0.3, 2.0, 8.0, 40.0, 1e3, 1e6, 1e40, 1e200])
def test_log_tail_is_exact_however_large_t_is(t, df):
    assert log_sf_t(np.array([t]), df)[0] == pytest.approx(exact_log_sf(t, df), rel=1e-10)


def test_lower_tail_and_centre_agree_with_scipy():
    t = np.linspace(-9, 9, 1001)
    np.testing.assert_allclose(log_sf_t(t, 87), stats.t.logsf(t, 87), rtol=1e-10, atol=1e-15)


def test_z_has_the_tail_probability_of_t_and_its_sign():
    t = np.array([-1e5, -6.0, -0.5, 0.0, 0.5, 6.0, 1e5])
    z = z_from_t(t, 87)
    np.testing.assert_allclose(stats.norm.logsf(np.abs(z)), log_sf_t(np.abs(t), 87), rtol=1e-10)
    np.testing.assert_array_equal(z, -z[::-1])
    assert np.all(np.sign(z) == np.sign(t))
    assert np.all(np.diff(z) > 0)


def test_two_sided_p_doubles_the_tail_of_the_size():
    t = np.array([-3.0, 3.0])
    np.testing.assert_allclose(np.exp(log_p_from_t(t, 20, True)), 2 * stats.t.sf(3, 20))
    np.testing.assert_allclose(np.exp(log_p_from_t(t, 20, False)), [stats.t.cdf(3, 20), stats.t.sf(3, 20)])


def test_bonferroni_is_finite_for_p_that_underflows_and_never_negative():
    log_p = log_p_from_t(np.array([0.0, 5.0, 1e9]), 87, False)
    logp = bonferroni_logp(log_p, 50_000)
    assert logp[0] == 0
    assert logp[1] == pytest.approx(-np.log10(stats.t.sf(5, 87) * 50_000))
    assert 300 < logp[2] < np.inf


@pytest.mark.parametrize(("rank", "df"), [(1, 87), (2, 28), (7, 3.5)])
@pytest.mark.parametrize("f", [0.0, 1e-3, 1.0, 30.0, 1e5, 1e90, 1e250])
def test_log_tail_of_f_is_exact_however_large_f_is(f, rank, df):
    with mpmath.workdps(60):
        x = mpmath.mpf(df) / (df + rank * mpmath.mpf(f))
        exact = float(mpmath.log(mpmath.betainc(mpmath.mpf(df) / 2, mpmath.mpf(rank) / 2, 0, x, regularized=True)))
    assert log_sf_f(np.array([f]), rank, df)[0] == pytest.approx(exact, rel=1e-10, abs=1e-14)


def test_z_of_a_log_p():
    np.testing.assert_allclose(z_from_log_p(np.log([0.975, 0.5, 0.025])), [-1.959964, 0, 1.959964], atol=1e-6)
    assert z_from_log_p(-1e6) == pytest.approx(np.sqrt(2e6), rel=1e-4)


def test_forming_thresholds():
    t, f = {"name": "t", "rank": 1}, {"name": "F", "rank": 3}
    assert forming_threshold("t > 3.2", t, 20, True) == 3.2
    assert forming_threshold("p < 0.001", t, 20, False) == pytest.approx(stats.t.isf(0.001, 20))
    assert forming_threshold("p < 0.001", t, 20, True) == pytest.approx(stats.t.isf(0.0005, 20))
    assert forming_threshold("z > 3.1", t, 20, True) == pytest.approx(stats.t.isf(stats.norm.sf(3.1), 20))
    assert forming_threshold("p < 0.001", f, 20, False) == pytest.approx(stats.f.isf(0.001, 3, 20))
    g = {"name": "G", "rank": 3}
    assert forming_threshold("p < 0.001", g, 20, False) == pytest.approx(stats.f.isf(0.001, 3, 20))
    assert forming_threshold("z > 3.1", f, 20, False) == pytest.approx(stats.f.isf(stats.norm.sf(3.1), 3, 20))


@pytest.mark.parametrize("df", [1, 2, 18, 10_000])
@pytest.mark.parametrize("rank", [1, 2, 40])
@pytest.mark.parametrize("text", ["p < 0.499", "p < 1e-12", "p < 1.01e-100", "z > 8", "z > 19.99", "z > 1e-300"])
def test_every_forming_threshold_that_a_config_can_have_is_finite_and_has_its_p(text, rank, df):
    scale, _, number = text.split()
    p = float(number) if scale == "p" else float(stats.norm.sf(float(number)))
    threshold = forming_threshold(text, {"name": "t" if rank == 1 else "F", "rank": rank}, df, False)
    assert np.isfinite(threshold)
    at = np.array([threshold])
    log_p = log_sf_t(at, df) if rank == 1 else log_sf_f(at, rank, df)
    assert log_p[0] == pytest.approx(np.log(p), rel=1e-6)


def test_the_z_of_a_statistic_has_its_p():
    t, df = np.array([0.2, 2.5, 9.0]), 12
    np.testing.assert_allclose(stats.norm.sf(z_of({"name": "t", "rank": 1}, t, df, False)), stats.t.sf(t, df))
    np.testing.assert_allclose(stats.norm.sf(z_of({"name": "t", "rank": 1}, t, df, True)), 2 * stats.t.sf(t, df))
    np.testing.assert_allclose(stats.norm.sf(z_of({"name": "F", "rank": 3}, t, df, False)), stats.f.sf(t, 3, df))


@pytest.mark.parametrize("f", [0.0, 1e-300, 5.7e-32, 1e-12, 1e26])
def test_z_of_f_is_finite_and_grows_with_it(f):
    z = z_from_log_p(log_sf_f(np.array([0.0, f, 2 * f + 1]), 2, 21))
    assert np.isfinite(z).all()
    assert (np.diff(z) >= 0).all()
