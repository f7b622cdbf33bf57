"""TFCE and clusters on meshes and networks, against numbers that were made apart from this project, and scipy."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from secondlevel.permutation.whole_maps.joining import enhanced, tree_of
from secondlevel.space.graph import of_adjacency, of_edges
from secondlevel.space.mesh import adjacency

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "mesh.json").read_text())["cases"]
MESH = CASES[0]
NETWORK = next(case for case in CASES if case["what"].startswith("TFNBS"))


def cases(words):
    return [pytest.param(case, id=case["what"][:60]) for case in CASES if case["what"].startswith(words)]


def mesh_graph(measures):
    triangles = np.array(MESH["triangles"])
    return of_adjacency(adjacency(triangles, len(MESH["vertices"])), measures)


def tree(graph, elements):
    return tree_of(elements.astype(np.int32), *graph.looks, *graph.marks, graph.n_cells, graph.measures)


def tfce(graph, heights, extent_power, height_power):
    """The enhanced map, positive side."""
    elements = np.flatnonzero(heights > 0)
    elements = elements[np.argsort(-heights[elements], kind="stable")]
    parents, _, extents = tree(graph, elements)
    power, found = height_power + 1, np.zeros(heights.size)
    found[elements] = enhanced(parents, extents, heights[elements] ** power / power, extent_power)
    return found


def powers(case):
    words = case["what"].replace(":", ",").replace(";", ",").split(",")
    return [float(next(word for word in words if word.strip().startswith(key)).split("=")[1]) for key in ("E", "H")]


@pytest.mark.parametrize("case", cases("TFCE on a mesh"))
def test_enhancement_on_a_mesh_with_areas(case):
    heights = np.array(MESH["heights"])
    graph, (extent_power, height_power) = mesh_graph(MESH["areas"]), powers(case)
    sides = [sign * tfce(graph, sign * heights, extent_power, height_power) for sign in (1, -1)]
    np.testing.assert_allclose(sum(sides), case["expected"], rtol=1e-9, atol=1e-15)
    stepped = case["expected_stepped_2000_positive_side"]
    np.testing.assert_allclose(sides[0], stepped, rtol=2e-2, atol=1e-3)
    unit = tfce(mesh_graph(np.ones(heights.size)), heights, extent_power, height_power)
    np.testing.assert_allclose(unit, case["expected_with_unit_measures_positive_side"], rtol=1e-6)


@pytest.mark.parametrize("case", cases("TFNBS"))
def test_enhancement_of_the_edges_of_a_network(case):
    graph = of_edges(NETWORK["edges"], 10)
    found = tfce(graph, np.array(NETWORK["t"]), *powers(case))
    np.testing.assert_allclose(found, case["expected"], rtol=1e-9)


def components(graph, heights, threshold):
    """The elements above a threshold, the component of each, and the extents of components."""
    elements = np.flatnonzero(heights > threshold)
    _, tops, extents = tree(graph, elements)
    names, component = np.unique(tops, return_inverse=True)
    return elements, component, extents[names]


def test_clusters_on_a_mesh():
    (case,) = (case for case in CASES if case["what"].startswith("clusters above"))
    elements, component, areas = components(mesh_graph(MESH["areas"]), np.array(MESH["heights"]), 0.8)
    np.testing.assert_array_equal(elements, case["vertices"])
    assert len(set(zip(component, case["component"], strict=True))) == 2
    np.testing.assert_allclose(sorted(areas), sorted(case["expected_areas"]), rtol=1e-9)


def test_the_network_based_statistic():
    (case,) = (case for case in CASES if case["what"].startswith("network-based"))
    graph, t = of_edges(NETWORK["edges"], 10), np.array(case["expected_t"])
    elements, _, sizes = components(graph, t, case["threshold"])
    np.testing.assert_array_equal(elements, case["expected_edges"])
    np.testing.assert_array_equal(sizes, case["expected_sizes_positive"])
    np.testing.assert_array_equal(sorted(components(graph, -t, case["threshold"])[2]), case["expected_sizes_negative"])


@pytest.mark.parametrize("seed", range(5))
def test_components_of_random_graphs_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    pairs = sparse.random(200, 200, 0.008, random_state=seed) != 0
    pairs = (pairs + pairs.T).tocsr()
    measures, heights = rng.random(200), rng.normal(size=200)
    elements, component, extents = components(of_adjacency(pairs, measures), heights, 0.2)
    n, expected = connected_components(pairs[elements][:, elements], directed=False)
    assert extents.size == n
    assert len(set(zip(component, expected, strict=True))) == n
    np.testing.assert_allclose(extents[component], np.bincount(expected, measures[elements])[expected])
