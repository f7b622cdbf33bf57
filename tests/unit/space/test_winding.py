import numpy as np
import pytest

from meshed import hemispheres
from secondlevel.space.winding import outward


def is_outward(vertices, triangles):
    """Whether each triangle of a mesh around a point, from which all of it is seen, shows its outside."""
    centre = vertices.mean(axis=0)
    return np.array([np.linalg.det(vertices[corners] - centre) > 0 for corners in triangles])


@pytest.mark.parametrize("turn", ["none", "all", "some"])
def test_corners_run_counterclockwise_as_seen_from_outside(turn):
    vertices, triangles = [], []
    for number, mesh in enumerate(hemispheres(80)):
        known = is_outward(mesh.vertices, mesh.triangles)
        away = {"none": ~known, "all": known, "some": np.random.default_rng(number).random(len(known)) < 0.3}[turn]
        given = np.where(away[:, None], mesh.triangles[:, ::-1], mesh.triangles)
        found = outward(mesh.vertices, given)
        assert is_outward(mesh.vertices, found).all()
        assert [sorted(corners) for corners in found.tolist()] == [sorted(corners) for corners in given.tolist()]
        vertices.append(mesh.vertices)
        triangles.append(given + 80 * number)
    # Both as one mesh, of two parts.
    both = outward(np.concatenate(vertices), np.concatenate(triangles))
    for part, of_part in zip(vertices, (both[: len(both) // 2], both[len(both) // 2 :] - 80), strict=True):
        assert is_outward(part, of_part).all()


def test_what_is_named_well_stays_as_it_is():
    (mesh,) = hemispheres(80, ["left"])
    named = outward(mesh.vertices, mesh.triangles)
    np.testing.assert_array_equal(outward(mesh.vertices, named), named)


def test_a_strip_that_encloses_nothing_is_named_one_way():
    strip = np.array([[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]])
    points = np.array([[i / 2, i % 2, 0.0] for i in range(6)])
    found = outward(points, strip)
    sides = [np.sign(np.linalg.det(np.vstack([points[corners, :2].T, np.ones(3)]))) for corners in found]
    assert len(set(sides)) == 1
