"""Who is in the sample, and why others are not."""

import os
from collections import Counter

import pandas as pd

from secondlevel.errors import InputError
from secondlevel.quality import describe
from secondlevel.tables import read_table


def read_sample(path):
    """Read a sample table: `participant_id`, `map` and variables, all as text.

    Parameters
    ----------
    path : str
        The table; the paths in its column `map` are taken from its own folder.

    Returns
    -------
    pandas.DataFrame
        With `map` as seen from the working directory, and None where there is no map.

    Raises
    ------
    InputError
        If a column is not there, or a subject has no ID or more than one row.
    """
    table = read_table(path)
    for column in ("participant_id", "map"):
        if column not in table:
            raise InputError(f"{path} has no column '{column}'; it has {', '.join(table.columns)}.")
    if table["participant_id"].isna().any():
        row = int(table["participant_id"].isna().argmax()) + 2
        raise InputError(f"{path} has no participant_id in line {row}; give every subject an ID.")
    doubled = table["participant_id"][table["participant_id"].duplicated()]
    if len(doubled):
        raise InputError(f"{path} has more than one row for subject {doubled.iloc[0]}; keep one of them.")
    folder = os.path.dirname(path)
    paths = [None if pd.isna(name) else os.path.normpath(os.path.join(folder, name)) for name in table["map"]]
    return table.assign(map=pd.Series(paths, dtype=object))


def exclusions(table, variables, qualities, exclude=()):
    """Say which subjects are left out, and why.

    Parameters
    ----------
    table : pandas.DataFrame
        As `read_sample` gives it.
    variables : pandas.DataFrame of float
        The variables that the design uses, a row per subject.
    qualities : list of quality.MapQuality
        One per subject.
    exclude : list of str
        IDs that the user leaves out.

    Returns
    -------
    pandas.DataFrame
        Columns `participant_id` and `reason`, a row for each subject left out; several reasons are joined by "; ".

    Raises
    ------
    InputError
        If nobody has an ID to be left out.
    """
    for subject in exclude:
        if subject not in set(table["participant_id"]):
            raise InputError(f"config key 'exclude' names {subject}, but there is no such subject; correct it.")
    rows = []
    for row, subject in enumerate(table["participant_id"]):
        missing = [name for name in variables if pd.isna(variables[name].iloc[row])]
        reasons = ["left out by the config"] if subject in exclude else []
        reasons += [f"missing value of {', '.join(missing)}"] if missing else []
        reasons += [qualities[row].problem] if qualities[row].problem else []
        if reasons:
            rows.append((subject, "; ".join(reasons)))
    return pd.DataFrame(rows, columns=["participant_id", "reason"])


def require_one_grid(subjects, grids):
    """An `InputError` that names the subjects whose maps are not on the grid that most maps are on."""
    most, n = Counter(grids).most_common(1)[0]
    others = [(subject, grid) for subject, grid in zip(subjects, grids, strict=True) if grid != most]
    if others:
        named = ", ".join(subject for subject, _ in others[:5]) + (" and others" if len(others) > 5 else "")
        raise InputError(
            f"{len(others)} of {len(grids)} maps are not on the grid of the rest, those of {named}: the map of "
            f"{others[0][0]} has {describe(others[0][1])}, the rest {describe(most)}. Set the key 'resample_to' to "
            "an image on the grid that all should have, or list these subjects below 'exclude'."
        )
