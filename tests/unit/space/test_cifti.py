"""CIFTI-2 files are read as nibabel reads them, or refused; what is written has the elements of the input."""

import struct

import nibabel as nib
import numpy as np
import pytest
from nibabel.cifti2 import BrainModelAxis, LabelAxis, ParcelsAxis, ScalarAxis, SeriesAxis

from secondlevel.space.cifti import atlas_on, read_labels, read_scalar, write_labels, write_scalar
from secondlevel.space.cifti_axes import describe, difference, places_in, require_same, structures, words_of
from surfaces import cifti, dense, grayordinates, sentence

AXIS = grayordinates()
VALUES = np.linspace(-2, 5, len(AXIS)).astype(np.float32)


def parcels(names=("V1", "V2", "thalamus")):
    """Parcels of vertices, and one of voxels."""
    return ParcelsAxis.from_brain_models(list(zip(names, (AXIS[:3], AXIS[3:6], AXIS[7:9]), strict=True)))


def atlas(path, numbers, table, axis=AXIS):
    labels = {key: (name, (0.1 * key, 0.2, 0.3, 1.0)) for key, name in table.items()}
    return cifti(path, np.array([numbers], dtype=np.int32), LabelAxis(["atlas"], [labels]), axis)


@pytest.mark.parametrize("axis", [AXIS, parcels()], ids=["grayordinates", "parcels"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
def test_maps_are_read_as_nibabel_reads_them(tmp_path, axis, dtype):
    values = (100 * VALUES[: len(axis)]).astype(dtype)
    path = dense(tmp_path / "a.dscalar.nii", values[np.newaxis], axis)
    found, elements = read_scalar(path)
    np.testing.assert_array_equal(found, values.astype(np.float32))
    assert found.dtype == np.float32
    assert elements == nib.load(path).header.get_axis(1) == axis
    assert difference(elements, axis) is None
    again = dense(tmp_path / "b.dscalar.nii", values[np.newaxis] * 2, axis, ["another map"])
    assert read_scalar(again)[1] is elements  # what is the same text is understood once


@pytest.mark.parametrize(("axis", "code"), [(AXIS, 3006), (parcels(), 3008)], ids=["grayordinates", "parcels"])
def test_what_is_written_is_read_by_nibabel_with_the_elements_of_the_input(tmp_path, axis, code):
    values = np.where(np.arange(len(axis)) == 1, np.nan, VALUES[: len(axis)])
    _, elements = read_scalar(dense(tmp_path / "in.nii", None if axis is AXIS else np.ones((1, 3)), axis))
    for name in "ab":
        write_scalar(tmp_path / name / "z.dscalar.nii", values, elements, "z map")
    assert (tmp_path / "a/z.dscalar.nii").read_bytes() == (tmp_path / "b/z.dscalar.nii").read_bytes()
    image = nib.load(tmp_path / "a/z.dscalar.nii")
    np.testing.assert_array_equal(image.get_fdata(), [np.float32(values)])
    assert image.get_data_dtype() == np.float32
    assert image.header.get_axis(1) == axis
    assert list(image.header.get_axis(0).name) == ["z map"]
    assert int(image.nifti_header["intent_code"]) == code
    np.testing.assert_array_equal(read_scalar(tmp_path / "a/z.dscalar.nii")[0], np.float32(values))


def test_regions_go_there_and_back(tmp_path):
    numbers = np.resize([0, 2, 5], len(AXIS))
    write_labels(tmp_path / "a.dlabel.nii", numbers, AXIS, "clusters", {5: "large"})
    image = nib.load(tmp_path / "a.dlabel.nii")
    np.testing.assert_array_equal(image.get_fdata(), [numbers])
    assert image.header.get_axis(1) == AXIS
    assert {key: name for key, (name, _) in image.header.get_axis(0).label[0].items()} == {
        0: "???",
        2: "cluster 2",
        5: "large",
    }
    assert int(image.nifti_header["intent_code"]) == 3007
    labels, axis = read_labels(tmp_path / "a.dlabel.nii")
    np.testing.assert_array_equal(labels.numbers, numbers)
    assert labels.names == {2: "cluster 2", 5: "large"}
    assert axis == AXIS


def test_an_atlas_of_more_elements_names_those_of_the_maps(tmp_path):
    """As an atlas with the medial wall does for maps without, and one of the cortex alone for all."""
    wide = BrainModelAxis.from_surface(np.arange(6), 6, "CortexLeft")
    path = atlas(tmp_path / "a.dlabel.nii", [0, 1, 2, 3, 4, 5], {k: f"r{k}" for k in range(1, 6)}, wide)
    found = atlas_on(AXIS, path)
    assert [found(element) for element in range(len(AXIS))] == [None, "r1", "r3", "r5"] + [None] * (len(AXIS) - 4)
    np.testing.assert_array_equal(places_in(wide, AXIS), [0, 1, -1, 2, -1, 3])
    back = AXIS[::-1]
    np.testing.assert_array_equal(places_in(AXIS, back), np.arange(len(AXIS))[::-1])
    path = atlas(tmp_path / "p.plabel.nii", [7, 0, 8], {7: "visual", 8: "deep"}, parcels())
    found = atlas_on(parcels(("thalamus", "V9", "V1")), path)
    assert [found(element) for element in range(3)] == ["deep", None, "visual"]


def test_atlases_that_do_not_fit_are_refused(tmp_path):
    other = BrainModelAxis.from_surface(np.arange(7), 7, "CortexLeft")
    path = atlas(tmp_path / "a.dlabel.nii", np.ones(7), {1: "one"}, other)
    assert "of a mesh of 7 vertices, and that of the maps of 6" in sentence(atlas_on, AXIS, path)
    assert "and the maps hold 3 parcels" in sentence(atlas_on, parcels(), path)
    moved = grayordinates((4, 3, 3))
    path = atlas(tmp_path / "b.dlabel.nii", np.ones(len(moved)), {1: "one"}, moved)
    assert "another grid" in sentence(atlas_on, AXIS, path)
    path = atlas(tmp_path / "c.dlabel.nii", np.arange(len(AXIS)), {1: "one"})
    assert "holds the number 2, which its own table" in sentence(read_labels, path)
    assert "not an atlas" in sentence(read_labels, dense(tmp_path / "d.dscalar.nii"))


def test_what_is_no_single_map_is_refused_by_what_it_is(tmp_path):
    n, few, path = len(AXIS), parcels(), tmp_path / "bad.nii"
    for axes, why in [
        ((SeriesAxis(0, 2, 40), AXIS), "a dense time series (dtseries) of 40 time points and not one map"),
        ((SeriesAxis(0, 2, 40), few), "time series of parcels (ptseries) of 40 time points"),
        ((AXIS, AXIS), "dense connectivity (dconn)"),
        ((few, few), "connectivity of parcels (pconn) and not one map; write it as a square table"),
        ((few, AXIS), "a matrix of another kind"),
        ((ScalarAxis(["a", "b", "c"]), AXIS), "holds 3 maps, and one is needed"),
        ((ScalarAxis(["a"]), SeriesAxis(0, 2, 40)), "a matrix of another kind"),
    ]:
        cifti(path, np.zeros([len(axis) for axis in axes], dtype=np.float32), *axes)
        told = sentence(read_scalar, path)
        assert why in told
        assert str(path) in told
    atlas(path, np.zeros(n), {1: "one"})
    assert "numbers of regions (dlabel)" in sentence(read_scalar, path)
    doubles = dense(path, np.ones((1, n))).read_bytes()
    path.write_bytes(doubles[:12] + struct.pack("<h", 32) + doubles[14:])  # as long as a complex number
    assert "complex numbers" in sentence(read_scalar, path)
    dense(path, np.full((1, n), 1e200))
    assert "too large" in sentence(read_scalar, path)


def test_other_files_are_refused(tmp_path):
    for kind in (nib.Nifti1Image, nib.Nifti2Image):
        nib.save(kind(np.zeros((2, 3, 4), dtype=np.float32), np.eye(4)), tmp_path / "a.nii")
        assert "CIFTI-2" in sentence(read_scalar, tmp_path / "a.nii")
    assert "is a NIfTI volume" in sentence(read_scalar, tmp_path / "a.nii")
    (tmp_path / "a.dscalar.nii").write_text("text")
    assert "does not begin as such files do" in sentence(read_scalar, tmp_path / "a.dscalar.nii")
    (tmp_path / "a.dscalar.nii").write_bytes(b"")
    assert "is empty" in sentence(read_scalar, tmp_path / "a.dscalar.nii")
    assert "does not exist" in sentence(read_scalar, tmp_path / "none.dscalar.nii")


def test_damaged_files_are_refused(tmp_path):
    good = dense(tmp_path / "good.dscalar.nii").read_bytes()
    bad = tmp_path / "bad.dscalar.nii"
    for content in (
        good[:-5],
        good[:600],
        good[:541],
        good.replace(b"MatrixIndicesMap", b"MatrixIndicesMop"),
        good.replace(b'IndexCount="4"', b'IndexCount="5"'),
        good.replace(b"<VertexIndices>0 1 3 5", b"<VertexIndices>0 1 3 6"),
        good.replace(b"<VertexIndices>0 1 3 5", b"<VertexIndices>0 1 3 3"),
        good.replace(b"<VertexIndices>0 1 3 5", b"<VertexIndices>0 1 3 x"),
        good.replace(b"CORTEX_LEFT", b"CORTEX_LOFT"),
        good.replace(b'VolumeDimensions="4,3,2"', b'VolumeDimensions="1,3,2"'),
        good.replace(b'<CIFTI Version="2', b'<CIFTI Version="1'),
        good[:64] + struct.pack("<q", len(AXIS) - 1) + good[72:],
    ):
        assert content != good
        bad.write_bytes(content)
        assert f"The image {bad} is broken or cut short" in sentence(read_scalar, bad)
    twice = dense(tmp_path / "p.pscalar.nii", np.zeros((1, 3)), parcels(("V1", "V1", "V2")))
    assert "2 parcels named 'V1'" in sentence(read_scalar, twice)


def test_metres_become_millimetres(tmp_path):
    path = dense(tmp_path / "a.dscalar.nii")
    content = path.read_bytes()
    assert b'MeterExponent="-3"' in content
    path.write_bytes(content.replace(b'MeterExponent="-3"', b'MeterExponent="-2"'))
    np.testing.assert_allclose(read_scalar(path)[1].affine[:3], 10 * AXIS.affine[:3])


def test_elements_in_words():
    assert (
        describe(AXIS) == "4 vertices of the left cortex, 3 vertices of the right cortex and 4 voxels of 2 structures"
    )
    assert describe(AXIS[:1]) == "1 vertex of the left cortex"
    assert describe(AXIS[7:9]) == "2 voxels of the left thalamus"
    assert describe(parcels()) == "3 parcels"
    told = {
        "CORTEX_LEFT": "left cortex",
        "BRAIN_STEM": "brain stem",
        "DIENCEPHALON_VENTRAL_RIGHT": None,
        "OTHER": "other",
    }
    told["DIENCEPHALON_VENTRAL_RIGHT"] = "right diencephalon ventral"
    assert {name: words_of(f"CIFTI_STRUCTURE_{name}") for name in told} == told
    found = [(words_of(name), where.tolist(), n) for name, where, n in structures(AXIS)]
    assert found[0] == ("left cortex", [0, 1, 2, 3], 6)
    assert found[3] == ("right thalamus", [9, 10], None)


def moved(axis):
    made = axis[:]
    made.affine = axis.affine + np.eye(4)
    return made


def other_vertices(axis):
    made = axis[:]
    made.vertex = axis.vertex.copy()
    made.vertex[0] = 2
    return made


LARGER = BrainModelAxis.from_surface([0, 1, 3, 5], 8, "CortexLeft") + AXIS[4:]
SWAPPED = AXIS[4:7] + AXIS[:4] + AXIS[7:]


@pytest.mark.parametrize(
    ("axis", "other", "why"),
    [
        (AXIS[4:], AXIS, "it lacks the left cortex"),
        (AXIS, AXIS[:7], "it has the left thalamus, right thalamus"),
        (LARGER, AXIS, "its left cortex is of a mesh of 8 vertices, and not of a mesh of 6 vertices"),
        (AXIS[1:], AXIS, "it has 3 vertices of the left cortex, and not 4"),
        (AXIS[:-1], AXIS, "it has 1 voxel of the right thalamus, and not 2"),
        (other_vertices(AXIS), AXIS, "it has other vertices of the left cortex, or in another order"),
        (moved(AXIS), AXIS, "its voxels lie on another grid"),
        (SWAPPED, AXIS, "its structures are in another order"),
        (parcels(), AXIS, "it holds 3 parcels, and not 4 vertices of the left cortex"),
        (parcels(("V1", "V2", "x")), parcels(), "it has 3 parcels and not 3: it lacks thalamus and has x"),
        (parcels()[:2], parcels(), "it has 2 parcels and not 3: it lacks thalamus"),
        (parcels()[::-1], parcels(), "its parcels are in another order"),
        (parcels(("V2", "V1", "thalamus"))[[1, 0, 2]], parcels(), "other vertices or voxels"),
    ],
)
def test_what_differs_is_told(axis, other, why):
    assert why in difference(axis, other)
    told = sentence(require_same, "sub-02.nii", axis, "sub-01.nii", other)
    assert told.startswith("The map sub-02.nii does not fit sub-01.nii: it")
    assert difference(axis, axis[:]) is None
    require_same("a", axis, "b", axis[:])
