"""Connectomes: a value for each pair of nodes, in a square table or a list of edges for each subject."""

from collections import Counter

import numpy as np

from secondlevel.base.cells import labelled
from secondlevel.base.errors import InputError
from secondlevel.base.names import counted, short
from secondlevel.base.tables import INFINITE, NUMBER
from secondlevel.space.sheets import (
    aligned,
    bytes_of,
    is_missing,
    numbers_of,
    read_sheet,
    rows_of,
    telling,
    value_column,
)

LEAST = 3  # nodes: with two there is one edge
MOST = 5000  # nodes: twelve million edges
TOLERANCE = 1e-4  # of the largest value: what rounding can leave of symmetry
ENDS = ("node_1", "node_2"), ("source", "target"), ("from", "to"), ("i", "j")


def read_relmat(path, nodes=None):
    """Read the values of a connectome's edges from a square table; its diagonal is not read.

    Parameters
    ----------
    path : str
        Separated by tabs, commas, semicolons or blanks, with or without a header, and with or without the nodes' names
        in its first column.
    nodes : sequence of str, optional
        The names in the order that is needed, such as those of the first subject. A table without names has this order.

    Returns
    -------
    names : list of str
        Of the nodes; their numbers from 1 on if neither the table nor `nodes` names them.
    values : ndarray of float32, shape (n_edges,)
        Of the edges as `edges_of` has them; NaN where a value is missing.

    Raises
    ------
    InputError
        If the table cannot be read, is not square or not symmetric, its nodes are others, or a cell is no number.
    """
    with telling(path):
        rows = rows_of(bytes_of(path), blanks=True)
    names, rows, first = framed(path, rows)
    n = len(rows)
    require_size(path, n)
    if nodes is not None and names is None:
        if len(nodes) != n:
            held = f"{n:,} nodes without names, and {len(nodes):,} are needed"
            raise InputError(f"{path} has {held}; is it another atlas?")
        names = list(nodes)
    names = names or [str(number) for number in range(1, n + 1)]
    cells = [[None if i == j else cell for j, cell in enumerate(row)] for i, row in enumerate(rows)]
    matrix = numbers_of(path, cells, names, range(first, first + n)).astype(float)
    require_symmetric(path, matrix, names)
    if nodes is not None:
        order = aligned(path, names, np.arange(n), nodes, "the first one", "node")
        matrix, names = matrix[np.ix_(order, order)], list(nodes)
    above = np.triu_indices(n, 1)
    return names, ((matrix[above] + matrix.T[above]) / 2).astype(np.float32)


def require_size(path, n_nodes):
    """An `InputError` if there are too few or too many nodes."""
    if not LEAST <= n_nodes <= MOST:
        raise InputError(f"{path} has {counted('node', n_nodes)}, and from {LEAST} to {MOST:,} can be analysed.")


def framed(path, rows):
    """The names of a square table's nodes, None if it has none; its rows of cells; and the line of the first one."""
    if len(rows) > 1 and len(rows[1]) == len(rows[0]) + 1:  # a header without a corner, as R writes it
        rows = [["", *rows[0]], *rows[1:]]
    n_rows, n_cells = len(rows), len(rows[0])
    uneven = [line for line, row in enumerate(rows, 1) if len(row) != n_cells]
    if uneven:
        raise InputError(
            f"{path} has {counted('cell', len(rows[uneven[0] - 1]))} in line {uneven[0]} and {n_cells:,} in line 1; a "
            "matrix needs as many in each, with n/a where a value is missing."
        )
    first, column = rows[0], [row[0] for row in rows]
    above, beside = mostly_text(first[1:]), mostly_text(column[1:])
    if n_rows == n_cells:  # names that are numbers are told by their corner, unless all of the diagonal is like it
        corner = not is_number(first[0]) and any(is_number(row[k]) for k, row in enumerate(rows))
        header = named = (above and beside) or (not above and not beside and corner)
    else:
        header = n_rows == n_cells + 1 and (above or are_numbers(first))
        named = n_cells == n_rows + 1 and (beside or are_numbers(column))
    if n_rows - header != n_cells - named or (above and not header) or (beside and not named):
        raise InputError(
            f"{path} is not square: it has values in {counted('row', n_rows - above)} and "
            f"{counted('column', n_cells - beside)}; a connectome has a row and a column for each node."
        )
    names = names_of(path, rows[0][named:] if header else None, [row[0] for row in rows[header:]] if named else None)
    return names, [row[named:] for row in rows[header:]], 1 + header


def mostly_text(cells):
    """Whether more than half of some cells hold names that are no numbers."""
    return 2 * sum(not (is_missing(cell) or is_number(cell)) for cell in cells) > len(cells)


def is_number(cell):
    """Whether a cell holds a number, be it infinite."""
    return bool(NUMBER.fullmatch(cell) or INFINITE.fullmatch(cell))


def are_numbers(cells):
    """Whether cells can be the numbers of nodes: whole, and all different."""
    return all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells)


def names_of(path, above, beside):
    """The names of nodes from those of the columns and of the rows, either of which can be None."""
    names = above if above is not None else beside
    if names is None:
        return None
    if "" in names:
        raise InputError(f"{path} has no name for node {names.index('') + 1}; name all nodes, or none.")
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise InputError(f"{path} names {Counter(names)[doubled[0]]} nodes '{short(doubled[0])}'; names must differ.")
    if beside is not None and beside != names:
        k = next(k for k, pair in enumerate(zip(names, beside, strict=True)) if pair[0] != pair[1])
        raise InputError(
            f"{path} names node {k + 1} '{short(names[k])}' in its header and '{short(beside[k])}' in its first "
            "column; rows and columns need the same nodes in the same order."
        )
    return names


def require_symmetric(path, matrix, names):
    """An `InputError` that names the pair of nodes that differs most, if a matrix is not symmetric within rounding."""
    known = np.isfinite(matrix)
    off = ~np.eye(len(matrix), dtype=bool)
    lone = off & known & ~known.T
    values = np.where(known & off, matrix, 0)
    gap = np.where(known & known.T, np.abs(values - values.T), 0)
    wrong = lone | lone.T | (gap > TOLERANCE * np.abs(values).max())
    if not wrong.any():
        return
    i, j = np.unravel_index(np.argmax(lone) if lone.any() else np.argmax(gap), gap.shape)
    there, back = (f"{value:g}" if np.isfinite(value) else "n/a" for value in (matrix[i, j], matrix[j, i]))
    empty = not values[np.tril_indices(len(matrix), -1)].any() or not values[np.triu_indices(len(matrix), 1)].any()
    advice = (
        "only one half of it is filled, so fill both" if empty else "edges have no direction here, so give one value"
    )
    raise InputError(
        f"{path} is not symmetric: from {short(names[i])} to {short(names[j])} it has {there}, back {back}, and "
        f"{counted('pair', int(wrong.sum()) // 2)} of nodes differ{'' if wrong.sum() > 2 else 's'}; {advice}."
    )


def holds_edges(path):
    """Whether a table has a row for each edge, by the columns that name its nodes; else it is a square one."""
    with telling(path):
        rows = rows_of(bytes_of(path), blanks=True)
    return any(set(pair) <= set(rows[0]) for pair in ENDS)


def read_edges(path, nodes=None, value=None):
    """Read the values of a connectome's edges from a table with a row for each edge.

    Parameters
    ----------
    path : str
        As for `sheets.read_sheet`, with the columns ``node_1`` and ``node_2`` (or ``source`` and ``target``, ``from``
        and ``to``, ``i`` and ``j``). Edges from a node to itself are not read.
    nodes : sequence of str, optional
        The names in the order that is needed; by default that in which the table has them.
    value : str, optional
        The column of the values; needed only if there are several.

    Returns
    -------
    names, values
        As for `read_relmat`; NaN for an edge that the table does not have.

    Raises
    ------
    InputError
        If the table cannot be read, has an edge twice, lacks a node or has others, or a cell is no number.
    """
    table = read_sheet(path)
    ends = next((pair for pair in ENDS if set(pair) <= set(table.columns)), None)
    if ends is None:
        raise InputError(f"{path} does not say which nodes an edge joins; name two columns node_1 and node_2.")
    others = [name for name in table.columns if name not in ends]
    value = value or value_column(path, others, "the nodes")
    pairs = table[list(ends)].to_numpy(object)
    for line, pair in enumerate(pairs, 2):
        if not all(isinstance(end, str) for end in pair):
            raise InputError(f"{path} lacks a node in line {line}; give every edge two.")
    cells = labelled(table, value, path).to_numpy(object)[:, np.newaxis]
    values = numbers_of(path, cells, [value], range(2, len(pairs) + 2))[:, 0]
    found = list(dict.fromkeys(pairs.ravel()))
    require_size(path, len(found))
    if nodes is not None:
        aligned(path, found, np.arange(len(found)), nodes, "the first one", "node")
        found = list(nodes)
    return found, placed(path, pairs, values, found)


def placed(path, pairs, values, names):
    """The values of all edges, from those of some pairs of nodes by name."""
    number, lines = {name: place for place, name in enumerate(names)}, {}
    matrix = np.full((len(names), len(names)), np.nan, dtype=np.float32)
    for line, ((one, other), value) in enumerate(zip(pairs, values, strict=True), 2):
        ends = tuple(sorted((number[one], number[other])))
        if ends in lines and ends[0] != ends[1]:
            raise InputError(
                f"{path} has the edge between {short(one)} and {short(other)} in lines {lines[ends]} and {line}; "
                "keep one."
            )
        lines[ends], matrix[ends] = line, value
    return matrix[np.triu_indices(len(names), 1)]
