"""What a contrast compares: the means of groups, or the slopes of a number in groups, with the rest held.

A row c of a contrast is a sum over cells, the combinations of levels of the factors that it weighs, if weights w solve

    sum over cells of w(cell) x(cell, others) = c    for whatever values the other variables have,

where x is a subject's row of the design. Where that holds at some place of the others only, as for a group beside its
product with age, they are held there: at 0, which is the mean if they are centred, or at the reference level.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from secondlevel.base.columns import read_rows

EXACT = 1e-8
MOST_CELLS = 24


@dataclass(frozen=True)
class Comparison:
    """Weights of cells, or of the slopes in them.

    Attributes
    ----------
    factors : tuple of str
        Whose levels are crossed; none for a mean, or a slope, of all subjects.
    slope : tuple of str
        The numbers whose slope is compared; none for means.
    cells : list of dict of str by factor
    weights : ndarray, shape (n_rows, n_cells)
    held : dict of str or float by variable
        Where the others are held: the level of a factor, or the value of a number as the table has it.
    same : list of str
        The others, which can be anywhere, so long as it is the same for all.
    """

    factors: tuple
    slope: tuple
    cells: list
    weights: np.ndarray
    held: dict
    same: list

    @property
    def is_difference(self):
        """Whether the weights of each row cancel."""
        return bool(np.abs(self.weights.sum(axis=1)).max() < EXACT)

    @property
    def is_interaction(self):
        """Whether there are two factors or more, over each of which the weights of each row cancel."""
        shape = [len({cell[name] for cell in self.cells}) for name in self.factors]
        tables = self.weights.reshape(-1, *shape)
        sums = [np.abs(tables.sum(axis=axis + 1)).max() for axis in range(len(shape))]
        return len(shape) > 1 and max(sums) < EXACT


def label(cell):
    """What a cell is called, such as "patient", or "patient, after"."""
    return ", ".join(cell.values())


def read_weights(contrasts, contrast):
    """The rows of a contrast in the table of them, as dicts of the weights that are not 0 by column."""
    return [
        {column: float(weight) for column, weight in row.items() if column != "contrast" and float(weight)}
        for row in read_rows(contrasts)
        if row["contrast"] == contrast
    ]


def comparison(rows, variables):
    """What a contrast compares.

    Parameters
    ----------
    rows : list of dict of float by column
        The weights that are not 0.
    variables : terms.Variables

    Returns
    -------
    Comparison or None
        None if it is no such sum, such as the difference of the slopes of two numbers.
    """
    terms = variables.terms
    weighed = [terms.get(name) for row in rows for name in row]
    if None in terms.values() or None in weighed or len({term.numbers for term in weighed}) != 1:
        return None
    slope, used = weighed[0].numbers, {name for term in weighed for name in term.levels}
    factors = tuple(name for name in variables.levels if name in used)
    levels = [variables.levels[name] for name in factors]
    if np.prod([len(names) for names in levels]) > MOST_CELLS:
        return None
    cells = [dict(zip(factors, names, strict=True)) for names in itertools.product(*levels)]
    inside = [name for name, term in terms.items() if term.numbers == slope and set(term.levels) <= set(factors)]
    marks = np.array([[terms[name].levels.items() <= cell.items() for cell in cells] for name in inside], dtype=float)
    wanted = np.array([[row.get(name, 0.0) for row in rows] for name in inside])
    weights = np.linalg.lstsq(marks, wanted, rcond=None)[0].T
    if np.abs(weights @ marks.T - wanted.T).max() > EXACT:
        return None
    weights = np.round(weights, 10) + 0.0  # what is 1 or 0 but for rounding is 1 or 0
    held = places(weights, cells, slope, factors, inside, variables)
    if held is None:
        return None
    others = [*variables.levels, *variables.numbers]
    same = [name for name in others if name not in (*factors, *slope, *held)]
    return Comparison(factors, slope, cells, weights, held, same)


def places(weights, cells, slope, factors, inside, variables):
    """Where the other variables are held; None if they cannot be held there."""
    held = {}
    for name, term in variables.terms.items():
        if name in inside or not set(slope) <= set(term.numbers):
            continue
        shared = {factor: level for factor, level in term.levels.items() if factor in factors}
        marks = np.array([shared.items() <= cell.items() for cell in cells], dtype=float)
        if np.abs(weights @ marks).max() < EXACT:
            continue
        numbers = [number for number in term.numbers if number not in slope]
        outside = [factor for factor in term.levels if factor not in factors]
        if numbers:
            held[numbers[0]] = variables.centers[numbers[0]]
        elif outside and term.levels[outside[0]] != variables.levels[outside[0]][0]:
            held[outside[0]] = variables.levels[outside[0]][0]
        else:
            return None
    return held
