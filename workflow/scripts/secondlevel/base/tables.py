"""Tab-separated tables, as BIDS has them: one header line, `n/a` where a value is missing."""

import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing


def read_table(path):
    """Read a TSV file, every cell as text, missing cells as NaN.

    Parameters
    ----------
    path : str
        A UTF-8 table. Missing are empty cells, ``n/a`` and the other spellings that pandas knows.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        If the file is not there, is not a table or has no rows.
    """
    try:
        table = pd.read_csv(path, sep="\t", dtype=str, encoding="utf-8-sig", skipinitialspace=True)
    except FileNotFoundError:
        raise InputError(f"The table {path} does not exist.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"The file {path} cannot be read as a tab-separated table: {error}") from None
    if table.empty:
        raise InputError(f"The table {path} has no rows.")
    return table


def write_table(path, table):
    """Write a data frame as TSV, without its index."""
    with replacing(path) as part:
        table.to_csv(part, sep="\t", index=False, na_rep="n/a", lineterminator="\n")


def labelled(table, column, source):
    """One column of a table, as text; an `InputError` if there is none of that name. `source` is the file's name."""
    if column not in table:
        raise InputError(f"{source} has no column '{column}'; it has {', '.join(table.columns)}.")
    return table[column]


def numbers(table, column, source):
    """Read one column of a table of text as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells of text, with a column `participant_id`.
    column : str
    source : str
        The table's file name, for the message.

    Returns
    -------
    pandas.Series of float64
        NaN where the cell is missing.

    Raises
    ------
    InputError
        If the column is not there, or a cell is no number; the subject and the cell are named.
    """
    values = pd.to_numeric(labelled(table, column, source), errors="coerce")
    wrong = values.isna() & table[column].notna()
    if wrong.any():
        row = table[wrong].iloc[0]
        raise InputError(
            f"{source}: column '{column}' is not a number for subject {row['participant_id']} ('{row[column]}'); "
            "correct the cell, or write n/a if the value is missing."
        )
    return values.astype(float)
