"""Values of parcels in tables: one for all subjects with a column for each parcel, or one for each subject."""

from collections import Counter
from fnmatch import fnmatchcase

import numpy as np

from secondlevel.base.cells import labelled
from secondlevel.base.errors import InputError
from secondlevel.base.names import hint, listed, short
from secondlevel.base.tables import identified
from secondlevel.space.sheets import numbers_of, read_sheet, value_column

WILD = "*?["
# Columns that name parcels; the first that is there does.
NAMES = "parcel", "name", "region", "roi", "label", "structname", "node", "index"
IDS = "participant_id", "session_id"


def chosen(columns, patterns, source, noun="column"):
    """The names that patterns choose, in the order in which these stand.

    Parameters
    ----------
    columns : sequence of str
        What there is.
    patterns : str or list of str
        Names, or patterns such as ``*_thickness`` in which ``*`` stands for anything, ``?`` for one sign and ``[ab]``
        for one of some.
    source : str
        The file's name, for messages.
    noun : str
        What the names are of.

    Returns
    -------
    list of str
        Each once.

    Raises
    ------
    InputError
        If a name is not there or stands in the list twice, or a pattern fits none.
    """
    patterns = [patterns] if isinstance(patterns, str) else [str(name) for name in patterns]
    twice = [name for name, times in Counter(patterns).items() if times > 1]
    if twice:
        raise InputError(f"The parcels of {source} name '{short(twice[0])}' twice; keep it once.")
    found = {}
    for pattern in patterns:
        fits = [pattern] if pattern in columns else []
        if not fits and any(sign in pattern for sign in WILD):
            fits = [name for name in columns if fnmatchcase(name, pattern)]
        if not fits:
            raise InputError(
                f"{source} has no {noun} that is '{short(pattern)}'; it has {listed(columns)}{hint(pattern, columns)}"
            )
        found |= dict.fromkeys(fits)
    return list(found)


def read_wide(path, parcels, ids=("participant_id",)):
    """Read a table with a row for each subject and a column for each parcel.

    Parameters
    ----------
    path : str
        As for `sheets.read_sheet`.
    parcels : str or list of str
        Which columns, as for `chosen`; those of the IDs are no parcels.
    ids : sequence of str
        The columns whose cells, joined by "_", tell the rows apart.

    Returns
    -------
    ids : list of str
    names : list of str
        Of the parcels.
    values : ndarray of float32, shape (n_rows, n_parcels)

    Raises
    ------
    InputError
        If the table cannot be read, a column is not there, an ID is missing or there twice, or a cell is no number.
    """
    table = read_sheet(path)
    rows = list(identified(table, list(ids), path))
    lines = {}
    for line, row in enumerate(rows, 2):
        if row in lines:
            raise InputError(
                f"{path} has {short(row)} in lines {lines[row]} and {line}; keep one row for each subject."
            )
        lines[row] = line
    names = chosen([name for name in table.columns if name not in ids], parcels, path)
    return rows, names, numbers_of(path, table[names].to_numpy(object), names, range(2, len(rows) + 2))


def read_subject(path, parcels=None, value=None):
    """Read the table of one subject: a row for each parcel, or one row with a column for each.

    Parameters
    ----------
    path : str
        As for `sheets.read_sheet`. With a column such as ``parcel``, ``name`` or ``index``, its rows are parcels.
    parcels : str or list of str, optional
        Which parcels, as for `chosen`; by default all.
    value : str, optional
        The column of the values; needed only if there are several.

    Returns
    -------
    names : list of str
    values : ndarray of float32, shape (n_parcels,)

    Raises
    ------
    InputError
        If the table cannot be read, is neither of the two, a parcel is there twice, or a cell is no number.
    """
    table = read_sheet(path)
    folded = {name.casefold(): name for name in table.columns}
    naming = [folded[name] for name in NAMES if name in folded]
    if naming:
        return of_rows(path, table, naming, parcels, value)
    if len(table) > 1:
        raise InputError(
            f"{path} has {len(table):,} rows and no column 'parcel', 'name' or 'index'; a table of one subject has a "
            "row for each parcel, or one row with a column for each (a time series has to become one value first)."
        )
    columns = [name for name in table.columns if name not in IDS]
    names = columns if parcels is None else chosen(columns, parcels, path)
    return names, numbers_of(path, table[names].to_numpy(object), names, [2])[0]


def of_rows(path, table, naming, parcels, value):
    """The values of a table with a row for each parcel, as `read_subject` gives them."""
    named = table[naming[0]]
    if named.isna().any():
        line = int(named.isna().argmax()) + 2
        raise InputError(f"{path} has no {naming[0]} in line {line}; give every row one.")
    lines = {}
    for line, name in enumerate(named, 2):
        if name in lines:
            raise InputError(
                f"{path} has the parcel {short(name)} in lines {lines[name]} and {line}; keep one of them."
            )
        lines[name] = line
    others = [name for name in table.columns if name not in (*naming, *IDS)]
    value = value or value_column(path, others, f"'{naming[0]}'")
    names = list(named) if parcels is None else chosen(list(named), parcels, path, "parcel")
    places = [lines[name] - 2 for name in names]
    cells = labelled(table, value, path).to_numpy(object)[places]
    return names, numbers_of(path, cells[:, np.newaxis], [value], [lines[name] for name in names])[:, 0]
