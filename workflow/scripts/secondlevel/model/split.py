"""Covariates that are split into what differs between the subjects and what varies within them.

The slope over subjects and the slope within a subject are different questions, and one column for both mixes their
answers (Neuhaus and Kalbfleisch 1998, Biometrics 54).
"""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.model.grammar import TOKEN

PARTS = ("within", "between")


def names_of(name):
    """What the two parts of a variable are called, such as ``age[within]`` and ``age[between]``."""
    return [f"{name}[{part}]" for part in PARTS]


def expanded(design, split):
    """A formula with both parts in the place of each variable that is split; a list of columns as it is.

    Parameters
    ----------
    design : str or list of dict
        As in the config.
    split : dict of str by variable
        The variable that names the subjects.
    """
    if not isinstance(design, str) or not split:
        return design

    def both(found):
        name = (found["name"] or "").strip("`")
        return f" ({' + '.join(f'`{part}`' for part in names_of(name))})" if name in split else found[0]

    return TOKEN.sub(both, design)


def parts_of(values, groups):
    """The deviations of values from the mean of their group, and that mean.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects,)
    groups : ndarray of str, shape (n_subjects,)

    Returns
    -------
    within, between : ndarray of float, shape (n_subjects,)
    """
    group = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
    between = (np.bincount(group, values) / np.bincount(group))[group]
    return values - between, between


def split_variable(values, groups, by, source):
    """The two columns of a variable by their names.

    Parameters
    ----------
    values : pandas.Series of float, shape (n_subjects,)
    groups : pandas.Series of str, shape (n_subjects,)
    by : str
        The name of `groups`.
    source : str
        The table's file name.

    Returns
    -------
    dict of ndarray of float, shape (n_subjects,)

    Raises
    ------
    InputError
        If nothing varies within the groups, or between them.
    """
    parts = parts_of(values.to_numpy(dtype=float), groups)
    for part, where, column in zip(parts, PARTS, names_of(values.name), strict=True):
        if np.ptp(part) <= 1e-9 * np.ptp(values):
            what = f"the same in all rows of each {by}" if where == "within" else f"on average the same in each {by}"
            raise InputError(
                f"{short(values.name)} is {what} in the kept subjects of {source}, so that {short(column)} would be "
                f"constant; take {short(values.name)} out of the config key 'split'."
            )
    return dict(zip(names_of(values.name), parts, strict=True))
