import numpy as np
import pytest

from meshed import ball, hemispheres
from secondlevel.figures.mesh_views import SIGHTS, Mesh, look, size_of

AXES = {"left": (-1, 2, 0), "right": (1, 2, 0), "above": (0, 1, 2)}  # across, up and towards the reader
TURNS = {"left": (-1, 1, -1), "right": (1, 1, 1), "above": (1, 1, 1)}


def seen_by_hand(mesh, sight, fineness, row, column):
    """The vertex of the nearest triangle in front of a pixel that is nearest to it by its weights, or -1."""
    axes, turns = [abs(axis) for axis in AXES[sight]], np.array(TURNS[sight])
    turned = mesh.vertices[:, axes] * turns
    flat = (turned[:, :2] - turned[:, :2].min(axis=0)) * fineness
    corners = np.concatenate([flat[mesh.triangles].transpose(0, 2, 1), np.ones((len(mesh.triangles), 1, 3))], axis=1)
    weights = np.linalg.solve(corners, np.array([column, row, 1.0])[:, None])[..., 0]
    near = np.where(weights.min(axis=1) >= 0, (weights * turned[mesh.triangles, 2]).sum(axis=1), -np.inf)
    best = near.argmax()
    return mesh.triangles[best, weights[best].argmax()] if np.isfinite(near[best]) else -1


@pytest.mark.parametrize("sight", SIGHTS)
def test_each_pixel_shows_the_vertex_that_is_in_front(sight):
    mesh = hemispheres(120)[0]
    # Shrunken and moved, a second ball lies partly in front of the first.
    points, triangles = ball(60, 0.3, seed=4)
    vertices = np.vstack([mesh.vertices, points * [12, 30, 20] + [-50, 10, 40]])
    mesh = Mesh("any", vertices, np.vstack([mesh.triangles, triangles + 120]))
    view = look(mesh, "title", sight, 0.5, first=1000)
    up, across = view.vertex.shape
    assert (across, up) == tuple(np.ceil(size_of(mesh, sight) * 0.5).astype(int) + 1)
    rng = np.random.default_rng(1)
    for row, column in zip(rng.integers(0, up, 150), rng.integers(0, across, 150), strict=True):
        expected = seen_by_hand(mesh, sight, 0.5, row, column)
        assert view.vertex[row, column] == (expected + 1000 if expected >= 0 else -1)
    assert (view.vertex >= 1120).any()  # the second
    assert (view.vertex == -1).any()


@pytest.mark.parametrize("n_vertices", [50, 5000])
def test_a_ball_is_a_disc_without_holes_bright_in_its_middle(n_vertices):
    points, triangles = ball(n_vertices)
    mesh = Mesh("ball", 40 * points, triangles, depth=points[:, 2])
    flipped = Mesh(
        "ball", mesh.vertices, np.where(np.arange(len(triangles))[:, None] % 2, triangles, triangles[:, ::-1])
    )
    view = look(mesh, "title", "right", 2)
    up, across = np.indices(view.vertex.shape) - np.array(view.vertex.shape)[:, None, None] / 2
    radius = np.hypot(up, across) / 80
    assert (view.vertex[radius < (0.9 if n_vertices == 50 else 0.98)] >= 0).all()
    assert (view.vertex[radius > 1.02] == -1).all()
    assert np.corrcoef(view.light[radius < 0.9], np.sqrt(1 - radius[radius < 0.9] ** 2))[0, 1] > 0.95
    assert np.corrcoef(view.depth[radius < 0.9], up[radius < 0.9])[0, 1] > 0.95
    assert 0 <= view.depth.min() <= view.depth.max() <= 1
    # Which way round the corners of a triangle are named is all the same.
    np.testing.assert_array_equal(look(flipped, "title", "right", 2).vertex >= 0, view.vertex >= 0)
    np.testing.assert_allclose(look(flipped, "title", "right", 2).light, view.light, atol=1e-3)


def test_views_lie_as_readers_know_them():
    # Vertices far to the left, to the right, in front, behind, at the top and at the bottom.
    far = 50 * np.array([[-1, 0, 0], [1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1.0]])
    octahedron = np.array([[x, y, z] for x in (0, 1) for y in (2, 3) for z in (4, 5)])
    mesh = Mesh("left", far, octahedron)
    for sight, middle, at_left, at_top in (("left", 0, 2, 4), ("right", 1, 3, 4), ("above", 4, 0, 2)):
        image = look(mesh, "title", sight, 1).vertex
        assert image[50, 50] == middle
        assert image[50, 0] == at_left
        assert image[-1, 50] == at_top  # rows go up


def test_hemispheres_are_seen_from_outside_and_inside_and_other_meshes_from_three_sides():
    left, right = hemispheres(50)
    (other,) = hemispheres(50, ["thalamus"])
    assert left.sights == (("left lateral", "left"), ("left medial", "right"))
    assert right.sights == (("right medial", "left"), ("right lateral", "right"))
    assert [sight for _, sight in other.sights] == ["left", "above", "right"]
    assert other.sights[1][0] == "thalamus, from above"


def test_values_are_looked_up_and_beside_the_mesh_is_nothing():
    view = look(hemispheres(80)[0], "title", "left", 1, first=5)
    values = np.arange(85.0) * 10
    image = view.values(values)
    assert np.isnan(image[view.vertex == -1]).all()
    shown = view.vertex >= 0
    np.testing.assert_array_equal(image[shown], 10 * view.vertex[shown])
    assert view.vertex[shown].min() >= 5


def test_a_vertex_in_no_triangle_and_a_triangle_without_an_area_are_no_harm():
    points, triangles = ball(50)
    points = np.vstack([points, [[0, 0, 0.5]]])
    mesh = Mesh("ball", 40 * points, np.vstack([triangles, [[3, 3, 7], [1, 1, 1]]]))
    view = look(mesh, "title", "left", 1)
    assert not (view.vertex == 50).any()
    np.testing.assert_array_equal(view.vertex, look(Mesh("ball", 40 * points, triangles), "title", "left", 1).vertex)
