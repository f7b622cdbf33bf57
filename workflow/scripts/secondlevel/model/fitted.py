"""The maps of a fitted contrast."""

import numpy as np

from secondlevel.model.glm import compares_means
from secondlevel.model.maps import OF_F, OF_T
from secondlevel.model.tails import bonferroni_logp, log_p_from_t, log_sf_f, z_from_log_p, z_from_t


def fitted_maps(result, design, weights, two_sided):
    """The maps of a contrast of one row, or of several.

    Parameters
    ----------
    result : glm.Fit or glm.FitF
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (n_rows, n_columns)
    two_sided : bool

    Returns
    -------
    kinds : dict of maps.StatMap by key
    values : dict of ndarray, shape (n_elements,), by key
    df : int or list of int
        Degrees of freedom, of F those of numerator and denominator.
    words : dict of str
        What is filled into the descriptions.
    """
    if len(weights) > 1:
        return OF_F, maps_of_f(result), [result.rank, result.df], {}
    return OF_T, maps_of_t(result, two_sided), result.df, words_of_t(design, weights, two_sided)


def maps_of_t(result, two_sided):
    """The maps of a t contrast.

    Parameters
    ----------
    result : glm.Fit
    two_sided : bool

    Returns
    -------
    dict of ndarray, shape (n_elements,), by the keys of `maps.OF_T`
    """
    log_p = log_p_from_t(result.t, result.df, two_sided)
    low, high = result.interval(0.95)
    return {
        "effect": result.effect,
        "variance": result.variance,
        "lower": low,
        "upper": high,
        "d": result.standardised,
        "t": result.t,
        "z": z_from_t(result.t, result.df),
        "p": np.exp(log_p),
        "logp": bonferroni_logp(log_p, log_p.size),
        "r": result.partial_r,
    }


def maps_of_f(result):
    """The maps of an F contrast, a `glm.FitF`, by the keys of `maps.OF_F`; arrays of shape (n_elements,)."""
    log_p = log_sf_f(result.f, result.rank, result.df)
    return {
        "f": result.f,
        "z": z_from_log_p(log_p),
        "p": np.exp(log_p),
        "logp": bonferroni_logp(log_p, log_p.size),
        "r2": result.partial_r2,
    }


def words_of_t(design, weights, two_sided):
    """What is filled into the descriptions of `maps.OF_T`, from a design and the weights of a contrast."""
    is_d = compares_means(design, weights)
    return {
        "sided": "two-sided" if two_sided else "one-sided, for a positive effect",
        "standardised": "Cohen's d: the mean, or difference of means"
        if is_d
        else "the change per unit of the contrast",
    }
