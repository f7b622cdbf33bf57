"""The design matrix."""

import unicodedata

import numpy as np
import pandas as pd

from secondlevel.base.cells import labelled
from secondlevel.base.errors import InputError
from secondlevel.base.names import hint, listed, short
from secondlevel.base.tables import numbers
from secondlevel.model.formula import formula_matrix
from secondlevel.model.grammar import variables_of
from secondlevel.model.split import split_variable

# Columns of the tables in which a design and its contrasts are written.
TAKEN = ("participant_id", "contrast")


def design_variables(sample, design, factors, center, source, scale=(), split=None):
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
    scale : list of str
        Variables that are divided by their standard deviation (of n - 1), once the mean is subtracted from those below
        `center`.
    split : dict of str by variable, optional
        Variables that become two, see `split`, and the variable that names whose rows belong together. They are centred
        and scaled before.

    Returns
    -------
    variables : pandas.DataFrame
        Numbers, and ordered categories, of which the first is the reference.
    about : dict
        Means that were subtracted, standard deviations, levels of the factors, and what was split, by variable.

    Raises
    ------
    InputError
        If a variable is not there or no number, a level is not there, or all compared, scaled or split values are the
        same.
    """
    variables, about, split = {}, {"centered": {}, "scaled": {}, "factors": {}}, split or {}
    for name in variables_of(design):
        if name in factors:
            require_number(name, center, scale, split)
            variables[name] = factor_of(sample, name, factors[name], source)
            about["factors"][name] = list(variables[name].cat.categories)
        else:
            values = standardised(numbers(sample, name, source), name in center, name in scale, about, source)
            variables |= {name: values} if name not in split else halves(sample, values, split[name], about, source)
    return pd.DataFrame(variables, index=sample.index), about


def halves(sample, values, by, about, source):
    """The two columns of a variable that is split, which is noted in `about`."""
    about.setdefault("split", {})[values.name] = by
    return split_variable(values, labelled(sample, by, source), by, source)


def require_number(name, center, scale, split):
    """An `InputError` if something is asked for of a factor that only numbers have."""
    for key, asked, what in (("center", center, "mean"), ("scale", scale, "spread"), ("split", split, "mean")):
        if name in asked:
            raise InputError(f"config key '{key}' names the factor '{name}'; only numbers have a {what}.")


def factor_of(sample, name, reference, source):
    """A column of the table as a factor, whose levels can be told apart."""
    cells = labelled(sample, name, source)
    require_unlike(cells, sample["participant_id"], source)
    return factor(cells, reference, source)


def standardised(values, center, scale, about, source):
    """A variable less its mean, and divided by its standard deviation, where that is asked for and noted in `about`."""
    if center:
        about["centered"][values.name] = float(values.mean())
        values = values - values.mean()
    if scale:
        about["scaled"][values.name] = spread(values, source)
        values = values / about["scaled"][values.name]
    return values


def spread(values, source):
    """The standard deviation of a variable, of n - 1; an `InputError` if it is 0, but for rounding."""
    deviation = float(values.std())
    if not deviation > 1e-12 * float(values.abs().max()):
        raise InputError(
            f"{short(values.name)} has one value only in the kept subjects of {source}, so that it cannot be scaled; "
            "take it out of the design."
        )
    return deviation


def factor(cells, reference, source):
    """A column of labels as ordered categories, the reference level first."""
    levels = sorted(cells.unique())
    if reference is not None and reference not in levels:
        raise InputError(
            f"config key 'factors.{short(cells.name)}': '{short(reference)}' is no level of {short(cells.name)} in the "
            f"kept subjects of {source}; its levels are {listed(levels)}{hint(reference, levels)}"
        )
    if len(levels) < 2:
        raise InputError(
            f"The factor {short(cells.name)} has only the level '{short(levels[0])}' in the kept subjects of {source}; "
            "take it out of the design."
        )
    levels.sort(key=lambda level: level != reference)
    return cells.astype(pd.CategoricalDtype(levels))


def require_unlike(cells, subjects, source):
    """An `InputError` if two levels look the same: they differ in blanks, or in how a sign is put together."""
    seen = {}
    for level, subject in zip(cells, subjects, strict=True):
        first, of = seen.setdefault(looks_of(level), (level, subject))
        if first != level:
            raise InputError(
                f"{source}: the factor {short(cells.name)} has two levels that look the same, '{short(level)}', but "
                f"are written with other signs or blanks, as for {short(of)} and {short(subject)}; write them alike."
            )


def looks_of(label):
    """A label without what cannot be seen in it: how signs are put together, signs without width, kinds of blanks."""
    signs = unicodedata.normalize("NFC", label)
    return " ".join("".join(sign for sign in signs if unicodedata.category(sign) != "Cf").split())


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
    require_names(design)
    if len(design) <= design.shape[1]:
        raise InputError(too_few(design))
    collinear = collinear_columns(design)
    if collinear:
        raise InputError(rank_deficient(design, collinear))
    return design


def require_names(names):
    """An `InputError` if a column has a name that the tables of a design cannot hold."""
    for name in TAKEN:
        if name in names:
            raise InputError(
                f"A column of the design cannot be named {name}, as a column of the workflow's own tables is; give it "
                "another name."
            )


def too_few(design):
    """What to say of a design that subjects are too few for."""
    return (
        f"The design has {design.shape[1]} columns ({listed(design)}) but only {len(design)} subjects are kept, "
        "which leaves no residual degree of freedom; take columns out or add subjects."
    )


def rank_deficient(design, collinear):
    """What to say of a design with columns that depend on each other."""
    return (
        f"The design is rank-deficient: {listed(collinear)} are linear combinations of each other in the "
        f"{len(design)} kept subjects (a constant variable is one of the intercept); take one of them out."
    )


def listed_matrix(columns, variables):
    """The matrix of a list of columns."""
    names = [column["column"] for column in columns]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(f"The design has more than one column named {listed(doubled)}; give each its own name.")
    if any(isinstance(dtype, pd.CategoricalDtype) for dtype in variables.dtypes):
        raise InputError("A factor makes several columns: write the design as a formula, such as 'age + group'.")
    values = [variables[c["variable"]] if "variable" in c else np.full(len(variables), c["constant"]) for c in columns]
    return pd.DataFrame(dict(zip(names, values, strict=True)), index=variables.index, dtype=float)


def collinear_columns(design):
    """Names of the columns that take part in a linear dependence, in order; a column of zeros is one of them."""
    part = (np.abs(null_space(design)) > 1e-6).any(axis=0)
    return [name for name, inside in zip(design.columns, part, strict=True) if inside]


def null_space(design):
    """The linear dependences of a design's columns.

    Returns
    -------
    ndarray, shape (n_dependences, n_columns)
        Orthonormal weights, with which the columns, each divided by its length, add up to 0.
    """
    values = design.to_numpy()
    lengths = np.linalg.norm(values, axis=0)
    values = values / np.where(lengths > 0, lengths, 1)
    _, singular, axes = np.linalg.svd(values, full_matrices=True)
    singular = np.concatenate([singular, np.zeros(values.shape[1] - len(singular))])
    return axes[singular <= singular.max(initial=0) * max(values.shape) * np.finfo(float).eps * 10]
