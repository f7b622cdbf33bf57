"""What the columns of a design that was written stand for: the levels of factors, and numbers, as the table has them.

Formulas name their columns by what they are (`formula.Column`), so the names are read back. Variables of 0 and 1 mark
groups, too, whatever the config calls them.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.model.grammar import variables_of
from secondlevel.model.split import names_of, parts_of


@dataclass(frozen=True)
class Term:
    """A column: the product of marks of levels and of numbers. The intercept has neither.

    Attributes
    ----------
    levels : dict of str by factor
    numbers : tuple of str
    """

    levels: dict
    numbers: tuple = ()


@dataclass(frozen=True)
class Variables:
    """The variables of a design, as the table of the kept subjects has them, and what its columns make of them.

    Attributes
    ----------
    levels : dict of list of str by factor
        The reference level first.
    cells : dict of ndarray of str, shape (n_subjects,), by factor
    numbers : dict of ndarray of float, shape (n_subjects,), by covariate
    centers : dict of float by covariate
        The mean that the design subtracts, 0 for none.
    terms : dict of Term or None by column
        None for a column that is no product of variables. Those that were left out are among them.
    """

    levels: dict
    cells: dict
    numbers: dict
    centers: dict
    terms: dict

    def shown(self, most_levels=12):
        """The values by variable, in order; without factors of many levels, such as persons."""
        factors = {name: self.cells[name] for name, levels in self.levels.items() if len(levels) <= most_levels}
        return factors | self.numbers

    def center(self, column):
        """The mean that was subtracted from a column that is a number; of others 0."""
        term = self.terms[column]
        alone = term is not None and not term.levels and len(term.numbers) == 1
        return self.centers[term.numbers[0]] if alone else 0.0


def variables_of_design(about, sample):
    """Read what the columns of a design are.

    Parameters
    ----------
    about : dict
        What rule design_matrix has written of it.
    sample : dict of ndarray of str by column
        The table of the kept subjects.

    Returns
    -------
    Variables
    """
    design = about["design"]
    marking = list_marks(design, sample) if not isinstance(design, str) else formula_marks(about, sample)
    levels, cells, marks, numbers = marking
    names = [*about["columns"], *about.get("dropped", {})]
    if isinstance(design, str):
        parts = {**marks, **{name: (name, None) for name in numbers}}
        terms = {name: read_term(name, parts) for name in names}
    else:
        terms = {column["column"]: list_term(column, marks) for column in design}
    of = {name: name for name in numbers} if isinstance(design, str) else dict(variable_of(design))
    of |= {names_of(name)[1]: name for name in about.get("split", {})}  # deviations within have no mean
    centers = {name: about["centered"].get(of[name], 0.0) for name in numbers}
    return Variables(levels, cells, numbers, centers, terms)


def variable_of(design):
    """The columns of a list that are of a variable, with its name."""
    return [(column["column"], column["variable"]) for column in design if "variable" in column]


def is_mark(values):
    """Whether numbers are 0 and 1, both of them."""
    return set(np.unique(values)) == {0, 1}


def formula_marks(about, sample):
    """Of a formula the levels, the cells, the part (factor, level) that each mark is, and the numbers."""
    levels = {name: list(found) for name, found in about["factors"].items()}
    cells = {name: np.asarray(sample[name]) for name in levels}
    marks = {f"{name}[{level}]": (name, level) for name in levels for level in levels[name]}
    split = about.get("split", {})
    names = [name for name in variables_of(about["design"]) if name not in levels and name not in split]
    numbers = {name: sample[name].astype(float) for name in names}
    for name in [name for name in numbers if is_mark(numbers[name]) and name not in about["centered"]]:
        levels[name] = [f"{name} = 0", f"{name} = 1"]
        cells[name] = np.array(levels[name])[numbers.pop(name).astype(int)]
        marks[name] = (name, levels[name][1])
    for name, by in split.items():
        numbers |= zip(names_of(name), parts_of(sample[name].astype(float), sample[by]), strict=True)
    return levels, cells, marks, numbers


def list_marks(design, sample):
    """The same of a list of columns: those of which every subject has one are the levels of one factor."""
    values = {name: sample[variable].astype(float) for name, variable in variable_of(design)}
    ones = [name for name in values if is_mark(values[name])]
    levels, cells, marks = {}, {}, {}
    if len(ones) > 1 and (np.sum([values[name] for name in ones], axis=0) == 1).all():
        levels["group"] = ones
        cells["group"] = np.array(ones)[np.argmax([values[name] for name in ones], axis=0)]
        marks = {name: ("group", name) for name in ones}
    else:
        for name in ones:
            levels[name] = [f"{name} = 0", f"{name} = 1"]
            cells[name] = np.array(levels[name])[values[name].astype(int)]
            marks[name] = (name, levels[name][1])
    numbers = {name: values[name] for name in values if name not in marks}
    return levels, cells, marks, numbers


def list_term(column, marks):
    """What a column of a list is."""
    name = column["column"]
    if "variable" not in column:
        return Term({}) if float(column["constant"]) == 1 else None
    return Term(dict([marks[name]])) if name in marks else Term({}, (name,))


def read_term(name, parts):
    """What a column of a formula is, from its name and what each part of names is; None if it reads in no way."""
    if name == "intercept":
        return Term({})
    if name in parts:  # also where it looks like a product of others
        variable, level = parts[name]
        return Term({}, (variable,)) if level is None else Term({variable: level})
    for part, (variable, level) in parts.items():
        if name.startswith(f"{part}:"):
            rest = read_term(name[len(part) + 1 :], parts)
            if rest is not None and level is None:
                return Term(rest.levels, (variable, *rest.numbers))
            if rest is not None and variable not in rest.levels:
                return Term({variable: level, **rest.levels}, rest.numbers)
    return None
