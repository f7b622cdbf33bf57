"""The nodes of a connectome: their names, modules and places, from a table."""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.space.sheets import aligned, numbers_of, read_sheet

NAMES = "name", "label", "node", "region", "parcel"
MODULES = "module", "network", "community"
AXES = "x", "y", "z"


@dataclass(frozen=True)
class Nodes:
    """What is known of nodes.

    Attributes
    ----------
    names : list of str
    modules : list of str or None
        That of each node, if the table has them; "none" where it has none.
    places : ndarray of float, shape (n_nodes, 3), or None
        In mm, if the table has them.
    """

    names: list
    modules: list | None = None
    places: np.ndarray | None = None

    def ordered(self, path, names):
        """The same nodes in another order; an `InputError` if the names are not those of the table at `path`."""
        order = aligned(path, self.names, np.arange(len(self.names)), names, "the matrices", "node")
        modules = None if self.modules is None else [self.modules[place] for place in order]
        return Nodes(list(names), modules, None if self.places is None else self.places[order])


def read_nodes(path):
    """Read the table of a connectome's nodes.

    Parameters
    ----------
    path : str
        As for `sheets.read_sheet`, a row for each node: its ``name`` (or ``label``), or its ``index`` alone; perhaps
        its ``module`` (or ``network``), and ``x``, ``y`` and ``z`` in mm. With an index, nodes are in its order.

    Returns
    -------
    Nodes

    Raises
    ------
    InputError
        If the table cannot be read, a node has no name or that of another one, or a number is none.
    """
    table = read_sheet(path)
    column = next((name for name in (*NAMES, "index") if name in table), None)
    if column is None:
        raise InputError(f"{path} does not name its nodes: it has no column 'name' or 'index', but {listed(table)}.")
    names, lines = list(table[column]), {}
    for line, name in enumerate(names, 2):
        if not isinstance(name, str):
            raise InputError(f"{path} has no {column} in line {line}; give every node one.")
        if name in lines:
            raise InputError(f"{path} has the node {short(name)} in lines {lines[name]} and {line}; names must differ.")
        lines[name] = line
    order = np.arange(len(names))
    if "index" in table:
        index = numbers_of(path, table[["index"]].to_numpy(object), ["index"], list(lines.values()))[:, 0]
        if len(np.unique(index)) < len(index) or np.isnan(index).any():
            raise InputError(f"{path} has an index that is missing or there twice; number all nodes.")
        order = np.argsort(index)
    module = next((name for name in MODULES if name in table), None)
    given = [axis for axis in AXES if axis in table]
    if given and len(given) < 3:
        raise InputError(f"{path} has the column {listed(given)}, but a place in mm needs x, y and z.")
    nodes = Nodes(
        names,
        None if module is None else list(table[module].fillna("none")),
        numbers_of(path, table[given].to_numpy(object), given, list(lines.values())).astype(float) if given else None,
    )
    return nodes.ordered(path, [names[place] for place in order])
