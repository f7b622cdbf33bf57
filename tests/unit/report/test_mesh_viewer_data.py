import numpy as np
import pytest

from meshed import hemispheres
from secondlevel.report.mesh_viewer_data import grid_of_meshes
from secondlevel.space.relief import relief
from viewed import unpacked


def places_of(text, count):
    return unpacked(text, 3 * count).reshape(3, count).T / 100


@pytest.mark.parametrize("drawn", [False, True])
def test_meshes_are_what_they_were(drawn):
    meshes = hemispheres(120)
    inside = np.random.default_rng(0).random(240) < 0.8
    given = {mesh.name: (mesh.vertices, mesh.triangles) for mesh in meshes}
    elsewhere = {"right": meshes[1].vertices * 1.5 + 3} if drawn else None
    grid = grid_of_meshes(given, inside, {"left": meshes[0].depth}, elsewhere)
    assert [each["name"] for each in grid["meshes"]] == ["left", "right"]
    for each, mesh in zip(grid["meshes"], meshes, strict=True):
        np.testing.assert_allclose(places_of(each["places"], each["count"]), mesh.vertices, atol=0.00501)
        corners = unpacked(each["triangles"]["corners"], 3 * each["triangles"]["count"]).reshape(-1, 3)
        assert {frozenset(corner) for corner in corners.tolist()} == {frozenset(c) for c in mesh.triangles.tolist()}
    left, right = grid["meshes"]
    np.testing.assert_array_equal(unpacked(left["depth"], 120), np.rint(15 * relief(meshes[0].depth)))
    assert right["depth"] is None
    assert left["drawn"] is None
    if drawn:
        np.testing.assert_allclose(places_of(right["drawn"], 120), elsewhere["right"], atol=0.00501)
    np.testing.assert_array_equal(unpacked(grid["inside"], 240), inside)


def test_depth_is_told_apart_but_for_the_most_extreme():
    depth = np.append(np.linspace(-1, 1, 99), [50, np.nan])
    shades = relief(depth)
    assert shades[-2] == 1
    assert shades[-1] == shades[0] == 0
    assert (np.diff(shades[5:90]) > 0).all()
    assert (relief(np.full(5, 2.0)) == 0).all()
