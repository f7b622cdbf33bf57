"""What a design that was written for other software adds to the sample table: its columns, and who is in it."""

from collections import Counter

import numpy as np
import pandas as pd

from secondlevel.base.cells import labelled
from secondlevel.base.errors import InputError
from secondlevel.base.names import hint, listed, short
from secondlevel.base.tables import identified, read_table
from secondlevel.base.tsv import NoTable, decoded, lines_of
from secondlevel.base.vest import NoMatrix, read_matrix


def with_design(table, given, source):
    """Join a sample table with the design of an analysis that was written for other software.

    Parameters
    ----------
    table : pandas.DataFrame
        As text, with `participant_id`.
    given : dict
        As `facts.elsewhere` gives it; empty where the design is the workflow's own. Of FSL: ``mat``, the file of the
        design matrix; ``rows``, that of the IDs of its rows, and ``id``, the columns that tell the rows apart if it is
        a table; ``grp``, that of the blocks, if there are any. Of a Stats Model: ``model``, its file; ``columns``, by
        name the column of the table that is meant, and the level of it that is marked by 1, if one is; and perhaps
        ``subjects``, who is in, with ``person``, the column that says who somebody is.
    source : str
        The table's file name.

    Returns
    -------
    table : pandas.DataFrame
        With the columns that the design names, missing for those who are not in it.
    unlisted : dict of str by str
        Why a design has no place for somebody, by ID.

    Raises
    ------
    InputError
        If files do not fit each other or the table, or the table has a column of a name that is to be added.
    """
    if "model" in given:
        return of_model(table, given, source)
    return of_fsl(table, given, source) if "mat" in given else (table, {})


def of_model(table, given, source):
    """The same as `with_design`, of a BIDS Stats Model."""
    model, reason = given["model"], f"it is not among the subjects that {given['model']} lists"
    added = {name: marked(table, name, what, model, source) for name, what in given["columns"].items()}
    unlisted = {}
    if "subjects" in given:
        persons = bare(labelled(table, given["person"], source).fillna(""))
        found = zip(table["participant_id"], persons, strict=True)
        unlisted = {name: reason for name, person in found if person not in given["subjects"]}
    return joined(table, pd.DataFrame(added, index=table.index), model, source), unlisted


def marked(table, name, what, model, source):
    """A column of a table under another name, or 1 where it has a level and 0 where it has another."""
    cells = labelled(table, what["column"], source)
    if "level" not in what:
        return cells
    levels = sorted(cells.dropna().unique())
    if what["level"] not in levels:
        raise InputError(
            f"{model} names '{short(name)}', but '{short(what['level'])}' is no level of {short(what['column'])} in "
            f"{source}; its levels are {listed(levels)}{hint(what['level'], levels)}"
        )
    return (cells == what["level"]).map({True: "1", False: "0"}).where(cells.notna())


def of_fsl(table, given, source):
    """The same as `with_design`, of a design of FSL."""
    mat, rows = given["mat"], given["rows"]
    added = of_files(mat, rows, given.get("grp"), given["id"])
    ids = bare(table["participant_id"])
    unknown = [name for name in added.index if name not in set(ids)]
    if unknown:
        raise InputError(
            f"{rows}: there is no {listed(unknown)} in {source}; correct the list, or add them to the table."
        )
    unlisted = {
        name: f"it is not listed in {rows}, and so has no row in {mat}"
        for name, own in zip(table["participant_id"], ids, strict=True)
        if own not in added.index
    }
    return joined(table, added.reindex(ids).set_axis(table.index), mat, source), unlisted


def joined(table, added, which, source):
    """A table with columns that are added to it; an `InputError` if it has one of their names."""
    taken = [name for name in added if name in table]
    if taken:
        raise InputError(
            f"{source} has a column {listed(taken)}, as what is taken from {which} is called here; rename it in the "
            "table."
        )
    return pd.concat([table, added], axis=1)


def bare(ids):
    """IDs without the ``sub-`` that BIDS puts before them."""
    return [name.removeprefix("sub-") for name in ids]


def of_files(mat, rows, grp, id_columns):
    """The columns of a design of FSL, as text, by the bare ID of each row."""
    values = np.array(matrix_of(mat).rows)
    ids = bare(row_ids(rows, id_columns))
    doubled = [name for name, count in Counter(ids).items() if count > 1]
    if doubled:
        raise InputError(f"{rows} lists {listed(doubled)} more than once; each row of {mat} needs an ID of its own.")
    if len(ids) != len(values):
        raise InputError(
            f"{rows} lists {len(ids)} IDs, but {mat} has {len(values)} rows; list the ID of each row, in their order."
        )
    added = {f"EV{number}": list(map(repr, column.tolist())) for number, column in enumerate(values.T, 1)}
    if grp:
        added["grp"] = [f"{row[0]:.0f}" for row in matrix_of(grp).rows]
        added["design_row"] = [f"{number:06}" for number in range(1, len(ids) + 1)]  # as text in their order
    return pd.DataFrame(added, index=ids, dtype=str)


def matrix_of(path):
    """A file as a `base.vest.Matrix`; an `InputError` if it is none."""
    try:
        return read_matrix(path)
    except NoMatrix as why:
        raise InputError(f"{path} cannot be read as a matrix of FSL or PALM: {why}.") from None


def row_ids(path, id_columns):
    """The IDs of a design's rows, in their order, from a table with the columns of IDs, or a text with one a line."""
    try:
        with open(path, "rb") as file:
            lines = [line.strip() for line in lines_of(decoded(file.read()))]
    except OSError as error:
        raise InputError(f"The list of IDs {path} cannot be read ({error.strerror}).") from None
    except NoTable as why:
        raise InputError(f"The list of IDs {path} cannot be read: {why}.") from None
    if lines and set(id_columns) <= {name.strip() for name in lines[0].split("\t")}:
        return list(identified(read_table(path), id_columns, path))
    for number, line in enumerate(lines, 1):
        if not line:
            raise InputError(f"{path} has no ID in line {number}; list one in each line.")
        if "\t" in line:
            raise InputError(
                f"{path} has more than an ID in line {number} ({short(line)}); list one in each line, or give the "
                f"table a header with {listed(id_columns)}."
            )
    return lines
