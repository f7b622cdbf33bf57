"""The design matrix and its contrasts."""

import re

import numpy as np
import pandas as pd

from secondlevel.errors import InputError
from secondlevel.formula import formula_matrix, variables_of
from secondlevel.tables import labelled, numbers


def design_variables(sample, design, factors, center, source):
    """The variables of a design, as it needs them.

    Parameters
    ----------
    sample : pandas.DataFrame
        The table of the kept subjects, as text.
    design : str or list of dict
        As in the config.
    factors : dict of str or None by variable
        The reference level of each factor; None for the first level in order.
    center : list of str
        Variables from which their mean is subtracted.
    source : str
        The table's file name.

    Returns
    -------
    variables : pandas.DataFrame
        Numbers, and ordered categories, of which the first is the reference.
    about : dict
        The means that were subtracted, by variable, and the levels of the factors.

    Raises
    ------
    InputError
        If a variable is not there or no number, a level is not there, or a factor has one level only.
    """
    if isinstance(design, str):
        names = variables_of(design)
    else:
        names = list(dict.fromkeys(column["variable"] for column in design if "variable" in column))
    for key, listed in (("factors", factors), ("center", center)):
        for name in listed:
            if name not in names:
                raise InputError(
                    f"config key '{key}' names '{name}', which the design does not use; it uses {', '.join(names)}."
                )
    variables, about = {}, {"centered": {}, "factors": {}}
    for name in names:
        if name in factors:
            variables[name] = factor(labelled(sample, name, source), factors[name], source)
            about["factors"][name] = list(variables[name].cat.categories)
        else:
            variables[name] = numbers(sample, name, source)
        if name in center:
            if name in factors:
                raise InputError(f"config key 'center' names the factor '{name}'; only numbers have a mean.")
            about["centered"][name] = float(variables[name].mean())
            variables[name] = variables[name] - variables[name].mean()
    return pd.DataFrame(variables, index=sample.index), about


def factor(cells, reference, source):
    """A column of labels as ordered categories, the reference level first."""
    levels = sorted(cells.unique())
    if reference is not None and reference not in levels:
        raise InputError(
            f"config key 'factors.{cells.name}': '{reference}' is no level of {cells.name} in the kept subjects of "
            f"{source}; its levels are {', '.join(levels)}."
        )
    if len(levels) < 2:
        raise InputError(f"The factor {cells.name} has only the level '{levels[0]}' in the kept subjects of {source}.")
    levels.sort(key=lambda level: level != reference)
    return cells.astype(pd.CategoricalDtype(levels))


def design_matrix(design, variables):
    """Build the design matrix and check that it can be fitted.

    Parameters
    ----------
    design : str or list of dict
        A formula; or columns, each with its name, ``column``, and either a ``variable`` or a ``constant``.
    variables : pandas.DataFrame
        From `design_variables`.

    Returns
    -------
    pandas.DataFrame, shape (n_subjects, n_columns)

    Raises
    ------
    InputError
        If two columns have one name, subjects are too few, or columns are collinear; the columns are named.
    """
    design = formula_matrix(design, variables) if isinstance(design, str) else listed_matrix(design, variables)
    names = list(design)
    if len(design) <= len(names):
        raise InputError(
            f"The design has {len(names)} columns ({', '.join(names)}) but only {len(design)} subjects are kept, which "
            "leaves no residual degree of freedom; take columns out or add subjects."
        )
    collinear = collinear_columns(design)
    if collinear:
        raise InputError(
            f"The design is rank-deficient: {', '.join(collinear)} are linear combinations of each other in the "
            f"{len(design)} kept subjects (a constant variable is one of the intercept); take one of them out."
        )
    return design


def listed_matrix(columns, variables):
    """The matrix of a list of columns."""
    names = [column["column"] for column in columns]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(f"The design has more than one column named {', '.join(doubled)}; give each its own name.")
    if any(isinstance(dtype, pd.CategoricalDtype) for dtype in variables.dtypes):
        raise InputError("A factor makes several columns: write the design as a formula, such as 'age + group'.")
    values = [variables[c["variable"]] if "variable" in c else np.full(len(variables), c["constant"]) for c in columns]
    return pd.DataFrame(dict(zip(names, values, strict=True)), index=variables.index, dtype=float)


def collinear_columns(design):
    """Names of the columns that take part in a linear dependence, in order; a column of zeros is one of them."""
    values = design.to_numpy()
    lengths = np.linalg.norm(values, axis=0)
    values = values / np.where(lengths > 0, lengths, 1)
    _, singular, axes = np.linalg.svd(values, full_matrices=True)
    singular = np.concatenate([singular, np.zeros(values.shape[1] - len(singular))])
    null = axes[singular <= singular[0] * max(values.shape) * np.finfo(float).eps * 10]
    part = (np.abs(null) > 1e-6).any(axis=0)
    return [name for name, inside in zip(design.columns, part, strict=True) if inside]


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
    rows = [weights] if isinstance(weights, str) or not isinstance(weights[0], (str, list)) else weights
    rows = [parse_expression(row, names, contrast) if isinstance(row, str) else row for row in rows]
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
