"""The values of one element by the cells that a contrast compares, all else being equal.

A cell's mean, or its line over a number, is that of the fitted model where the other variables are the same for all:
held where the contrast holds them, else at their mean over the subjects. So the weighted sum of the means, or of the
slopes, is the contrast's effect. A subject's value is the mean, or the line, of its cell plus its own residual.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class CellMeans:
    """Values by cell; a cell without a subject has no number.

    Attributes
    ----------
    cell : ndarray of int, shape (n_subjects,)
        The number of each subject's cell.
    values : ndarray, shape (n_subjects,)
        Adjusted for the other variables.
    x : ndarray, shape (n_subjects,)
        The number whose slope is compared, as the table has it; of means 0.
    count : ndarray of int, shape (n_cells,)
    places : ndarray, shape (n_cells, n_places)
        Of the number whose slope is compared, as the table has it; of means one place, 0.
    means, half : ndarray, shape (n_cells, n_places)
        And half the width of their 95 % confidence interval, by the variance of the whole model.
    """

    cell: np.ndarray
    values: np.ndarray
    x: np.ndarray
    count: np.ndarray
    places: np.ndarray
    means: np.ndarray
    half: np.ndarray


def cell_means(values, design, columns, compared, variables, n_places=20):
    """The values of one element by cell.

    Parameters
    ----------
    values : ndarray, shape (n_subjects,)
    design : ndarray, shape (n_subjects, n_columns)
    columns : list of str
        Its names.
    compared : comparison.Comparison
        Of means, or of the slopes of one number.
    variables : terms.Variables
    n_places : int
        Of each line.

    Returns
    -------
    CellMeans
    """
    n_cells, everybody = len(compared.cells), np.ones(len(values), dtype=bool)
    inside = np.array(
        [
            np.logical_and.reduce([everybody, *(variables.cells[name] == level for name, level in cell.items())])
            for cell in compared.cells
        ]
    )
    x = variables.numbers[compared.slope[0]] if compared.slope else np.zeros(len(values))
    places = np.full((n_cells, n_places if compared.slope else 1), np.nan)
    for number, members in enumerate(inside):
        if members.any():
            places[number] = np.linspace(x[members].min(), x[members].max(), places.shape[1])
    terms, cell = [variables.terms[name] for name in columns], inside.argmax(axis=0)
    marks = np.array([[of_cell(term, c, compared, variables) for term in terms] for c in compared.cells])
    # The row of the design of a cell at a place is this, its columns of the number times the place.
    times = np.array([bool(set(term.numbers) & set(compared.slope)) for term in terms])
    center = variables.centers[compared.slope[0]] if compared.slope else 0.0
    rows = marks[:, None] * np.where(times, places[:, :, None] - center, 1)
    own = marks[cell] * np.where(times, x[:, None] - center, 1)
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    residuals, df = values - design @ coefficients, len(values) - design.shape[1]
    covariance = residuals @ residuals / df * np.linalg.inv(design.T @ design)
    half = special.stdtrit(df, 0.975) * np.sqrt(np.einsum("cpi,ij,cpj->cp", rows, covariance, rows))
    count = inside.sum(axis=1)
    means = np.where(count[:, None] > 0, rows @ coefficients, np.nan)
    return CellMeans(cell, own @ coefficients + residuals, x, count, places, means, half)


def of_cell(term, cell, compared, variables):
    """What a column is in a cell, but for the number whose slope is compared: the other variables are as for all."""
    if not all(cell.get(factor, level) == level for factor, level in term.levels.items()):
        return 0.0
    values = np.ones(len(next(iter([*variables.cells.values(), *variables.numbers.values()]), [0])))
    for factor, level in term.levels.items():
        if factor in compared.held:
            values = values * (compared.held[factor] == level)
        elif factor not in cell:
            of_factor = variables.cells[factor]
            values = np.where(nested(of_factor, cell, variables), values * (of_factor == level), np.nan)
    for number in term.numbers:
        if number in compared.held:
            return 0.0
        if number not in compared.slope:
            values = values * (variables.numbers[number] - variables.centers[number])
    return float(np.nanmean(values))


def nested(of_factor, cell, variables):
    """Which subjects count for a factor's mean: all, or those of a cell's levels of the factors that it lies within, as
    persons lie within groups."""
    counting = np.ones(len(of_factor), dtype=bool)
    for factor, level in cell.items():
        pairs = set(zip(of_factor, variables.cells[factor], strict=True))
        if len(pairs) == len(set(of_factor)):
            counting &= variables.cells[factor] == level
    return counting
