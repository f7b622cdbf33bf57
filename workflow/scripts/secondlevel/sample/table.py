"""The sample table: a row for each subject, with an ID, a map and variables."""

import os

import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.tables import identified, labelled, read_table


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
        If a column is not there, or a subject has no ID, too long a one, or more than one row.
    """
    table = read_table(path)
    labelled(table, "map", path)
    ids = identified(table, ["participant_id"], path)
    doubled = ids[ids.duplicated()]
    if len(doubled):
        raise InputError(f"{path} has more than one row for subject {doubled.iloc[0]}; keep one of them.")
    folder = os.path.dirname(path)
    paths = [None if pd.isna(name) else os.path.normpath(os.path.join(folder, name)) for name in table["map"]]
    return table.assign(map=pd.Series(paths, dtype=object))
