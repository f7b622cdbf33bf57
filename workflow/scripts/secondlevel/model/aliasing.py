"""Designs some of whose columns others hold, as subjects hold their group: what can go, and what can still be tested.

A formula often makes more columns than the subjects can tell apart, in nested designs or where a combination of levels
has nobody. A contrast that can be estimated has one value, whichever solution of least squares is taken; so columns
that no contrast weighs can go, and a contrast that would depend on the choice is refused (Searle 1971, Linear Models).
"""

from collections import Counter

import numpy as np
import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed
from secondlevel.model.contrasts import contrast_weights
from secondlevel.model.design import (
    collinear_columns,
    design_matrix,
    null_space,
    rank_deficient,
    require_names,
    too_few,
)
from secondlevel.model.formula import formula_columns

NONE = 1e-6  # a weight that is below is none


def fitted_design(design, variables, contrasts):
    """Build the design matrix that is fitted and the weights of contrasts over its columns.

    Parameters
    ----------
    design : str or list of dict
        As in the config.
    variables : pandas.DataFrame
        From `design.design_variables`.
    contrasts : list of dict
        As in the config, each with its `name` and its `weights`.

    Returns
    -------
    matrix : pandas.DataFrame, shape (n_subjects, n_columns)
    weights : dict of ndarray, shape (n_rows, n_columns), by contrast
    dropped : dict of list of str
        For each column of the formula that is left out those that hold it; none for a column of zeros.

    Raises
    ------
    InputError
        As `design.design_matrix` and `contrasts.contrast_weights`, and if a contrast weighs what cannot be told apart.
    """
    if isinstance(design, str):
        columns = formula_columns(design, variables)
        full = pd.DataFrame({column.name: column.values(variables) for column in columns}, index=variables.index)
        require_names(full)
        dependences = null_space(full)
        if full.shape[1] - len(dependences) >= len(full):
            raise InputError(too_few(full))
        if len(dependences):
            return without_aliases(columns, full, dependences, contrasts)
    matrix = design_matrix(design, variables)
    return matrix, weights_of(contrasts, matrix), {}


def weights_of(contrasts, design):
    """The weights of contrasts over the columns of a design, by the contrasts' names."""
    return {c["name"]: contrast_weights(c["weights"], list(design), c["name"]) for c in contrasts}


def without_aliases(columns, full, dependences, contrasts):
    """The same as `fitted_design` returns, of a formula with columns that depend on each other."""
    # Those of numbers can be taken out of a formula, and are more likely a mistake.
    of_numbers = collinear_columns(full[[column.name for column in columns if column.is_of_numbers]])
    if of_numbers:
        raise InputError(rank_deficient(full, of_numbers))
    weights = weights_of(contrasts, full)
    for name, rows in weights.items():
        require_estimable(full, dependences, rows, name)
    weighed = np.any([row != 0 for rows in weights.values() for row in rows], axis=0)
    sizes = Counter(column.variables for column in columns)
    kept = np.ones(len(columns), dtype=bool)
    # The columns of small terms first: a group goes, and not one of its subjects.
    for number in sorted(range(len(columns)), key=lambda number: sizes[columns[number].variables]):
        takes_part = np.linalg.norm(dependences[:, number]) > NONE
        if columns[number].parts and not weighed[number] and takes_part:
            kept[number], dependences = False, without_column(dependences, number)
    matrix = full.loc[:, kept]
    left = collinear_columns(matrix)
    if left:
        raise InputError(rank_deficient(matrix, left))
    return matrix, {name: rows[:, kept] for name, rows in weights.items()}, holders(full.loc[:, ~kept], matrix)


def without_column(dependences, number):
    """The dependences, orthonormal rows of weights, of the columns that are left when one of them goes."""
    mirror = dependences[:, number].copy()
    mirror[0] += np.copysign(np.linalg.norm(mirror), mirror[0])
    # Householder's reflection, after which only the first one has a weight there.
    return (dependences - np.outer(mirror, 2 * (mirror @ dependences) / (mirror @ mirror)))[1:]


def require_estimable(full, dependences, rows, contrast):
    """An `InputError` if what a contrast estimates depends on which of the columns that hold each other are kept."""
    lengths = np.linalg.norm(full.to_numpy(), axis=0)
    for row in rows:
        scaled = row / np.where(lengths > 0, lengths, 1)
        share = dependences @ scaled / np.linalg.norm(scaled)
        if not (np.abs(share) > NONE).any():
            continue
        # The one dependence on which it depends.
        part = np.abs(share @ dependences) > NONE
        own = [name for name, inside, weight in zip(full, part, row, strict=True) if inside and weight]
        others = [name for name, inside, weight in zip(full, part, row, strict=True) if inside and not weight]
        if others:
            raise InputError(
                f"Contrast '{contrast}' weighs {listed(own)}, which the {len(full)} kept subjects cannot tell from "
                f"{listed(others)}: they are linear combinations of each other; take the variable of the one or of the "
                "other out of the formula, or leave these columns out of the contrast; next to a factor of subjects, "
                "what lies between them is tested on one map of each, such as their mean or a difference."
            )
        raise InputError(
            f"Contrast '{contrast}' weighs {listed(own)}, of which the {len(full)} kept subjects can tell nothing, as "
            "of a combination of levels that nobody has; leave it out of the contrast."
        )


def holders(dropped, matrix):
    """For each of some columns the names of the columns of a matrix whose combination it is."""
    values, columns = matrix.to_numpy(), dropped.to_numpy()
    sizes = np.abs(np.linalg.lstsq(values, columns, rcond=None)[0]) * np.linalg.norm(values, axis=0)[:, None]
    holds = sizes > NONE * np.linalg.norm(columns, axis=0)
    return {name: list(matrix.columns[of_column]) for name, of_column in zip(dropped, holds.T, strict=True)}
