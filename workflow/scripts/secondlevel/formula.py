"""Design matrices from formulas such as ``age * group``, in which nothing but names of variables can stand.

Wilkinson's notation (Wilkinson and Rogers 1973, Appl. Stat. 22), read by the package formulaic. It would also run
Python code; here every factor of a formula must be the name of a variable, or 1 or 0, or it is refused.
"""

import re

import numpy as np
import pandas as pd
from formulaic import Formula, SimpleFormula
from formulaic.errors import FormulaicError
from formulaic.parser.types import Factor

from secondlevel.errors import InputError

ALLOWED = "a formula holds names of variables, joined by +, -, :, * and brackets, such as 'age * group'"


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
    try:
        parsed = Formula(formula)
    except (FormulaicError, SyntaxError, ValueError, TypeError) as error:
        what = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"The design '{formula}' cannot be read ({what}); {ALLOWED}.") from None
    if not isinstance(parsed, SimpleFormula):
        raise InputError(f"The design '{formula}' has a left-hand side or several parts; leave what explains the maps.")
    for factor in (factor for term in parsed for factor in term.factors):
        if factor.eval_method not in (Factor.EvalMethod.LOOKUP, Factor.EvalMethod.LITERAL):
            raise InputError(
                f"The design '{formula}' holds '{factor.expr}', which is not a variable's name; {ALLOWED}."
            )
    return parsed


def variables_of(formula):
    """Names of the variables in a formula, in order."""
    factors = [factor for term in parse(formula) for factor in term.factors]
    return list(dict.fromkeys(f.expr for f in factors if f.eval_method is Factor.EvalMethod.LOOKUP))


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
