"""Tables whose cells are values of maps: separated by tabs or commas, read strictly."""

import contextlib
import csv
import os
import re

import numpy as np
import pandas as pd

from secondlevel.base.cells import MISSING, MOST_BYTES
from secondlevel.base.errors import InputError
from secondlevel.base.ledger import noting
from secondlevel.base.names import listed, short
from secondlevel.base.tables import DECIMAL_COMMA, INFINITE, NO_NUMBER, NUMBER, read_table
from secondlevel.base.tsv import NoTable, decoded, lines_of, parse
from secondlevel.space.files import require_file

ODD = re.compile(r"[^0-9eE+.\s-]")  # what no number has


@contextlib.contextmanager
def telling(path):
    """Turn what is wrong with a table in this block into an `InputError` that names its file."""
    try:
        yield
    except NoTable as why:
        raise InputError(f"The file {path} cannot be read as a table: {why}.") from None
    except OSError as error:
        raise InputError(f"The table {path} cannot be read ({error.strerror}).") from None


def bytes_of(path):
    """The bytes of a table."""
    if not os.path.lexists(path):
        raise InputError(f"The table {path} does not exist.")
    require_file(str(path))
    with noting(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NoTable(f"it has more than {MOST_BYTES:,} bytes; keep the rows and columns that are needed")
    return data


def read_sheet(path):
    """Read a table with a header, every cell as text, missing cells as NaN.

    Parameters
    ----------
    path : str
        In UTF-8; separated by commas or semicolons if its name ends in ``.csv``, else by tabs.

    Returns
    -------
    pandas.DataFrame
        Row i is line i + 2 of the file.

    Raises
    ------
    InputError
        If it is not there, is no such table, has no rows, or has two columns of one name.
    """
    if not str(path).lower().endswith(".csv"):
        return read_table(path)
    with telling(path):
        rows = [as_tabs(row, line) for line, row in enumerate(rows_of(bytes_of(path)), 1)]
        names, rows = parse("\n".join(rows).encode())
    if not rows:
        raise InputError(f"The table {path} has no rows.")
    return pd.DataFrame([[None if cell in MISSING else cell for cell in row] for row in rows], columns=names, dtype=str)


def as_tabs(row, line):
    """The cells of a row as a line that is separated by tabs."""
    if any("\t" in cell for cell in row):
        raise NoTable(f"line {line} has a tab within a cell; take it out, or name the file .tsv if tabs separate it")
    return "\t".join('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in row)


def rows_of(data, blanks=False):
    """The rows of a table, each a list of cells.

    Parameters
    ----------
    data : bytes
    blanks : bool
        Whether blanks can separate cells.

    Returns
    -------
    list of list of str
        What separates them is what the first line has most of: tabs, commas or semicolons.

    Raises
    ------
    NoTable
        If the bytes are no text, or a cell is not closed within its line.
    """
    lines = lines_of(decoded(data))
    if not lines:
        raise NoTable("it is empty")
    separator = max("\t,;", key=lines[0].count)
    if blanks and separator not in lines[0]:
        return [line.split() for line in lines]
    reader, rows = csv.reader(lines, delimiter=separator, strict=True), []
    try:
        for line, row in enumerate(reader, 1):
            if reader.line_num != line:
                raise NoTable(f"line {line} has a quotation mark that is not closed within its cell; close it")
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise NoTable(f"line {len(rows) + 1} cannot be read ({error})") from None
    return rows


def numbers_of(path, rows, columns, lines):
    """Cells as numbers.

    Parameters
    ----------
    path : str
        For messages.
    rows : sequence of sequences of cells
        Text, or whatever else for a missing cell.
    columns : sequence of str
        The name of each.
    lines : sequence of int
        That of each row in the file.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_columns)
        NaN where a cell is missing, or holds a spelling of that, such as ``NA``.

    Raises
    ------
    InputError
        If a cell is no finite number; its line and column are named.
    """
    flat = [cell if isinstance(cell, str) and not is_missing(cell) else "nan" for row in rows for cell in row]
    n = len(columns)
    try:
        if ODD.search(" ".join(cell for cell in flat if cell != "nan")):
            raise ValueError
        values = np.array(flat, dtype=str).astype(float)
    except ValueError:
        values = np.array([float(cell) if cell == "nan" or NUMBER.fullmatch(cell) else np.inf for cell in flat])
    large = np.flatnonzero(np.abs(values) > np.finfo(np.float32).max)
    if large.size:
        row, column = divmod(int(large[0]), n)
        raise InputError(f"{path} has {cell_at(rows, columns, lines, row, column)}.")
    return values.reshape(len(rows), n).astype(np.float32)


def value_column(path, others, beside):
    """Which of the columns beside those of names holds the values: ``value``, or the only one."""
    if "value" in others:
        return "value"
    if len(others) != 1:
        held = f"the columns {listed(others)}" if others else "no other column"
        raise InputError(f"{path} has {held} beside {beside}; say which one holds the values.")
    return others[0]


def is_missing(cell):
    """Whether a cell stands for no value."""
    return cell in MISSING or cell.casefold() in NO_NUMBER


def cell_at(rows, columns, lines, row, column):
    """A clause on a cell that is no finite number, and what to do."""
    cell = rows[row][column]
    found = f"'{short(cell)}' in line {lines[row]}, column '{short(columns[column])}'"
    if INFINITE.fullmatch(cell) or NUMBER.fullmatch(cell):
        return f"{found}, which is infinite or too large; correct the cell, or write n/a if the value is missing"
    if DECIMAL_COMMA.fullmatch(cell):
        return f"{found}, which is not a number; write {cell.replace(',', '.')} if its comma is a decimal point"
    return f"{found}, which is not a number; correct the cell, or write n/a if the value is missing"


def aligned(path, names, values, expected, first, noun="parcel"):
    """Values by name in the order of those of the first file.

    Parameters
    ----------
    path, first : str
        The file, and the first one, for messages.
    names, expected : sequence of str
        Of this file, and of the first one.
    values : ndarray, shape (n,)
    noun : str

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    InputError
        If the names are not the same ones.
    """
    place = {name: number for number, name in enumerate(names)}
    known = set(expected)
    lacking, more = [name for name in expected if name not in place], [name for name in names if name not in known]
    if lacking or more:
        told = [f"{word} {listed(each, 3)}" for word, each in (("lacks", lacking), ("has", more)) if each]
        raise InputError(
            f"{path} does not have the {noun}s of {first}: it {' and '.join(told)}; all files need the same {noun}s."
        )
    return values[[place[name] for name in expected]]
