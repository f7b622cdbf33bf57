"""The groups of a sample: the levels of the factors that its contrasts compare."""

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json
from secondlevel.model.comparison import comparison, label, read_weights
from secondlevel.model.terms import variables_of_design

MOST_GROUPS = 8
EVERYBODY = "all"


def groups_of(variables, compared):
    """The group of each row, by the factors of the first contrast that compares some, else by the first small factor.

    Parameters
    ----------
    variables : terms.Variables
    compared : list of comparison.Comparison or None

    Returns
    -------
    dict of ndarray of bool, shape (n_rows,), by group
        Those that have a row; none, if there is no such factor.
    """
    crossed = [found for found in compared if found and found.factors and len(found.cells) <= MOST_GROUPS]
    small = [name for name, levels in variables.levels.items() if len(levels) <= MOST_GROUPS]
    of_first = [{name: level} for name in small[:1] for level in variables.levels[name]]
    cells = crossed[0].cells if crossed else of_first
    groups = {
        label(cell): np.all([variables.cells[name] == level for name, level in cell.items()], axis=0) for cell in cells
    }
    return {name: inside for name, inside in groups.items() if inside.any()}


def read_groups(about, contrasts, sample):
    """Variables and groups from the files that rules design_matrix and quality_check wrote.

    Returns
    -------
    variables : terms.Variables
    groups : dict
        From `groups_of`.
    """
    variables = variables_of_design(read_json(about), read_columns(sample))
    names = dict.fromkeys(read_columns(contrasts)["contrast"])
    return variables, groups_of(variables, [comparison(read_weights(contrasts, name), variables) for name in names])
