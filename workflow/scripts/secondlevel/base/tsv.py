"""Tab-separated text, read strictly: what could be read in more than one way is refused, with its line."""

import codecs
import re
import string
from collections import Counter

from secondlevel.base.names import listed, short

MOST_COLUMNS, MOST_ROWS = 10_000, 1_000_000
MOST_CHARACTERS = 10_000  # of a cell; tables that are written are read again by the module csv, which has a limit too
SEPARATORS = {",": "commas", ";": "semicolons", "|": "vertical bars", " ": "blanks"}
STARTS = {
    b"\x1f\x8b": "it is compressed; unpack it",
    b"PK\x03\x04": "it is a file of a spreadsheet, or a zip file; save it as text, separated by tabs, in UTF-8",
    b"\xd0\xcf\x11\xe0": "it is a file of a spreadsheet; save it as text, separated by tabs, in UTF-8",
    codecs.BOM_UTF16_LE: "it is text in UTF-16; save it in UTF-8",
    codecs.BOM_UTF16_BE: "it is text in UTF-16; save it in UTF-8",
}
# What a terminal obeys can stand in a name, and is shown written out; other control bytes are those of binary files.
NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
# What cannot be seen at the end of a cell: those of str.isspace, and blanks without width.
BLANKS = string.whitespace + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
BLANKS += "".join(map(chr, range(0x2000, 0x200C)))


class NoTable(Exception):
    """Why some bytes are no table, in a clause."""


def parse(data):
    """Parse the bytes of a table.

    Lines can end as on any system, blanks at the ends of cells do not count, and a cell may be wrapped in double
    quotation marks, of which two within it stand for one. Empty cells that every line has at its end are dropped, and
    so are empty lines at the end.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    names : list of str
        Of the columns; no two are the same.
    rows : list of list of str
        A cell for each name. Row i is line i + 2.

    Raises
    ------
    NoTable
        If the bytes are no such table.
    """
    lines = lines_of(decoded(data))
    if not lines:
        raise NoTable("it is empty")
    require_tabs(lines[0])
    if lines[0].count("\t") >= MOST_COLUMNS:
        n = lines[0].count("\t") + 1
        raise NoTable(f"it has {n:,} columns, and at most {MOST_COLUMNS:,} are read; keep those that are needed")
    names, *rows = (cells_of(line, number) for number, line in enumerate(lines, 1))
    names = fitted(names, rows)
    used = [column for column, name in enumerate(names) if name or holds_any(column, rows)]
    names, rows = [names[column] for column in used], [[row[column] for column in used] for row in rows]
    require_names(names, used)
    return names, rows


def decoded(data):
    """Bytes as text."""
    for start, why in STARTS.items():
        if data.startswith(start):
            raise NoTable(why)
    found = NO_TEXT.search(data)
    if found:
        raise NoTable(
            f"line {line_at(data, found.start())} holds a byte that is no text (0x{found[0][0]:02x}), as binary files "
            "and text in UTF-16 do; save it as text, separated by tabs, in UTF-8"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = data.startswith(codecs.BOM_UTF8) * len(codecs.BOM_UTF8) + error.start
        raise NoTable(
            f"line {line_at(data, at)} holds a byte that is no UTF-8 (0x{data[at]:02x}), as text in Latin-1 does; save "
            "it in UTF-8"
        ) from None


def line_at(data, position):
    """The number of the line of a byte, however lines end."""
    before = data[:position]
    return 1 + max(before.count(b"\n"), before.count(b"\r"))


def lines_of(text):
    """The lines of a text, without those at its end that are empty."""
    text = text.replace("\r\n", "\n")
    n_lines = max(text.count("\n"), text.count("\r"))
    if n_lines > MOST_ROWS:
        raise NoTable(f"it has {n_lines:,} lines, and at most {MOST_ROWS:,} are read; keep those that are needed")
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old Macs ended lines
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise NoTable(f"line {line} has a carriage return within it, which ends lines elsewhere; take it out")
    lines = text.split("\n")
    while lines and not lines[-1].strip(BLANKS):
        lines.pop()
    return lines


def require_tabs(header):
    """Refuse a header that something else than tabs separates."""
    if "\t" in header:
        return
    separator = max(SEPARATORS, key=header.count)
    # A single column may have a name of several words.
    if header.count(separator) and (separator != " " or "participant_id" in header.split()):
        raise NoTable(f"it is separated by {SEPARATORS[separator]}; save it as text that is separated by tabs")


def cells_of(line, number):
    """The cells of a line."""
    if not line.strip(BLANKS):
        raise NoTable(f"line {number} is empty; take it out")
    cells = [cell.strip(BLANKS) for cell in line.split("\t")]
    if '"' in line:
        cells = [unwrapped(cell, number) for cell in cells]
    if len(line) > MOST_CHARACTERS and max(map(len, cells)) > MOST_CHARACTERS:
        longest = max(map(len, cells))
        raise NoTable(f"line {number} has a cell of {longest:,} characters, and at most {MOST_CHARACTERS:,} are read")
    return cells


def unwrapped(cell, number):
    """A cell without the quotation marks around it."""
    wrapped, inner = cell.startswith('"'), cell[1:-1]
    if cell.count('"') % 2 or (wrapped and (cell[-1] != '"' or '"' in inner.replace('""', ""))):
        raise NoTable(
            f"line {number} has a quotation mark that is not closed within its cell ({short(cell)}); close it, or take "
            "it out"
        )
    return inner.replace('""', '"').strip(BLANKS) if wrapped else cell


def fitted(names, rows):
    """The names for all cells of the rows; those of empty cells at the end of each line are empty."""
    n_names, n_cells = len(names), len(rows[0]) if rows else len(names)
    alike = all(len(row) == n_cells for row in rows)
    if alike and not any(names[n_cells:]) and not any(any(row[n_names:]) for row in rows):
        return (names + [""] * n_cells)[:n_cells]
    line, row = next((line, row) for line, row in enumerate(rows, 2) if len(row) != n_names)
    hint = ", with n/a where a value is missing"
    if alike and n_cells == n_names + 1:
        hint = "; if the first are names of rows, as R writes them, leave them out with row.names = FALSE"
    raise NoTable(
        f"line {line} has {len(row):,} cell{'s' if len(row) > 1 else ''} and the header {n_names:,}; all lines need as "
        f"many as the header{hint}"
    )


def holds_any(column, rows):
    """Whether any cell of a column holds something."""
    return any(row[column] for row in rows)


def require_names(names, columns):
    """Refuse columns without a name of their own; `columns` are their positions in the file."""
    if "" in names:
        column = columns[names.index("")] + 1
        raise NoTable(f"column {column} holds values but has no name in line 1; name it, or take it out")
    doubled = [name for name, n in Counter(names).items() if n > 1]
    if doubled:
        name = doubled[0]
        same = listed(column + 1 for column, other in zip(columns, names, strict=True) if other == name)
        raise NoTable(f"columns {same} are all named '{short(name)}'; give each a name of its own")
