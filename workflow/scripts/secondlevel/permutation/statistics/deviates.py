"""z of t and F with degrees of freedom of their own, for very many of them: from tables of what scipy gives.

t^2 and rank F are df R^2 / (1 - R^2), with R^2 the share of variance that the effect explains. The tables have knots
that come the closer, the nearer R^2 is to 0 or to 1: as many for each power of 2 of the smaller of R^2 and 1 - R^2, so
that the bits of that number tell where it lies. Between them z of F, and z / R of t, are cubics.
"""

from functools import lru_cache

import numpy as np

from secondlevel.model.tails import log_sf_f, z_from_log_p, z_from_t

OCTAVES, BITS = 34, 6  # powers of 2 from 1/2 down, and the logarithm of the number of knots of each
SIZE = OCTAVES << BITS


@lru_cache(4096)
def table(df, rank):
    """The cubics between the knots.

    Parameters
    ----------
    df, rank : int

    Returns
    -------
    ndarray, shape (2, SIZE, 4)
        For R^2 below 1/2 and for 1 - R^2, and each interval from 1/2 down, the coefficients of the distance to its
        left knot, the highest power first.
    """
    powers = 2.0 ** -np.arange(OCTAVES + 1, 1, -1)
    knots = np.append((powers[:, None] * (1 + np.arange(2**BITS) / 2**BITS)).ravel(), 0.5)
    return np.array([cubics(knots, knots, 1 - knots, df, rank), cubics(knots, 1 - knots, knots, df, rank)])


def cubics(knots, explained, rest, df, rank):
    """The coefficients between knots at which some share of the variance is explained, and the rest is not."""
    from scipy.interpolate import CubicSpline  # here, since few analyses need it and its import takes long

    square = df * explained / rest
    if rank == 1:
        z = z_from_t(np.sqrt(square), df) / np.sqrt(explained)
    else:
        z = z_from_log_p(log_sf_f(square / rank, rank, df))
    return CubicSpline(knots, z).c.T


@lru_cache(64)
def tables(least, most, rank):
    """The tables from some degrees of freedom to others, shape (most - least + 1, 2, SIZE, 4)."""
    return np.array([table(df, rank) for df in range(least, most + 1)])


def of_nothing(rank):
    """z of a statistic that is 0: that of a p value of 1 for F."""
    return 0.0 if rank == 1 else float(z_from_log_p(np.array(0.0)))
