"""Tail probabilities, computed as logarithms so that no t is too large for them.

The survival function of Student's t with d degrees of freedom is half a regularised incomplete beta function,

    P(T > t) = I_x(d/2, 1/2) / 2   with   x = d / (d + t^2)   for t >= 0,

which underflows for large t. Its logarithm does not (DLMF 8.17.8, https://dlmf.nist.gov/8.17.E8):

    I_x(a, b) = x^a (1 - x)^b F(a + b, 1; a + 1; x) / (a B(a, b)).

The z score of a t is the standard normal deviate with the same tail, found from the logarithm as well.
"""

import numpy as np
from scipy import special

# Below this the plain survival function has lost digits to subnormal numbers.
SMALLEST = 1e-290


def log_sf_t(t, df):
    """Logarithm of the survival function of Student's t.

    Parameters
    ----------
    t : ndarray
    df : float
        Degrees of freedom.

    Returns
    -------
    ndarray of float64
        Natural logarithm of P(T > t); finite for every finite t.
    """
    t = np.asarray(t, dtype=np.float64)
    survival = special.stdtr(df, -t)
    far = survival < SMALLEST
    with np.errstate(divide="ignore"):
        log_survival = np.log(survival)
    if far.any():
        a, b = df / 2, 0.5
        log_ratio = 2 * np.log(t[far]) - np.log(df)  # t^2 / df, which itself may overflow
        log_x = -np.logaddexp(0, log_ratio)
        x = np.exp(log_x)
        log_beta = a * log_x + b * np.log1p(-x) + np.log(special.hyp2f1(a + b, 1, a + 1, x))
        log_survival[far] = log_beta - np.log(a) - special.betaln(a, b) - np.log(2)
    return log_survival


def z_from_t(t, df):
    """Standard normal deviates with the tail probabilities of t values, of the same sign and shape as `t`."""
    t = np.asarray(t, dtype=np.float64)
    return -np.sign(t) * special.ndtri_exp(log_sf_t(np.abs(t), df))


def log_p_from_t(t, df, two_sided):
    """Natural logarithm of the p value of each t: of P(T > t), or of P(|T| > |t|) if `two_sided`."""
    return np.log(2) + log_sf_t(np.abs(t), df) if two_sided else log_sf_t(t, df)


def bonferroni_logp(log_p, n_tests):
    """-log10 of Bonferroni-corrected p values, from natural logarithms of p; never below 0."""
    return np.maximum(0, -(log_p + np.log(n_tests)) / np.log(10))
