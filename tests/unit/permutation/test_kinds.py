"""The permutation tests of maps of each kind, on every shuffle of a small case, against other software."""

from functools import cache

import bct
import numpy as np
import pytest
from scipy import sparse, stats
from scipy.sparse.csgraph import connected_components
from tfce import adjacency_from_faces, tfce

from kinds import LEFT, NODES, RIGHT, cortex
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.space.graph import of_adjacency
from secondlevel.space.kinds.connectome import Connectome
from secondlevel.space.kinds.grayordinates import Grayordinates
from secondlevel.space.kinds.parcels import Parcels
from secondlevel.space.kinds.surface import Surface
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.nodes import Nodes

GROUP = np.repeat([0, 1], 4)
DESIGN = np.column_stack([GROUP, np.ones(8)])
SIDES = pytest.mark.parametrize("two_sided", [False, True])
ABOVE = 1.2
CLUSTERS = {"threshold": f"t > {ABOVE}", "connectivity": 6}
TFCE = {"statistic": "t", "extent_power": 1, "height_power": 2, "connectivity": 6}


def surface(seed=0, stretched=True):
    """Two meshes of vertices of unlike areas, some of which are not analysed."""
    rng = np.random.default_rng(seed)
    inside = rng.random(len(LEFT[0]) + len(RIGHT[0])) < 0.9
    shape = [3, 1, 0.4] if stretched else [1, 1, 1]
    meshes = {"left": (LEFT[0] * shape, LEFT[1]), "right": (RIGHT[0] * shape, RIGHT[1])}
    return Surface(inside, meshes, dict.fromkeys(meshes, ""))


def maps_of(size, seed=1, smooth=None):
    """Maps of a group that is a bit above another one; neighbours are alike if a matrix that averages them is given."""
    values = np.random.default_rng(seed).normal(size=(8, size)) + 0.5 * GROUP[:, None]
    return ((smooth @ values.T).T if smooth is not None else values).astype(np.float32)


def null_of(maps, space, two_sided, **whole_maps):
    """The null of all shuffles there are, and these."""
    permutation = {"count": 10_000, "scheme": "permute", "statistic": "t", "nuisance": "freedman-lane", "seed": 0}
    sample = {"participant_id": np.array([f"sub-{n}" for n in range(8)])}
    settings = Settings.of(permutation | {"blocks": None}, two_sided, whole_maps, sample, space)
    test = ContrastTest.of(settings, DESIGN, partition(DESIGN, [[1, 0]]), "group")
    (null,) = chunk_nulls(maps, {"group": test}, 0, 1, False, 1, lambda *_: None).values()
    assert null.size == test.shuffles.distinct == 70
    return null, test.shuffles


def t_of(maps, shuffles):
    """t of each shuffle by scipy, shape (n_shuffles, n_elements)."""
    orders, _ = shuffles.draw(0, shuffles.count + 1)
    groups = [GROUP[order] for order in orders]
    return np.array([stats.ttest_ind(maps[g == 1].astype(float), maps[g == 0].astype(float)).statistic for g in groups])


def signs(two_sided):
    return (1, -1) if two_sided else (1,)


def largest(function, t, two_sided):
    """The largest of what a function makes of each side of a map."""
    return max(function(sign * t) for sign in signs(two_sided))


def edges_of_mesh(triangles, n):
    joined = sparse.lil_matrix((n, n), dtype=bool)
    for a, b, c in triangles:
        joined[a, b] = joined[b, c] = joined[c, a] = True
    return (joined + joined.T).tocsr()


def areas_of_mesh(vertices, triangles):
    """A third of the area of each triangle to each of its corners, by Heron's formula."""
    areas = np.zeros(len(vertices))
    for corners in triangles:
        a, b, c = (np.linalg.norm(vertices[corners[k]] - vertices[corners[k - 1]]) for k in range(3))
        s = (a + b + c) / 2
        areas[corners] += np.sqrt(s * (s - a) * (s - b) * (s - c)) / 3
    return areas


def by_hand(space):
    """The neighbours and the areas of the vertices of a surface."""
    meshes = space.meshes.values()
    joined = sparse.block_diag([edges_of_mesh(triangles, len(vertices)) for vertices, triangles in meshes]).tocsr()
    areas = np.concatenate([areas_of_mesh(*mesh) for mesh in meshes])
    return joined[space.inside][:, space.inside], areas[space.inside]


def extent_and_mass(t, joined, areas, above=ABOVE):
    """The largest extent and mass of the components above a threshold, by scipy."""
    (chosen,) = np.nonzero(t > above)
    if not chosen.size:
        return 0, 0
    _, which = connected_components(joined[chosen][:, chosen], directed=False)
    return np.bincount(which, areas[chosen]).max(), np.bincount(which, areas[chosen] * (t[chosen] - above)).max()


def enhanced(t, joined, areas, levels, power=1):
    """The largest of the positive side, enhanced: the integral between some levels, the extents taken in between."""
    total, ends = np.zeros(t.size), levels**3 / 3
    for low, high, gained in zip(levels, levels[1:], np.diff(ends), strict=False):
        (chosen,) = np.nonzero(t > (low + high) / 2)
        if not chosen.size:
            break
        _, which = connected_components(joined[chosen][:, chosen], directed=False)
        total[chosen] += (np.bincount(which, areas[chosen]) ** power)[which] * gained
    return total.max()


def exact(t, joined, areas, power=1):
    """The same exactly: extents change at the heights of the map and nowhere else."""
    return enhanced(t, joined, areas, np.unique(np.append(t[t > 0], 0)), power)


def stepped(t, joined, areas, steps):
    return enhanced(t, joined, areas, np.linspace(0, max(t.max(), 1e-9), steps))


@SIDES
def test_the_null_of_max_t_is_that_of_the_same_matrix_as_parcels_bit_for_bit(two_sided):
    space = surface()
    maps = maps_of(space.size)
    parcels = Parcels(np.ones(space.size, bool), tuple(map(str, range(space.size))))
    expected, shuffles = null_of(maps, parcels, two_sided)
    for whole_maps in ({}, {"clusters": CLUSTERS, "tfce": TFCE}):
        found, _ = null_of(maps, space, two_sided, **whole_maps)
        np.testing.assert_array_equal(found.maxima["maxT"], expected.maxima["maxT"], strict=True)
        np.testing.assert_array_equal(found.observed["maxT"], expected.observed["maxT"], strict=True)
    by_scipy = t_of(maps, shuffles)
    by_scipy = np.abs(by_scipy) if two_sided else by_scipy
    np.testing.assert_allclose(expected.maxima["maxT"], by_scipy.max(axis=1), rtol=1e-4)


@cache
def smoothed_case():
    """A surface, maps on it of which neighbours are alike, and its neighbours and areas."""
    space = surface()
    joined, areas = by_hand(space)
    maps = maps_of(space.size, smooth=joined + 1.5 * sparse.eye(space.size))
    return space, maps, joined, areas


@SIDES
def test_clusters_of_a_mesh_are_the_components_of_scipy_with_areas(two_sided):
    space, maps, joined, areas = smoothed_case()
    null, shuffles = null_of(maps, space, two_sided, clusters=CLUSTERS)
    expected = [
        np.max([extent_and_mass(sign * t, joined, areas) for sign in signs(two_sided)], axis=0)
        for t in t_of(maps, shuffles)
    ]
    extents, masses = np.transpose(expected)
    np.testing.assert_allclose(null.maxima["maxExtent"], extents, rtol=1e-6)
    np.testing.assert_allclose(null.maxima["maxMass"], masses, rtol=1e-4)
    assert len(np.unique(extents.round(3))) > 30  # it is not always the same


@SIDES
def test_tfce_of_a_mesh_is_its_definition_and_the_limit_of_steps(two_sided):
    space, maps, joined, areas = smoothed_case()
    null, shuffles = null_of(maps, space, two_sided, tfce=TFCE)
    t = t_of(maps, shuffles)
    expected = [largest(lambda side: exact(side, joined, areas), one, two_sided) for one in t]
    np.testing.assert_allclose(null.maxima["maxTFCE"], expected, rtol=1e-4)
    errors = [
        np.mean(
            [
                abs(largest(lambda side, n=n: stepped(side, joined, areas, n), one, two_sided) / e - 1)
                for one, e in zip(t[:12], expected[:12], strict=True)
            ]
        )
        for n in (20, 200)
    ]
    assert errors[1] < 0.003
    assert errors[1] < errors[0] / 5


@SIDES
@pytest.mark.parametrize("powers", [(1, 2), (0.5, 2), (0.7, 1.4)])
def test_tfce_of_a_mesh_of_equal_areas_is_that_of_the_package(two_sided, powers):
    """On one mesh: the package has no room for vertices that are not analysed, nor for two."""
    vertices, triangles = LEFT
    joined = edges_of_mesh(triangles, len(vertices))
    maps = maps_of(len(vertices), smooth=joined + sparse.eye(len(vertices)))
    graph = of_adjacency(joined, np.ones(len(vertices)))
    space = Surface(np.ones(len(vertices), bool), {"left": LEFT}, {"left": ""})
    object.__setattr__(space, "graph", graph)
    settings = TFCE | dict(zip(("extent_power", "height_power"), powers, strict=True))
    null, shuffles = null_of(maps, space, two_sided, tfce=settings)
    by_package = tfce(
        t_of(maps, shuffles).T.astype(np.float32),
        adjacency=adjacency_from_faces(triangles + 1, len(vertices)),
        E=powers[0],
        H=powers[1],
        two_sided=two_sided,
    )
    by_package = np.abs(by_package) if two_sided else by_package
    np.testing.assert_allclose(null.maxima["maxTFCE"], by_package.max(axis=0), rtol=1e-4)


@SIDES
def test_a_graph_of_the_voxels_of_a_grid_gives_the_numbers_of_voxels(two_sided):
    inside = np.random.default_rng(5).random((5, 6, 4)) < 0.8
    mask = Mask(inside, np.eye(4))
    at = np.argwhere(inside)
    joined = sparse.csr_matrix(np.abs(at[:, None] - at[None]).sum(axis=2) == 1)
    maps = maps_of(mask.size, smooth=joined + 1.5 * sparse.eye(mask.size))
    as_graph = surface()
    object.__setattr__(as_graph, "graph", of_adjacency(joined, np.ones(mask.size)))
    whole_maps = {"clusters": CLUSTERS, "tfce": TFCE | {"extent_power": 0.5}}
    expected, _ = null_of(maps, mask, two_sided, **whole_maps)
    found, _ = null_of(maps, as_graph, two_sided, **whole_maps)
    for method in ("maxT", "maxExtent"):
        np.testing.assert_array_equal(found.maxima[method], expected.maxima[method])
    for method in ("maxMass", "maxTFCE"):
        np.testing.assert_allclose(found.maxima[method], expected.maxima[method], rtol=1e-12)
    assert expected.maxima["maxExtent"].max() > 20


def by_bct(t_positive, maps, groups, n):
    """The extent of the largest component of edges by bctpy, whose own shuffles are not used."""
    at = np.triu_indices(n, 1)
    matrices = np.zeros((n, n, len(maps)))
    for subject, row in enumerate(maps.astype(float)):
        matrices[(*at, subject)] = matrices[(*at[::-1], subject)] = row
    of_groups = matrices[:, :, groups == 1], matrices[:, :, groups == 0]
    if not (t_positive > ABOVE).any():
        return 0  # bctpy refuses what has no component
    _, components, _ = bct.nbs_bct(*of_groups, ABOVE, k=1, tail="right", seed=0)
    return np.bincount(components[at].astype(int))[1:].max()


@SIDES
def test_the_network_based_statistic_is_that_of_bctpy(two_sided, capsys):
    """On each side: signs never merge, as they do in bctpy's two-sided form."""
    n = len(NODES) + 4
    space = Connectome(np.ones(n * (n - 1) // 2, bool), Nodes([f"n{k}" for k in range(n)]))
    maps = maps_of(space.size)
    null, shuffles = null_of(maps, space, two_sided, clusters=CLUSTERS)
    orders, _ = shuffles.draw(0, 70)
    t = t_of(maps, shuffles)
    for k in range(70):
        of_sides = [by_bct(sign * t[k], sign * maps, GROUP[orders[k]], n) for sign in signs(two_sided)]
        assert null.maxima["maxExtent"][k] == max(of_sides)
    assert len(np.unique(null.maxima["maxExtent"])) > 5


@SIDES
def test_enhancement_and_mass_of_a_network_are_those_of_its_line_graph(two_sided):
    n = 8
    ends = np.column_stack(np.triu_indices(n, 1))
    inside = np.random.default_rng(2).random(len(ends)) < 0.9
    ends = ends[inside]
    meet = (ends[:, None, :, None] == ends[None, :, None, :]).any(axis=(2, 3)) & ~np.eye(len(ends), dtype=bool)
    joined, ones = sparse.csr_matrix(meet), np.ones(len(ends))
    space = Connectome(inside, Nodes([f"n{k}" for k in range(n)]))
    maps = maps_of(space.size)
    null, shuffles = null_of(maps, space, two_sided, clusters=CLUSTERS, tfce=TFCE | {"extent_power": 0.5})
    for k, t in enumerate(t_of(maps, shuffles)):
        expected = [extent_and_mass(sign * t, joined, ones) for sign in signs(two_sided)]
        assert null.maxima["maxExtent"][k] == max(extent for extent, _ in expected)
        assert null.maxima["maxMass"][k] == pytest.approx(max(mass for _, mass in expected), rel=1e-3)
        roots = largest(lambda side: exact(side, joined, ones, 0.5), t, two_sided)
        assert null.maxima["maxTFCE"][k] == pytest.approx(roots, rel=1e-4)


@SIDES
def test_grayordinates_join_within_structures_and_count_by_their_kind(two_sided):
    voxels = np.zeros((4, 4, 4), bool)
    voxels[1:3, 1:4, 1:3] = True
    axis = cortex(len(LEFT[0]), len(RIGHT[0]), voxels)
    meshes = {"left": (LEFT[0] * [3, 1, 0.4], LEFT[1]), "right": RIGHT}
    inside = np.random.default_rng(3).random(len(axis)) < 0.9
    space = Grayordinates(inside, axis, meshes, dict.fromkeys(meshes, ""))
    at = np.argwhere(voxels)
    faces = sparse.csr_matrix(np.abs(at[:, None] - at[None]).sum(axis=2) == 1)
    of_meshes = [edges_of_mesh(triangles, len(vertices)) for vertices, triangles in meshes.values()]
    joined = sparse.block_diag([*of_meshes, faces]).tocsr()[inside][:, inside]
    areas = np.concatenate([areas_of_mesh(*mesh) for mesh in meshes.values()])[inside[: -len(at)]]
    counted = np.concatenate([areas / areas.mean(), np.ones(inside.sum() - areas.size)])
    maps = maps_of(space.size, smooth=joined + 1.5 * sparse.eye(space.size))
    null, shuffles = null_of(maps, space, two_sided, clusters=CLUSTERS, tfce=TFCE)
    for k, t in enumerate(t_of(maps, shuffles)):
        extents = [extent_and_mass(sign * t, joined, counted)[0] for sign in signs(two_sided)]
        assert null.maxima["maxExtent"][k] == pytest.approx(max(extents), rel=1e-6)
        gained = largest(lambda side: exact(side, joined, counted), t, two_sided)
        assert null.maxima["maxTFCE"][k] == pytest.approx(gained, rel=1e-4)
