"""Tables that the workflow itself wrote, by column, without pandas: its import takes longer than the rest of a job."""

import csv

import numpy as np

from secondlevel.base.files import replacing


def read_columns(path):
    """The columns of a TSV file as a dict of arrays of text, in order; a cell is as it was written."""
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    return {name: np.array(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


def numbers(cells):
    """Text as numbers, an array of the same shape: NaN where a table has ``n/a``."""
    return np.where(cells == "n/a", "nan", cells).astype(float)


def read_rows(path):
    """The rows of a TSV file as a list of dicts of text; a cell is as it was written."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def write_columns(path, columns):
    """Write a dict of arrays of numbers as TSV."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(np.asarray(values).tolist() for values in columns.values()), strict=True))


def write_rows(path, rows, names):
    """Write a list of dicts as TSV, with a column for each name, and n/a for None."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["n/a" if row[name] is None else row[name] for name in names] for row in rows])
