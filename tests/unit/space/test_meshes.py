"""Surfaces by name and from files; what cannot be one is refused, what is unusual is told."""

import nibabel as nib
import numpy as np
import pytest
from nibabel.freesurfer import write_geometry

from conftest import REPO
from secondlevel.base.packages import in_package
from secondlevel.space.mesh import vertex_areas
from secondlevel.space.meshes import drawn, mesh_of, notices, require_fit
from surfaces import TRIANGLES, VALUES, VERTICES, gifti, sentence, surface

SURFACES = "white", "pial"
REAL = REPO.parent / "shared" / "datasets" / "thalamus_thickness"


def in_nilearn(name):
    return nib.load(in_package("nilearn", f"datasets/data/fsaverage5/{name}.gii.gz"))


@pytest.mark.parametrize("part", ["left", "right"])
def test_fsaverage5_is_the_midthickness_and_is_drawn_inflated(part):
    mesh = mesh_of("fsaverage5", part)
    white, pial = (in_nilearn(f"{name}_{part}").agg_data("pointset").astype(float) for name in SURFACES)
    np.testing.assert_allclose(mesh.vertices, (white + pial) / 2, rtol=1e-12)
    np.testing.assert_array_equal(mesh.triangles, in_nilearn(f"white_{part}").agg_data("triangle"))
    np.testing.assert_array_equal(mesh.triangles, in_nilearn(f"pial_{part}").agg_data("triangle"))
    assert (mesh.size, mesh.triangles.dtype, mesh.structure) == (10242, np.int32, f"Cortex{part.title()}")
    assert mesh.used.all()
    assert list(notices(mesh)) == []
    assert 60_000 < mesh.areas.sum() < 90_000
    assert (mesh.vertices[:, 0].mean() < 0) == (part == "left")
    vertices, depth = drawn(mesh, part)
    np.testing.assert_array_equal(vertices, in_nilearn(f"infl_{part}").agg_data("pointset"))
    np.testing.assert_array_equal(depth, in_nilearn(f"sulc_{part}").agg_data())


def test_the_area_of_fsaverage5_is_between_those_of_white_and_pial():
    white, pial = (vertex_areas(*in_nilearn(f"{name}_left").agg_data(("pointset", "triangle"))) for name in SURFACES)
    assert white.sum() < mesh_of("fsaverage5", "left").areas.sum() < pial.sum()


def test_surfaces_come_from_files(tmp_path):
    write_geometry(tmp_path / "lh.white", VERTICES, TRIANGLES, create_stamp="nobody")
    for path, part in [
        (tmp_path / "lh.white", "left"),
        (surface(tmp_path / "a.surf.gii", structure="AnyLeft"), "left"),
    ]:
        mesh = mesh_of(path, part)
        np.testing.assert_array_equal(mesh.vertices, VERTICES)
        np.testing.assert_array_equal(mesh.triangles, TRIANGLES)
        assert mesh.path == str(path)
        assert mesh.areas.sum() == pytest.approx(4 * np.sqrt(3))
        assert mesh.neighbours.sum() == 24
        assert drawn(mesh, part) == (mesh.vertices, None)
    assert mesh.structure == "AnyLeft"


def test_swapped_hemispheres_are_refused(tmp_path):
    path = surface(tmp_path / "a.surf.gii", structure="CortexRight")
    assert "its header says CortexRight; are left and right swapped?" in sentence(mesh_of, path, "left")
    write_geometry(tmp_path / "lh.white", VERTICES, TRIANGLES, create_stamp="nobody")
    assert "by its name it is of the left" in sentence(mesh_of, tmp_path / "lh.white", "right")
    assert "no part 'thalamus'; name a file" in sentence(mesh_of, "fsaverage5", "thalamus")


def changed(array, place, value):
    array = array.copy()
    array[place] = value
    return array


@pytest.mark.parametrize(
    ("vertices", "triangles", "why"),
    [
        (changed(VERTICES, (3, 1), np.nan), TRIANGLES, "vertex 3 and 0 others have coordinates that are no numbers"),
        (changed(VERTICES, (0, 0), np.inf), TRIANGLES, "no numbers"),
        (VERTICES, changed(TRIANGLES, (2, 1), 6), "the corner 6, and its 6 vertices are numbered from 0 to 5"),
        (VERTICES, changed(TRIANGLES, (2, 1), -1), "the corner -1"),
        (VERTICES, TRIANGLES + 1, "the corner 6"),
        (VERTICES, changed(TRIANGLES, (2, 1), 1), "triangle 2 has a corner twice"),
        (VERTICES, np.concatenate([TRIANGLES, TRIANGLES[:2, [1, 2, 0]]]), "it has 2 triangles twice"),
        (VERTICES, TRIANGLES[:0], "no triangles"),
    ],
)
def test_what_cannot_be_a_surface_is_refused(tmp_path, vertices, triangles, why):
    told = sentence(mesh_of, surface(tmp_path / "a.surf.gii", vertices, triangles), "left")
    assert why in told
    assert str(tmp_path / "a.surf.gii") in told


def told_of(tmp_path, vertices, triangles):
    return " ".join(notices(mesh_of(surface(tmp_path / "a.surf.gii", vertices, triangles), "left")))


def test_what_is_unusual_is_told(tmp_path):
    assert told_of(tmp_path, VERTICES, TRIANGLES) == ""
    more = np.concatenate([VERTICES, [[9, 9, 9], [8, 8, 8]]])
    assert "has 2 vertices in no triangle, which no analysis includes." in told_of(tmp_path, more, TRIANGLES)
    mesh = mesh_of(tmp_path / "a.surf.gii", "left")
    np.testing.assert_array_equal(mesh.used, [True] * 6 + [False] * 2)
    np.testing.assert_array_equal(mesh.areas > 0, mesh.used)
    assert "has 1 vertex in no triangle" in told_of(tmp_path, more[:7], TRIANGLES)
    assert "is open: 3 edges of triangles lead to no other one" in told_of(tmp_path, VERTICES, TRIANGLES[1:])
    fin = np.concatenate([TRIANGLES, [[0, 2, 6]]])
    assert "has 1 edge in more than two triangles" in told_of(tmp_path, more[:7], fin)
    twins = told_of(tmp_path, np.concatenate([VERTICES, VERTICES + 5]), np.concatenate([TRIANGLES, TRIANGLES + 6]))
    assert twins.endswith("has 2 pieces that do not touch.")


def test_maps_of_another_density_are_refused(tmp_path):
    mesh = mesh_of("fsaverage5", "left")
    require_fit("a.mgh", 10242, mesh)
    assert sentence(require_fit, "a.mgh", 163842, mesh) == (
        "The map a.mgh has 163,842 values, and the surface fsaverage5 has 10,242 vertices; is its mesh another one, as "
        "fsaverage has? Name the surface of that mesh, or resample the map."
    )
    assert "as fsLR-32k has?" in sentence(require_fit, "a.mgh", 32492, mesh)
    assert "is its mesh another one? Name" in sentence(require_fit, "a.mgh", 1234, mesh)
    assert "without the medial wall? Write it with all vertices." in sentence(require_fit, "a.mgh", 29696, mesh)


def test_a_map_in_place_of_a_surface_is_refused(tmp_path):
    path = gifti(tmp_path / "a.func.gii", (VALUES, "shape"))
    assert "is not a surface that can be read" in sentence(mesh_of, path, "left")
    assert "does not exist" in sentence(mesh_of, "fsaverage7", "left")


@pytest.mark.skipif(not REAL.is_dir(), reason="the thalamus dataset is not beside the project")
@pytest.mark.parametrize(("side", "part", "n"), [("L", "left", 3936), ("R", "right", 3832)])
def test_real_surfaces_are_closed(side, part, n):
    mesh = mesh_of(REAL / f"hemi-{side}_thalamus.surf.gii", part)
    assert (mesh.size, len(mesh.triangles)) == (n, 2 * n - 4)
    assert list(notices(mesh)) == []
