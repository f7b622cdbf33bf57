"""The sample table: a row for each subject, with an ID, a map and variables."""

import os

import pandas as pd

from secondlevel.base.cells import labelled
from secondlevel.base.errors import InputError
from secondlevel.base.tables import identified, read_table
from secondlevel.space.sources import moved


def read_sample(path, kind, beside=None):
    """Read a sample table: `participant_id`, `map` and variables, all as text.

    Parameters
    ----------
    path : str
        The table; the paths in its column `map` are taken from its own folder.
    kind : space.protocol.Kind
        Of the maps.

    Returns
    -------
    pandas.DataFrame
        With `map`, and the columns of files that belong to it, as seen from the working directory, and None where
        there is none.

    Raises
    ------
    InputError
        If a column is not there, or a subject has no ID, too long a one, or more than one row.
    """
    table = read_table(path)
    labelled(table, "map", path)
    ids = identified(table, ["participant_id"], path)
    doubled = ids[ids.duplicated()]
    if len(doubled):
        raise InputError(f"{path} has more than one row for subject {doubled.iloc[0]}; keep one of them.")
    folder = os.path.dirname(path)

    def seen(column, about):
        sources = [None if pd.isna(source) else moved(source, about, from_here) for source in table[column]]
        return pd.Series(sources, dtype=object)

    def from_here(name):
        return os.path.normpath(os.path.join(folder, name))

    abouts = {"map": kind.about} | {column: beside[column].about for column in beside or {}}
    return table.assign(**{column: seen(column, about) for column, about in abouts.items()})
