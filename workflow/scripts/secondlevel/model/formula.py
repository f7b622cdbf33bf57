"""Design matrices from formulas such as ``age * group``, in which nothing but names of variables can stand.

Wilkinson's notation (Wilkinson and Rogers 1973, Appl. Stat. 22), read by the package formulaic. It would also run
Python code, so that only what `grammar` lets through reaches it; and it writes names into names, so that it gets codes
in their place. It says which products a formula has, and which levels each factor marks there; the columns are made
here, each of what its name says.
"""

import itertools
import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.parser import DefaultFormulaParser
from formulaic.parser.types import ASTNode

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.model.grammar import ALLOWED, TOKEN, formula_complaint, variables_of

MOST_TERMS, MOST_COLUMNS = 2_000, 5_000


@dataclass(frozen=True)
class Column:
    """A column of a design: the product of its parts.

    Attributes
    ----------
    parts : tuple of (str, str or None)
        A variable and the level of it that is marked by 1; None for a variable of numbers. The intercept has no part.
    """

    parts: tuple

    @property
    def name(self):
        """What it is called, such as ``intercept``, ``age``, ``group[patient]`` and ``age:group[patient]``."""
        return ":".join(name if level is None else f"{name}[{level}]" for name, level in self.parts) or "intercept"

    @property
    def variables(self):
        """The names of its variables, which the columns of a term share."""
        return tuple(name for name, _ in self.parts)

    @property
    def is_of_numbers(self):
        """Whether no factor has a part in it."""
        return all(level is None for _, level in self.parts)

    def values(self, data):
        """Its values as an array of float, from the variables by name."""
        parts = [data[name] if level is None else data[name] == level for name, level in self.parts]
        return math.prod((part.to_numpy(dtype=np.float64) for part in parts), start=np.ones(len(data)))


def parse(formula, code=None):
    """Read a formula.

    Parameters
    ----------
    formula : str
    code : callable, optional
        Gives the code that takes the place of a name; by default the number of the variable, such as ``v0``.

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
    names = variables_of(formula)
    code = code or (lambda name: f"v{names.index(name)}")
    coded = TOKEN.sub(lambda found: f" {code(found['name'].strip('`'))} " if found["name"] else found[0], formula)
    try:
        n_terms = most_terms(DefaultFormulaParser().get_ast(coded))
        if n_terms <= MOST_TERMS:
            return Formula(coded)
    except Exception:  # of many kinds, whose words are about the codes
        raise InputError(
            f"config key 'design': '{short(formula)}' cannot be read, for an operator or a bracket lacks its other "
            f"side; {ALLOWED}"
        ) from None
    raise InputError(
        f"config key 'design': '{short(formula)}' makes more than {MOST_TERMS:,} terms, as * does of many variables; "
        "name the products that are needed, with :."
    )


def most_terms(formula):
    """How many terms a formula, as formulaic parses it, has at most: to write them out takes long if they are many."""
    nodes, sizes = [formula], {}
    for node in nodes:
        nodes += [part for part in node.args if isinstance(part, ASTNode)]
    for node in reversed(nodes):  # what is within brackets comes first
        parts, sign = [sizes.get(id(part), 1) for part in node.args], node.operator.symbol
        products = {":": math.prod(parts), "*": math.prod(size + 1 for size in parts) - 1}
        sizes[id(node)] = products.get(sign, sum(parts))
    return sizes[id(formula)]


def formula_columns(formula, data):
    """The columns that a formula makes of variables.

    Parameters
    ----------
    formula : str
    data : pandas.DataFrame
        Numbers for covariates, ordered categories for factors, of which the first is the reference.

    Returns
    -------
    list of Column

    Raises
    ------
    InputError
        If it cannot be read, multiplies numbers with themselves, or makes no column or two of one name.
    """
    refuse_squares(formula, data)
    names, terms = variables_of(formula), parse(formula)
    is_factor = {name: isinstance(data[name].dtype, pd.CategoricalDtype) for name in names}
    levels = {name: list(data[name].cat.categories) for name in names if is_factor[name]}
    require_few_columns(formula, terms, names, levels)
    spec = terms.get_model_matrix(coded(data, names, levels), context={}, output="pandas").model_spec
    columns = [
        Column(parts[::-1])
        for term in spec.structure
        for scoped in term.scoped_terms
        # The level of the first variable changes fastest.
        for parts in itertools.product(*(parts_of(part, spec, names, levels) for part in reversed(scoped.factors)))
    ]
    if not columns:
        raise InputError(
            f"config key 'design': '{short(formula)}' makes no column; name a variable, or write 1 for the mean."
        )
    doubled = sorted(name for name, times in Counter(column.name for column in columns).items() if times > 1)
    if doubled:
        raise InputError(
            f"config key 'design': '{short(formula)}' makes more than one column named {listed(doubled)}; "
            "give a variable or a level another name in the table."
        )
    return columns


def coded(data, names, levels):
    """The variables under the names that `parse` gives them, and the levels of factors by their numbers."""
    columns = {}
    for number, name in enumerate(names):
        column = data[name].reset_index(drop=True)
        if name in levels:
            column = column.cat.rename_categories([f"L{level}" for level in range(len(levels[name]))])
        columns[f"v{number}"] = column
    return pd.DataFrame(columns, index=range(len(data)))


def require_few_columns(formula, terms, names, levels):
    """An `InputError` if terms make more columns than a matrix of them can have; `levels` are those of the factors."""
    n_columns = sum(
        math.prod(len(levels.get(names[int(factor.expr[1:])], "1")) for factor in term.factors if factor.expr != "1")
        for term in terms
    )
    if n_columns > MOST_COLUMNS:
        raise InputError(
            f"config key 'design': '{short(formula)}' makes up to {n_columns:,} columns, and at most {MOST_COLUMNS:,} "
            "can be worked with; take out the products of factors that have many levels."
        )


def parts_of(scoped, spec, names, levels):
    """The parts of columns that a factor of a term, as formulaic scoped it, stands for: a variable with each level."""
    code = scoped.factor.expr
    name = names[int(code[1:])]
    if name not in levels:
        return [(name, None)]
    state = spec.encoder_state[code][1]["contrasts"]
    left = state.contrasts.get_drop_field(state.levels, reduced_rank=False) if scoped.reduced else None
    return [(name, levels[name][int(level[1:])]) for level in state.levels if level != left]


def refuse_squares(formula, data):
    """An `InputError` if numbers are multiplied with themselves: the product, in this notation, is the variable."""
    met, counted = [], itertools.count()

    def code(name):
        met.append(name)
        return f"v{next(counted)}"  # another one wherever it stands, so that a product keeps all of its variables

    for term in parse(formula, code):
        names = [met[int(factor.expr[1:])] for factor in term.factors if factor.expr.startswith("v")]
        for name in names:
            if names.count(name) > 1 and not isinstance(data[name].dtype, pd.CategoricalDtype):
                raise InputError(
                    f"config key 'design': '{short(formula)}' multiplies {name} with itself, which in a formula is "
                    f"{name} and not its square; put the square into the table as a column of its own, and add that."
                )


def formula_matrix(formula, data):
    """The columns of `formula_columns` with their values, as a pandas.DataFrame of float."""
    columns = formula_columns(formula, data)
    return pd.DataFrame({column.name: column.values(data) for column in columns}, index=data.index)
