"""The association of one element's values with a contrast: regressor, fitted line and its confidence band."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from secondlevel.model.glm import partition


@dataclass(frozen=True)
class Association:
    """Values of the maps against a contrast's regressor, both adjusted for the nuisance, on the scales of old.

    Attributes
    ----------
    regressor, values : ndarray, shape (n_subjects,)
    places, line : ndarray, shape (n_places,)
        The fitted line.
    half : ndarray, shape (n_places,), or None
        Half the width of its 95 % confidence band; None for an F contrast.
    axis : {"regressor", "subject", "fitted effect"}
        What `regressor` is: for a mean the numbers of the subjects, for an F contrast the fitted effect.
    """

    regressor: np.ndarray
    values: np.ndarray
    places: np.ndarray
    line: np.ndarray
    half: np.ndarray | None
    axis: str


def association(values, design, weights, centers=0.0):
    """The association of values, shape (n_subjects,), with a contrast of a design.

    Parameters
    ----------
    values : ndarray, shape (n_subjects,)
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (rank, n_columns)
    centers : ndarray, shape (n_columns,), or float
        The mean that was subtracted from each column, which the regressor gets back.

    Returns
    -------
    Association
    """
    split = partition(design, weights)
    adjusted, level = split.without_nuisance(values), values.mean()
    shift = ((design + centers) @ weights[0]).mean() / (weights[0] @ weights[0])
    coefficients = np.linalg.lstsq(split.effect, adjusted, rcond=None)[0]
    fitted = split.effect @ coefficients
    shown = adjusted - adjusted.mean() + level
    if split.rank > 1:
        ends = np.array([fitted.min(), fitted.max()]) + level
        return Association(fitted + level, shown, ends, ends, None, "fitted effect")
    if is_mean(split):
        ends, half = np.array([1, len(adjusted)]), half_band(split, adjusted - fitted, np.zeros(2))
        return Association(np.arange(1, len(adjusted) + 1), shown, ends, np.full(2, level), half, "subject")
    places = np.linspace(split.effect.min(), split.effect.max(), 50)
    distances = places - split.effect.mean()
    line, half = level + coefficients[0] * distances, half_band(split, adjusted - fitted, distances)
    return Association(split.effect[:, 0] + shift, shown, places + shift, line, half, "regressor")


def is_mean(split):
    """Whether the effect is the same for every subject, so that there is nothing for the maps to go with."""
    return split.rank == 1 and np.ptp(split.effect) < 1e-9 * np.abs(split.effect).max()


def half_band(split, residuals, distances):
    """Half the width of the 95 % confidence band of a line and its level, at distances from the regressor's mean."""
    variance = residuals @ residuals / split.df
    of_slope = distances**2 / (split.effect[:, 0] @ split.effect[:, 0])
    return special.stdtrit(split.df, 0.975) * np.sqrt(variance * (1 / len(residuals) + of_slope))
