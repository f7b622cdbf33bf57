import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.patches import Rectangle

from drawn import is_drawn_the_same
from secondlevel.figures.colours import Scale
from secondlevel.figures.matrix import Network, draw_matrices, painted
from secondlevel.figures.shown import Shown

SCALE = Scale("z", "RdBu_r", -5, 5)


def network(n_nodes, modules=None, lacking=0):
    """All edges, but for some, in an order of their own, and as often the one node first as the other."""
    rng = np.random.default_rng(n_nodes)
    edges = rng.permutation(np.column_stack(np.triu_indices(n_nodes, 1)))[lacking:]
    edges[::2] = edges[::2, ::-1]
    return Network(edges, [f"node {number}" for number in range(n_nodes)], modules)


def test_edges_have_the_names_of_their_nodes():
    assert network(3).names == [f"node {one} – node {other}" for one, other in network(3).edges]


def test_modules_lie_together_in_the_order_of_their_first_nodes():
    found = network(6, ["b", "a", "b", "c", "a", "b"])
    assert found.order.tolist() == [0, 2, 5, 1, 4, 3]
    assert found.blocks == [("b", 0, 3), ("a", 3, 2), ("c", 5, 1)]
    assert network(3).order.tolist() == [0, 1, 2]
    assert network(3).blocks == []


@pytest.mark.parametrize("modules", [None, ["b", "a", "b", "a", "b"]])
def test_all_is_below_the_diagonal_and_what_passes_above_it(modules):
    net = network(5, modules, lacking=2)
    values = np.linspace(-4, 5, 8)
    values[3] = np.nan
    passes = values > 2
    image = painted(net, values, passes, SCALE)
    coloured = colormaps["RdBu_r"]((values + 5) / 10)[:, :3]
    grey = np.full((5, 5), True)
    for edge, (one, other) in enumerate(net.edges):
        row, column = sorted(net.order.tolist().index(node) for node in (one, other))[::-1]
        if np.isnan(values[edge]):
            continue
        grey[row, column] = grey[column, row] = False
        np.testing.assert_allclose(image[row, column], coloured[edge])
        np.testing.assert_allclose(image[column, row], coloured[edge] if passes[edge] else 1)
    assert grey.sum() == 5 + 2 * (2 + 1)
    np.testing.assert_allclose(image[grey], 0.9)
    symmetric = painted(net, values, None, SCALE)
    np.testing.assert_array_equal(symmetric, symmetric.transpose(1, 0, 2))


@pytest.mark.parametrize(("n_nodes", "named", "framed"), [(12, 12, True), (100, 0, False)])
def test_few_nodes_are_named_and_their_edges_framed(n_nodes, named, framed):
    net = network(n_nodes)
    values = np.random.default_rng(0).normal(size=len(net.edges))
    passes = values > 1.5
    figure = draw_matrices(Shown([values], SCALE, "title", passes=[passes]), net)
    axes = figure.axes[0]
    assert len(axes.get_yticks()) == len(axes.get_xticks()) == named
    frames = {(int(p.get_y() + 0.5), int(p.get_x() + 0.5)) for p in axes.patches if isinstance(p, Rectangle)}
    assert frames == ({(max(edge), min(edge)) for edge in net.edges[passes]} if framed else set())


def test_modules_are_named_at_their_middles_with_lines_between():
    net = network(100, ["visual"] * 50 + ["motor"] * 20 + ["default"] * 30)
    figure = draw_matrices(Shown([np.ones(len(net.edges))] * 2, SCALE, "title", titles=["one", "other"]), net)
    *panels, bar = figure.axes
    assert [axes.get_title() for axes in panels] == ["one", "other"]
    assert bar.get_title(loc="left") == "z"
    for axes in panels:
        assert [label.get_text() for label in axes.get_yticklabels()] == ["visual", "motor", "default"]
        assert axes.get_yticks().tolist() == [24.5, 59.5, 84.5]
        assert sorted(line.get_ydata()[0] for line in axes.lines if len(set(line.get_ydata())) == 1) == [49.5, 69.5]


@pytest.mark.parametrize("n_nodes", [2, 12, 80])
def test_matrices_are_drawn_without_warnings_and_equal_ones_make_equal_files(n_nodes, tmp_path):
    net = network(n_nodes, ["a"] * (n_nodes // 2) + ["b"] * (n_nodes - n_nodes // 2))
    values = np.linspace(-3, 3, len(net.edges))
    shown = Shown([values, 0 * values], SCALE, "title", ["a", "b"], [values > 2, values > 9])
    assert is_drawn_the_same(lambda: draw_matrices(shown, net), tmp_path)
