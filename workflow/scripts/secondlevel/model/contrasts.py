"""The weights of contrasts over the columns of a design."""

import re

import numpy as np

from secondlevel.base.columns import read_columns, read_matrix
from secondlevel.base.errors import InputError
from secondlevel.base.names import hint, listed, short
from secondlevel.model.grammar import number, rows_of

# Sums of weights that differ by less are equal but for rounding; by less than this share, they should be.
EXACT, NEARLY = 1e-9, 0.025
LARGEST = 10**15  # of a weight; the least is one by it
UNLIKE = 10**6  # times as large as another row


def contrast_weights(weights, names, contrast):
    """The weights of a contrast over the columns of a design.

    Parameters
    ----------
    weights : str, list of float or str, or list of such
        An expression such as ``fluency``, ``patients - controls`` or ``1/3 * a + 2/3 * b``, or a number per column, or
        a fraction; several of them, one per row, for an F contrast.
    names : list of str
        The columns of the design.
    contrast : str
        The contrast's name, for the messages.

    Returns
    -------
    ndarray, shape (n_rows, n_columns)

    Raises
    ------
    InputError
        If an expression names no column of the design, numbers are too few, too many, too large or too small, a row is
        all zero or nearly a difference, or rows depend on each other.
    """
    rows = [
        parse_expression(row, names, contrast) if isinstance(row, str) else [number(weight) for weight in row]
        for row in rows_of(weights)
    ]
    for row in rows:
        require_usable(row, names, contrast)
    rows = np.asarray(rows, dtype=float)
    require_unlike_rows(rows, contrast)
    return rows


def require_usable(row, names, contrast):
    """An `InputError` if the weights of a row do not fit the columns, cannot be worked with, or test nothing."""
    if len(row) != len(names):
        raise InputError(
            f"Contrast '{contrast}' has {len(row)} weights, but the design has {len(names)} columns "
            f"({listed(names)}); give one weight for each."
        )
    if not all(abs(weight) <= LARGEST for weight in row):
        raise InputError(f"Contrast '{contrast}' has a weight beyond 10^15; write a smaller one.")
    if any(0 < abs(weight) < 1 / LARGEST for weight in row):
        raise InputError(f"Contrast '{contrast}' has a weight below 10^-15 that is not 0; write 0 or a larger one.")
    if not np.any(row):
        raise InputError(f"Contrast '{contrast}' has only zero weights and tests nothing; give a column a weight.")
    require_difference(np.asarray(row), contrast)


def require_unlike_rows(rows, contrast):
    """An `InputError` if rows, shape (n_rows, n_columns), are of very unlike size or depend on each other."""
    sizes = np.abs(rows).max(axis=1)
    if sizes.max() > UNLIKE * sizes.min():
        raise InputError(
            f"Contrast '{contrast}' has a row whose weights are over a million times those of another; F is the same "
            "for any size of a row, so write rows of about the same."
        )
    if np.linalg.matrix_rank(rows) < len(rows):
        raise InputError(f"Contrast '{contrast}' has rows that depend on each other; take out those that repeat.")


def require_difference(row, contrast):
    """An `InputError` if weights add up to nearly 0: a rounded third lets some of the mean into a difference."""
    plus, minus = row[row > 0].sum(), -row[row < 0].sum()
    if EXACT * max(plus, minus) < abs(plus - minus) <= NEARLY * max(plus, minus):
        raise InputError(
            f"Contrast '{contrast}' has weights that add up to {plus:.10g} and -{minus:.10g}, nearly a difference but "
            "not "
            "one, so that part of the overall mean would be tested with it; write fractions, such as 1/3 for 0.333."
        )


def parse_expression(expression, names, contrast):
    """Read a sum of columns, each with a sign and perhaps a factor or a fraction, into a list of weights."""
    columns = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    term = re.compile(
        rf"\s*([+-])?\s*(?:(\d+\.?\d*|\.\d+)\s*(?:/\s*([1-9]\d{{0,14}})\s*)?\*\s*)?(`?)({columns})\4(?!\w)\s*"
    )
    weights, position = [0.0] * len(names), 0
    while position < len(expression) or position == 0:
        found = term.match(expression, position)
        if not found or (position and not found[1]):
            raise InputError(
                f"Contrast '{contrast}': cannot read '{short(expression[position:])}' in '{short(expression)}'; write "
                f"a sum of the design's columns, which are {listed(names)}{hint(expression[position:].strip(), names)}"
            )
        size = float(found[2] or 1) / float(found[3] or 1)
        weights[names.index(found[5])] += -size if found[1] == "-" else size
        position = found.end()
    return weights


def read_contrast(design_path, contrasts_path, contrast):
    """Read a design and the weights of one of its contrasts from the tables that rule design_matrix wrote.

    Returns
    -------
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (n_rows, n_columns)
    """
    contrasts = read_columns(contrasts_path)
    rows, names = contrasts.pop("contrast") == contrast, list(contrasts)
    return read_matrix(design_path), np.column_stack([contrasts[name][rows].astype(float) for name in names])
