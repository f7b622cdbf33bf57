"""Design matrices from formulas such as ``age * group``, in which nothing but names of variables can stand.

Wilkinson's notation (Wilkinson and Rogers 1973, Appl. Stat. 22), read by the package formulaic. It would also run
Python code, so that only what `grammar` lets through reaches it.
"""

import re

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.errors import FormulaicError

from secondlevel.base.errors import InputError
from secondlevel.model.grammar import ALLOWED, formula_complaint


def parse(formula):
    """Read a formula.

    Returns
    -------
    formulaic.Formula

    Raises
    ------
    InputError
        If it is no formula, has a left-hand side, calls a function or reaches for an attribute.
    """
    complaint = formula_complaint(formula)
    if complaint:
        raise InputError(f"config key 'design': {complaint}")
    try:
        return Formula(formula)
    except (FormulaicError, SyntaxError, ValueError, TypeError) as error:
        what = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"config key 'design': '{formula}' cannot be read ({what}); {ALLOWED}") from None


def formula_matrix(formula, data):
    """The columns that a formula makes of variables.

    Parameters
    ----------
    formula : str
    data : pandas.DataFrame
        Numbers for covariates, ordered categories for factors, of which the first is the reference.

    Returns
    -------
    pandas.DataFrame of float
        With names such as ``intercept``, ``age``, ``group[patient]`` and ``age:group[patient]``.
    """
    # Levels get plain names while formulaic puts them into names of columns.
    coded, levels = data.copy(), {}
    for name in data.select_dtypes("category"):
        levels[name] = data[name].cat.categories
        coded[name] = data[name].cat.rename_categories([f"L{number}" for number in range(len(levels[name]))])
    matrix = parse(formula).get_model_matrix(coded, context={}, output="pandas")

    def named(column):
        for name, of_factor in levels.items():
            pattern = rf"{re.escape(name)}\[(?:T\.)?L(\d+)\]"
            column = re.sub(pattern, lambda found, n=name, of=of_factor: f"{n}[{of[int(found[1])]}]", column)
        return "intercept" if column == "Intercept" else column

    return pd.DataFrame(matrix).astype(np.float64).rename(columns=named)
