"""Matrices as FSL and PALM write them: VEST files, such as design.mat, or numbers separated by commas or blanks.

Plain Python, which imports no other file: the settings are made of such files, too.
"""

import re
from dataclasses import dataclass

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.I)
SIZE = re.compile(r"/(NumWaves|NumPoints|NumContrasts)\s+([0-9]+)\s*")
NAME = re.compile(r"/ContrastName([0-9]+)(?:\s+(.*))?")
MOST_CHARACTERS = 60  # of what a file holds, in a message


class NoMatrix(Exception):
    """Why a file is no matrix, in a clause."""


@dataclass(frozen=True)
class Matrix:
    """A matrix, and what its file says of it.

    Attributes
    ----------
    rows : list of list of float
        All of one length, at least 1.
    lines : list of int
        The line of the file in which each row stands.
    names : dict of str by int
        What ``/ContrastName1`` and so on say, by number from 1.
    """

    rows: list
    lines: list
    names: dict

    @property
    def n_columns(self):
        """How many columns there are."""
        return len(self.rows[0])


def read_matrix(path):
    """Read a matrix.

    Parameters
    ----------
    path : str
        A VEST file: lines that begin with a slash, of which ``/NumWaves`` says how many columns there are and
        ``/NumPoints`` or ``/NumContrasts`` how many rows, then ``/Matrix`` and a line for each row. Or, without
        ``/Matrix``, a line of numbers for each row, as PALM reads them.

    Returns
    -------
    Matrix

    Raises
    ------
    NoMatrix
        If it is none, or what it says of its size is not so.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            lines = [line.strip() for line in file]
    except OSError as error:
        raise NoMatrix(f"it cannot be opened ({error.strerror})") from None
    except UnicodeDecodeError:
        raise NoMatrix("it is no text, as files of MATLAB are none") from None
    start = lines.index("/Matrix") + 1 if "/Matrix" in lines else 0
    sizes = {found[1]: int(found[2]) for found in map(SIZE.fullmatch, lines[:start]) if found}
    names = {int(found[1]): found[2] or "" for found in map(NAME.fullmatch, lines[:start]) if found}
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line and number > start]
    matrix = Matrix([row_of(line, number) for number, line in numbered], [number for number, _ in numbered], names)
    if not matrix.rows:
        raise NoMatrix("it holds no row of numbers")
    require_sizes(matrix, sizes, start > 0)
    return matrix


def row_of(line, number):
    """The numbers of a line."""
    cells = [cell.strip() for cell in line.split(",")] if "," in line else line.split()
    for cell in cells:
        if not NUMBER.fullmatch(cell):
            raise NoMatrix(f"line {number} holds '{cell[:MOST_CHARACTERS]}', which is no number")
    return [float(cell) for cell in cells]


def require_sizes(matrix, sizes, is_vest):
    """Refuse rows of unlike length, and sizes that are not those that the file names."""
    wanted, whose = matrix.n_columns, f"line {matrix.lines[0]}"
    n_rows = sizes.get("NumPoints", sizes.get("NumContrasts"))
    if is_vest:
        if "NumWaves" not in sizes or n_rows is None:
            raise NoMatrix("it lacks /NumWaves, or /NumPoints or /NumContrasts, before /Matrix")
        wanted, whose = sizes["NumWaves"], "/NumWaves"
    for row, number in zip(matrix.rows, matrix.lines, strict=True):
        if len(row) != wanted:
            raise NoMatrix(f"line {number} has {len(row)} numbers and {whose} says {wanted}")
    if is_vest and len(matrix.rows) != n_rows:
        word = "/NumPoints" if "NumPoints" in sizes else "/NumContrasts"
        raise NoMatrix(f"it has {len(matrix.rows)} rows and {word} says {n_rows}")
