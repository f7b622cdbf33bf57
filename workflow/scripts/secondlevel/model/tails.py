"""Tail probabilities, computed as logarithms so that no statistic is too large for them.

The survival functions of F, and of Student's t for t >= 0, are regularised incomplete beta functions,

    P(F > f) = I_x(d/2, s/2)   with   x = d / (d + s f),   P(T > t) = P(F > t^2) / 2   with   s = 1,

which underflow for large statistics. Their logarithms do not (DLMF 8.17.8, https://dlmf.nist.gov/8.17.E8):

    I_x(a, b) = x^a (1 - x)^b F(a + b, 1; a + 1; x) / (a B(a, b)).

A z score is the standard normal deviate with the same tail, found from the logarithm as well.
"""

import numpy as np
from scipy import special

# Below this the plain survival function has lost digits to subnormal numbers.
SMALLEST = 1e-290
TINY = 1e-8  # the probability of the rest has lost half of its digits


def log_far_tail(log_ratio, df, rank):
    """Logarithm of P(F > f) for large f by the series; `log_ratio` is log(rank f / df), which itself may overflow."""
    a, b = df / 2, rank / 2
    log_x = -np.logaddexp(0, log_ratio)
    x = np.exp(log_x)
    series = a * log_x + b * np.log1p(-x) + np.log(special.hyp2f1(a + b, 1, a + 1, x))
    return series - np.log(a) - special.betaln(a, b)


def log_sf_t(t, df):
    """Logarithm of the survival function of Student's t.

    Parameters
    ----------
    t : ndarray
    df : float or ndarray
        Degrees of freedom.

    Returns
    -------
    ndarray of float64
        Natural logarithm of P(T > t); finite for every finite t.
    """
    t = np.asarray(t, dtype=np.float64)
    survival = special.stdtr(df, -t)
    far = survival < SMALLEST
    log_survival = np.log(np.where(far, 1, survival))
    of_far = np.broadcast_to(df, t.shape)[far]
    log_survival[far] = log_far_tail(2 * np.log(t[far]) - np.log(of_far), of_far, 1) - np.log(2)
    return log_survival


def log_sf_f(f, rank, df):
    """Logarithm of the survival function of F with `rank` and `df` degrees of freedom; finite for every finite f."""
    f = np.asarray(f, dtype=np.float64)
    survival = special.fdtrc(rank, df, f)
    far = survival < SMALLEST
    log_survival = np.log(np.where(far, 1, survival))
    of_far = np.broadcast_to(df, f.shape)[far]
    log_survival[far] = log_far_tail(np.log(f[far]) + np.log(rank / of_far), of_far, rank)
    return log_survival


def z_from_t(t, df):
    """Standard normal deviates with the tail probabilities of t values, of the same sign and shape as `t`."""
    t = np.asarray(t, dtype=np.float64)
    return -np.sign(t) * special.ndtri_exp(log_sf_t(np.abs(t), df))


def z_from_log_p(log_p):
    """Standard normal deviates with upper tail probabilities that are given by their natural logarithms.

    A probability of 1, as F has where it is 0, counts as one a rounding error below, whose deviate is -8.1.
    """
    return -special.ndtri_exp(np.minimum(log_p, -np.finfo(float).eps))


def log_p_from_z(z, two_sided):
    """Logarithm of the p value of a standard normal deviate."""
    return np.log(2) + special.log_ndtr(-np.abs(z)) if two_sided else special.log_ndtr(-np.asarray(z))


def log_p_from_t(t, df, two_sided):
    """Natural logarithm of the p value of each t: of P(T > t), or of P(|T| > |t|) if `two_sided`."""
    return np.log(2) + log_sf_t(np.abs(t), df) if two_sided else log_sf_t(t, df)


def bonferroni_logp(log_p, n_tests):
    """-log10 of Bonferroni-corrected p values, from natural logarithms of p; never below 0."""
    return np.maximum(0, -(log_p + np.log(n_tests)) / np.log(10))


def statistic_at(statistic, p, df):
    """The t, or F if the contrast's ``rank`` is more than 1, whose upper tail probability is p."""
    rank = statistic["rank"]
    if statistic["name"] == "z":
        return float(-special.ndtri(p))
    if rank > 1 and p < TINY:
        x = special.betaincinv(df / 2, rank / 2, p)
        return float(df * (1 - x) / (rank * x))
    if rank > 1:
        return float(special.fdtri(rank, df, 1 - p))
    return float(-special.stdtrit(df, p))


def forming_threshold(text, statistic, df, two_sided):
    """The statistic that a voxel of a cluster must exceed.

    Parameters
    ----------
    text : str
        "p < 0.001", "z > 3.1" or "t > 3.2". p is one- or two-sided as the test is, z the normal deviate with the tail
        probability of the statistic on one side, and t the statistic itself, whatever its name.
    statistic : dict
        Its ``name`` and the contrast's ``rank``.
    df : int
        Residual degrees of freedom.
    two_sided : bool

    Returns
    -------
    float
    """
    scale, _, number = text.split()
    number = float(number)
    if scale == "t":
        return number
    if statistic["name"] == "z" and scale == "z":
        return number
    p = special.ndtr(-number) if scale == "z" else number / (2 if two_sided else 1)
    return statistic_at(statistic, p, df)


def z_of(statistic, values, df, two_sided):
    """The z whose upper tail is the p value of a statistic: larger z, more evidence.

    Parameters
    ----------
    statistic : dict
        ``name`` "t", "F" or "z", and the contrast's ``rank``.
    values : ndarray
        t, its size if `two_sided`, or F; or z of one side of these, which takes no degrees of freedom.
    df : int
        Residual degrees of freedom.
    two_sided : bool
        Of t.
    """
    if statistic["name"] == "z":
        return z_from_log_p(log_p_from_z(values, True)) if two_sided else np.asarray(values)
    if statistic["name"] == "F":
        return z_from_log_p(log_sf_f(values, statistic["rank"], df))
    return z_from_log_p(log_p_from_t(values, df, True)) if two_sided else z_from_t(values, df)
