"""Parcels and connectomes as the tables that are written; reading those of users takes far more."""

import numpy as np

from secondlevel.base.columns import write_rows


def write_parcels(path, names, columns):
    """Write a TSV file with a row for each parcel.

    Parameters
    ----------
    path : str
    names : sequence of str
        Of the parcels.
    columns : dict of ndarray, shape (n_parcels,)
        Numbers by the name of their column; NaN is written as n/a.
    """
    rows = [{"parcel": name} for name in names]
    for column, values in columns.items():
        for row, value in zip(rows, np.asarray(values), strict=True):
            row[column] = None if np.isnan(value) else value
    write_rows(path, rows, ["parcel", *columns])


def edges_of(n_nodes):
    """The nodes of each edge, int32 of shape (n_edges, 2): those above the diagonal, row by row."""
    return np.column_stack(np.triu_indices(n_nodes, 1)).astype(np.int32)


def write_relmat(path, values, names, diagonal=0.0):
    """Write the values of edges as a square TSV table with a header.

    Parameters
    ----------
    path : str
    values : ndarray, shape (n_edges,)
        As `edges_of` has the edges; NaN is written as n/a.
    names : sequence of str
        Of the nodes.
    diagonal : float
        What stands between a node and itself.
    """
    matrix = np.full((len(names), len(names)), diagonal, dtype=np.asarray(values).dtype)
    above = np.triu_indices(len(names), 1)
    matrix[above] = matrix.T[above] = values
    rows = [{name: None if np.isnan(cell) else cell for name, cell in zip(names, row, strict=True)} for row in matrix]
    write_rows(path, rows, list(names))
