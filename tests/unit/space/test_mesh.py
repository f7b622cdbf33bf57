"""Areas, Laplacian and heat on meshes, against numbers that were made apart from this project, and on a sphere."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import eval_legendre

from secondlevel.space.mesh import adjacency, diffusion_time, laplacian, smooth, vertex_areas

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "mesh.json").read_text())["cases"]
VERTICES, TRIANGLES = np.array(CASES[0]["vertices"]), np.array(CASES[0]["triangles"])
(HEAT,) = (case for case in CASES if case["what"].startswith("heat"))


def finer(vertices, triangles):
    """A mesh of a sphere with each triangle cut into four."""
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges, number = np.unique(edges, axis=0, return_inverse=True)
    middle = vertices[edges].mean(axis=1)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    ab, bc, ca = number.reshape(3, -1) + len(vertices)
    a, b, c = triangles.T
    parts = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return np.concatenate([vertices, middle]), np.concatenate([np.column_stack(part) for part in parts])


@pytest.fixture(scope="module")
def sphere():
    """10,242 vertices on a sphere with a radius of 1 mm."""
    mesh = VERTICES, TRIANGLES
    for _ in range(4):
        mesh = finer(*mesh)
    assert len(mesh[0]) == 10_242
    return mesh


def test_areas_laplacian_and_heat_as_they_were_found_elsewhere():
    np.testing.assert_allclose(vertex_areas(VERTICES, TRIANGLES), HEAT["lumped_mass"], rtol=1e-12)
    np.testing.assert_allclose(CASES[0]["vertex_areas_of_the_mesh"], HEAT["lumped_mass"])
    matrix = laplacian(VERTICES, TRIANGLES)
    row = matrix[[0]].toarray()[0]
    np.testing.assert_array_equal(np.flatnonzero(row), HEAT["laplacian_row_0_index"])
    np.testing.assert_allclose(row[HEAT["laplacian_row_0_index"]], HEAT["laplacian_row_0"], rtol=1e-9)
    np.testing.assert_allclose(matrix.sum(axis=1), 0, atol=1e-12)
    assert diffusion_time(HEAT["fwhm"]) == pytest.approx(HEAT["expected_time"], rel=1e-12)
    values = np.array(HEAT["values"])
    found = smooth(values, VERTICES, TRIANGLES, HEAT["fwhm"])
    np.testing.assert_allclose(found, HEAT["expected_exact"], rtol=1e-9)
    assert found @ HEAT["lumped_mass"] == pytest.approx(HEAT["expected_conserved"], rel=1e-9)
    several = smooth(np.column_stack([values, 2 * values]), VERTICES, TRIANGLES, HEAT["fwhm"])
    np.testing.assert_allclose(several, np.column_stack([found, 2 * found]), rtol=1e-9)
    assert smooth(values, VERTICES, TRIANGLES, 0) is values


def test_neighbours_share_an_edge():
    found = adjacency(TRIANGLES, len(VERTICES))
    pairs = {(one, other) for triangle in TRIANGLES for one in triangle for other in triangle if one != other}
    assert set(zip(*found.nonzero(), strict=True)) == pairs
    assert (found != found.T).nnz == 0


@pytest.mark.parametrize("fwhm", [0.1, 0.5])
def test_a_point_spreads_on_a_sphere_as_wide_as_asked(sphere, fwhm):
    vertices, areas = sphere[0], vertex_areas(*sphere)
    point = np.zeros(len(vertices))
    point[5000] = 1 / areas[5000]  # not one of the twelve at which five triangles meet
    weight = smooth(point, *sphere, fwhm) * areas
    assert weight.sum() == pytest.approx(1, rel=1e-9)
    # The mean cosine of the angle decays as the harmonic of degree 1 does.
    time = -np.log(weight @ (vertices @ vertices[5000])) / 2
    assert np.sqrt(16 * np.log(2) * time) == pytest.approx(fwhm, rel=5e-4)


@pytest.mark.parametrize("degree", [1, 4])
def test_harmonics_decay_on_a_sphere_and_a_constant_stays(sphere, degree):
    vertices, fwhm = sphere[0], 0.5
    harmonic = eval_legendre(degree, vertices @ [0.6, 0, 0.8])
    decayed = np.exp(-degree * (degree + 1) * diffusion_time(fwhm)) * harmonic
    found = smooth(harmonic, *sphere, fwhm)
    assert found @ harmonic / (decayed @ harmonic) == pytest.approx(1, rel=1e-3)
    np.testing.assert_allclose(found, decayed, atol=2e-3)
    np.testing.assert_allclose(smooth(np.full(len(vertices), 3.0), *sphere, fwhm), 3, rtol=1e-9)


def test_a_vertex_in_no_triangle_and_a_triangle_without_an_area_do_no_harm():
    vertices = np.concatenate([VERTICES, [[9.0, 9, 9]], VERTICES[:1]])
    triangles = np.concatenate([TRIANGLES, [[0, 43, 5]]])
    values = np.concatenate([HEAT["values"], [7.0, 1.0]])
    found = smooth(values, vertices, triangles, HEAT["fwhm"])
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[42:], [7, 1])
    np.testing.assert_allclose(found[:42], HEAT["expected_exact"], rtol=1e-9)
