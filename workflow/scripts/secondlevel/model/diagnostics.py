"""What a design and the maps' spread say of a model's assumptions: collinearity, leverage, scales.

Each is measured, and what is out of bounds is said in a sentence. Bounds are wide, for a notice that is always there is
not read. Variance inflation: Marquardt 1970 (Technometrics 12), who speaks of trouble from 10 on.
"""

import numpy as np

from secondlevel.base.columns import matrix_of
from secondlevel.base.wording import listed, percent
from secondlevel.sample.similarity import leverage

INFLATED = 10  # variance inflation of a column
DECIDING = 0.5  # hat value of a row, and
OFTEN = 3  # how many times the mean one
SPREAD = 10  # ratio of the maps' standard deviations


def variance_inflation(design):
    """How many times the other columns raise the variance of each column's coefficient.

    Parameters
    ----------
    design : ndarray, shape (n_subjects, n_columns)
        Of full column rank.

    Returns
    -------
    ndarray, shape (n_columns,)
        The column's variance by that which the others leave of it; 1 for a column without variance.
    """
    inflation = np.ones(design.shape[1])
    for number, column in enumerate(design.T):
        others = np.delete(design, number, axis=1)
        centred = column - column.mean()
        total = centred @ centred
        if total > 1e-12 * (column @ column):
            left = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
            inflation[number] = max(1.0, total / (left @ left))
    return inflation


def of_design(design, subjects):
    """Sentences on a design: columns that others nearly hold, and rows that decide their own fit.

    Parameters
    ----------
    design : dict of ndarray, shape (n_subjects,), by column
    subjects : sequence of str

    Yields
    ------
    (str, str)
        A sentence, and the section of docs/diagnostics.md that helps.
    """
    matrix = matrix_of(design)
    inflation = variance_inflation(matrix)
    high = [f"{name} ({value:.3g})" for name, value in zip(design, inflation, strict=True) if value > INFLATED]
    if high:
        yield (
            f"The design's columns nearly hold each other: the variance of the coefficient is inflated more than "
            f"{INFLATED}-fold for {listed(high)}. What they share is credited to none of them; test them together by "
            "F, or take some out.",
            "collinearity",
        )
    hat, mean = leverage(matrix), matrix.shape[1] / len(matrix)
    rows = np.flatnonzero((hat > DECIDING) & (hat > OFTEN * mean))
    if len(rows):
        named = listed([f"{subjects[row]} ({percent(hat[row])})" for row in rows[np.argsort(-hat[rows])]], most=5)
        yield f"Few maps decide the fit: the leverage of {named} is above {percent(DECIDING)}.", "leverage"


def of_scales(subjects, sd):
    """A sentence on maps whose standard deviations are far apart, or nothing; yields as `of_design`."""
    low, high = np.argmin(sd), np.argmax(sd)
    if sd[high] > SPREAD * sd[low]:
        times = f"{sd[high] / sd[low]:.0f}" if sd[low] > 0 else "any number of"
        yield (
            f"The maps are on unlike scales: their standard deviations go from {sd[low]:.3g} ({subjects[low]}) to "
            f"{sd[high]:.3g} ({subjects[high]}), {times} times as much. Ask whether all have one unit; maps with large "
            "values weigh most.",
            "scales",
        )
