"""Tab-separated tables, as BIDS has them: one header line, `n/a` where a value is missing."""

import json
import re

import pandas as pd

from secondlevel.base.cells import labelled, read_cells
from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing
from secondlevel.base.names import short

# What else can be meant by no number, in a column of numbers.
NO_NUMBER = {"na", "n/a", "nan", "-nan", "null", "none", "#n/a", "#na", "<na>"}
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.I)
INFINITE = re.compile(r"[+-]?inf(inity)?", re.I)
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
# A word that YAML takes as it stands.
PLAIN_WORD = re.compile(r"(?!(y|n|yes|no|on|off|true|false|null)$)[a-z][\w-]*( [\w-]+)*", re.I)
LARGEST = 1e100  # numbers beyond this have no squares that could be added
MOST_OF_ID = 200  # bytes: names of files can have 255, and hold more than an ID


def read_table(path):
    """Read a TSV file, every cell as text, missing cells as NaN.

    Parameters
    ----------
    path : str
        As `cells.read_cells` reads it. ``NA``, ``None`` and the like are labels (`numbers` takes them as missing).

    Returns
    -------
    pandas.DataFrame
        Row i is line i + 2 of the file.

    Raises
    ------
    InputError
        As `cells.read_cells`.
    """
    return pd.DataFrame(read_cells(path), dtype=str)


def write_table(path, table):
    """Write a data frame as TSV, without its index."""
    with replacing(path) as part:
        table.to_csv(part, sep="\t", index=False, na_rep="n/a", lineterminator="\n")


def identified(table, columns, source):
    """The IDs of a table's rows, joined by "_" from some columns; an `InputError` if one is missing or too long."""
    parts = [labelled(table, name, source) for name in columns]
    for name, part in zip(columns, parts, strict=True):
        if part.isna().any():
            line = int(part.isna().argmax()) + 2
            raise InputError(f"{source} has no {short(name)} in line {line}; give every row one.")
    ids = pd.Series(["_".join(row) for row in zip(*parts, strict=True)], index=table.index)
    for line, name in enumerate(ids, 2):
        if len(name.encode()) > MOST_OF_ID:
            raise InputError(
                f"{source} has an ID of {len(name):,} characters in line {line} ({short(name)}), too long for names of "
                "files; give every row a short one."
            )
    return ids


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
        NaN where the cell is missing, or holds a spelling of that, such as ``NA``.

    Raises
    ------
    InputError
        If the column is not there, or a cell is no finite number; the subject and the cell are named.
    """
    cells = labelled(table, column, source)
    cells = cells.mask(cells.str.casefold().isin(NO_NUMBER))
    values = pd.to_numeric(cells.where(fits(cells, NUMBER)), errors="coerce").astype(float)
    infinite = (values.abs() > LARGEST) | fits(cells, INFINITE)
    wrong = cells.notna() & (infinite | values.isna())
    if wrong.any():
        row, cell = table[wrong].iloc[0], short(cells[wrong].iloc[0])
        about = f"for subject {short(row['participant_id'])} ('{cell}')"
        if infinite[wrong].iloc[0]:
            raise InputError(
                f"{source}: column '{short(column)}' is infinite or too large {about}; correct the cell, or write n/a "
                "if the value is missing."
            )
        raise InputError(
            f"{source}: column '{short(column)}' is not a number {about}; correct the cell, or "
            f"{advice(column, cells, cells[wrong])}."
        )
    return values


def fits(cells, pattern):
    """Whether each cell is of a pattern, a Series of bool; a missing one is not."""
    return pd.Series([isinstance(cell, str) and bool(pattern.fullmatch(cell)) for cell in cells], index=cells.index)


def advice(column, cells, wrong):
    """What else than correcting a cell can be done with a column of which some cells are no numbers."""
    if fits(wrong, DECIMAL_COMMA).all():
        return f"write {wrong.iloc[0].replace(',', '.')} if its comma is a decimal point"
    if 2 * len(wrong) <= cells.notna().sum():
        return "write n/a if the value is missing"
    words = short(column), short(wrong.iloc[0])
    name, level = (word if PLAIN_WORD.fullmatch(word) else json.dumps(word, ensure_ascii=False) for word in words)
    return f"if {short(column)} holds labels, name it in the config as a factor, 'factors: {{{name}: {level}}}'"
