"""The edges of a connectome as a matrix of its nodes, by modules."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from secondlevel.figures.colours import beside, draw_bar
from secondlevel.figures.slices import BAR, TITLE, headline
from secondlevel.figures.style import drawable, fitting

SIDE, LABELS, ROW_TITLE, GAP = (
    4.6,
    1.5,
    0.25,
    0.2,
)  # inches: a matrix, most of the names beside it, its title, beside it
NAMED = 60  # nodes up to which each is named, if there are no modules
MARKED = 60  # nodes up to which marked edges have a frame
LACKING = 0.9  # grey of what is not analysed


@dataclass(frozen=True, eq=False)
class Network:
    """The nodes and edges of a connectome.

    Attributes
    ----------
    edges : ndarray of int, shape (n_edges, 2)
        The nodes of each.
    nodes : list of str
        Names of the nodes.
    modules : list of str or None
        The module of each node.
    """

    edges: np.ndarray
    nodes: list
    modules: list | None = None

    @cached_property
    def names(self):
        """Names of the edges, by their nodes."""
        return [f"{self.nodes[one]} – {self.nodes[other]}" for one, other in self.edges]

    @cached_property
    def order(self):
        """The nodes as they are drawn: those of a module beside each other, modules and nodes in the order given."""
        if self.modules is None:
            return np.arange(len(self.nodes))
        first = {module: number for number, module in reversed(list(enumerate(self.modules)))}
        return np.argsort([first[module] for module in self.modules], kind="stable")

    @cached_property
    def blocks(self):
        """Modules as they are drawn: triples of name, number of its first node, and number of nodes."""
        ordered = [] if self.modules is None else [self.modules[node] for node in self.order]
        return [(name, ordered.index(name), ordered.count(name)) for name in dict.fromkeys(ordered)]

    @cached_property
    def labels(self):
        """What is named beside the matrix, as `blocks`: modules, or nodes, if they are few."""
        each = [(self.nodes[node], at, 1) for at, node in enumerate(self.order)]
        return self.blocks or (each if len(each) <= NAMED else [])

    def places(self):
        """Where each edge is drawn, below the diagonal: its row and its column, ndarrays of int, shape (n_edges,)."""
        place = np.argsort(self.order)[self.edges]
        return place.max(axis=1), place.min(axis=1)

    def square(self, values, upper):
        """Values of edges, shape (n_edges,), below the diagonal, and others above it: shape (n_nodes, n_nodes)."""
        matrix = np.full((len(self.nodes), len(self.nodes)), np.nan)
        rows, columns = self.places()
        matrix[rows, columns], matrix[columns, rows] = values, upper
        return matrix


def painted(network, values, passes, scale):
    """A map of edges as an image: all of it below the diagonal, and above it what passes, if that is given.

    Returns
    -------
    ndarray, shape (n_nodes, n_nodes, 3)
        Red, green and blue from 0 to 1: white where nothing is drawn, grey where nothing is known.
    """
    matrix = network.square(values, values if passes is None else np.where(passes | np.isnan(values), values, 0))
    colours = colormaps.get_cmap(scale.cmap)(Normalize(scale.low, scale.high)(np.nan_to_num(matrix)))[..., :3]
    behind = np.where(np.isnan(matrix), LACKING, 1.0)
    return np.where((np.nan_to_num(matrix) != 0)[..., None], colours, behind[..., None])


def frame(axes, network, passes):
    """Frame the edges that pass, below the diagonal."""
    rows, columns = network.places()
    for row, column in zip(rows[passes], columns[passes], strict=True):
        cell = (column - 0.5, row - 0.5)
        axes.add_patch(Rectangle(cell, 1, 1, fill=False, edgecolor="black", linewidth=0.8))


def label(axes, network):
    """Name modules, with lines between them, or nodes, if they are few."""
    n = len(network.nodes)
    axes.spines[["top", "right"]].set_visible(True)
    for _, first, _ in network.blocks[1:]:
        axes.axhline(first - 0.5, color="black", linewidth=0.6)
        axes.axvline(first - 0.5, color="black", linewidth=0.6)
    named = network.labels
    middles, words = [first + (size - 1) / 2 for _, first, size in named], [name for name, _, _ in named]
    narrowest = 72 * SIDE / max(n, 1) * min((size for _, _, size in named), default=1)
    size = min(fitting(words, LABELS - 0.15, 8), max(narrowest, 4.5))
    axes.set_yticks(middles, words, fontsize=size)
    axes.set_xticks(middles, words, fontsize=size, rotation=90)
    axes.tick_params(length=0)


@drawable
def draw_matrices(shown, network):
    """Draw maps of edges as matrices of nodes, ordered and labelled by modules if there are any.

    Below the diagonal is all of a map. Above it, if the edges that pass are given, are these alone, so that they can be
    told among any number of nodes; among few nodes they are framed below it, too.

    Parameters
    ----------
    shown : shown.Shown
        At edges, shape (n_edges,); those that are NaN are grey.
    network : Network

    Returns
    -------
    matplotlib.figure.Figure
    """
    margin = min(LABELS, 0.3 + 0.07 * max((len(name) for name, _, _ in network.labels), default=0))
    step, above = SIDE + margin + GAP, TITLE + (ROW_TITLE if shown.titles else 0)
    width, tall = step * len(shown.maps) + BAR, above + SIDE + margin
    figure = Figure(figsize=(width, tall))
    headline(figure, shown.title)
    for number, values in enumerate(shown.maps):
        box = ((margin + number * step) / width, margin / tall, SIDE / width, SIDE / tall)
        axes = figure.add_axes(box)
        passes = shown.passes[number] if shown.passes else None
        axes.imshow(painted(network, values, passes, shown.scale), interpolation="nearest")
        if passes is not None and len(network.nodes) <= MARKED:
            frame(axes, network, passes)
        label(axes, network)
        if shown.titles:
            axes.set_title(shown.titles[number], fontsize=10)
    if shown.scale.label and any(np.nan_to_num(values).any() for values in shown.maps):
        draw_bar(figure, shown.scale, beside(figure))
    return figure
