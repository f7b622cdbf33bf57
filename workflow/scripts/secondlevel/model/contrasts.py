"""The weights of contrasts over the columns of a design."""

import re

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.errors import InputError
from secondlevel.model.grammar import rows_of


def contrast_weights(weights, names, contrast):
    """The weights of a contrast over the columns of a design.

    Parameters
    ----------
    weights : str, list of float, or list of such
        An expression such as ``fluency``, ``patients - controls`` or ``0.5 * a + 0.5 * b``, or a number per column;
        several of them, one per row, for an F contrast.
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
        If an expression names no column of the design, numbers are too few or too many, a row is all zero or rows
        depend on each other.
    """
    rows = [parse_expression(row, names, contrast) if isinstance(row, str) else row for row in rows_of(weights)]
    for row in rows:
        if len(row) != len(names):
            raise InputError(
                f"Contrast '{contrast}' has {len(row)} weights, but the design has {len(names)} columns "
                f"({', '.join(names)}); give one weight for each."
            )
        if not np.any(row):
            raise InputError(f"Contrast '{contrast}' has only zero weights and tests nothing; give a column a weight.")
    rows = np.asarray(rows, dtype=float)
    if np.linalg.matrix_rank(rows) < len(rows):
        raise InputError(f"Contrast '{contrast}' has rows that depend on each other; take out those that repeat.")
    return rows


def parse_expression(expression, names, contrast):
    """Read a sum of columns, each with a sign and perhaps a factor, into a list of weights."""
    columns = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    term = re.compile(rf"\s*([+-])?\s*(?:(\d+\.?\d*|\.\d+)\s*\*\s*)?(`?)({columns})\3(?!\w)\s*")
    weights, position = [0.0] * len(names), 0
    while position < len(expression) or position == 0:
        found = term.match(expression, position)
        if not found or (position and not found[1]):
            raise InputError(
                f"Contrast '{contrast}': cannot read '{expression[position:].strip()}' in '{expression}'; write a sum "
                f"of the design's columns, which are {', '.join(names)}."
            )
        weights[names.index(found[4])] += (-1 if found[1] == "-" else 1) * float(found[2] or 1)
        position = found.end()
    return weights


def read_contrast(design_path, contrasts_path, contrast):
    """Read a design and the weights of one of its contrasts from the tables that rule design_matrix wrote.

    Returns
    -------
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (n_rows, n_columns)
    """
    design, contrasts = read_columns(design_path), read_columns(contrasts_path)
    names, rows = [name for name in design if name != "participant_id"], contrasts["contrast"] == contrast
    matrix = np.column_stack([design[name].astype(float) for name in names])
    return matrix, np.column_stack([contrasts[name][rows].astype(float) for name in names])
