"""Tables that the workflow itself wrote, by column, without pandas: its import takes longer than the rest of a job."""

import csv

import numpy as np

from secondlevel.base.files import replacing


def read_columns(path):
    """The columns of a TSV file as a dict of arrays of text, in order; a cell is as it was written."""
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    return {name: np.array(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


def read_design(path):
    """The columns of a design that the workflow wrote, as a dict of arrays of float; their names can hold any signs."""
    return {name: cells.astype(float) for name, cells in read_columns(path).items() if name != "participant_id"}


def matrix_of(design):
    """A design as an array, shape (n_rows, n_columns), from its columns by name."""
    return np.column_stack([design[name] for name in design])


def read_matrix(path):
    """The design that the workflow wrote, as such an array."""
    return matrix_of(read_design(path))


def numbers(cells):
    """Text as numbers, an array of the same shape: NaN where a table has ``n/a``."""
    return np.where(cells == "n/a", "nan", cells).astype(float)


def read_rows(path):
    """The rows of a TSV file as a list of dicts of text; a cell is as it was written."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def write_columns(path, columns):
    """Write a dict of sequences as TSV, and n/a for None and for what is no number."""
    cells = [
        ["n/a" if cell is None or cell != cell else cell for cell in np.asarray(of).tolist()] for of in columns.values()
    ]
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*cells, strict=True))


def write_rows(path, rows, names):
    """Write a list of dicts as TSV, with a column for each name, and n/a for None."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["n/a" if row[name] is None else row[name] for name in names] for row in rows])
