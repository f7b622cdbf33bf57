"""The cells of tab-separated tables that users give, as text; without pandas, whose import takes long."""

from secondlevel.base.errors import InputError
from secondlevel.base.ledger import noting
from secondlevel.base.names import hint, listed, short
from secondlevel.base.tsv import NO_TEXT, NoTable, parse

MISSING = ("", "n/a")
LOOKED_AT = 4096  # bytes that tell a large binary file
MOST_BYTES = 5 * 10**7  # of a table; in memory it takes many times as much


def read_cells(path):
    """Read a TSV file, every cell as text, missing cells as None.

    Parameters
    ----------
    path : str
        A UTF-8 table, as `tsv.parse` reads it. Missing are empty cells and ``n/a``.

    Returns
    -------
    dict of list of str or None, by column
        Cell i is in line i + 2 of the file.

    Raises
    ------
    InputError
        If the file is not there, is not a table or has no rows.
    """
    try:
        with noting(path) as file:
            start = file.read(LOOKED_AT)
            data = start if NO_TEXT.search(start) else start + file.read(MOST_BYTES)
            if len(data) > MOST_BYTES:
                raise NoTable(f"it has more than {MOST_BYTES:,} bytes; keep the rows and columns that are needed")
            names, rows = parse(data)
    except FileNotFoundError:
        raise InputError(f"The table {path} does not exist.") from None
    except OSError as error:
        raise InputError(f"The table {path} cannot be read ({error.strerror}).") from None
    except NoTable as why:
        raise InputError(f"The file {path} cannot be read as a tab-separated table: {why}.") from None
    if not rows:
        raise InputError(f"The table {path} has no rows.")
    columns = zip(*([None if cell in MISSING else cell for cell in row] for row in rows), strict=True)
    return dict(zip(names, map(list, columns), strict=True))


def labelled(table, column, source):
    """One column of a table, as text; an `InputError` if there is none of that name. `source` is the file's name."""
    if column not in table:
        raise InputError(f"{source} has no column '{short(column)}'; it has {listed(table)}{hint(column, table)}")
    return table[column]
