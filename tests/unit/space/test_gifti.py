"""GIFTI files are read as they are meant, or refused in a sentence; what is written is read by nibabel."""

import gzip
import os

import nibabel as nib
import numpy as np
import pytest
from nibabel.gifti import GiftiLabel, GiftiLabelTable

from secondlevel.space.gifti import read_labels, read_mesh, read_values, write_labels, write_mesh, write_values
from secondlevel.space.intents import Intent
from surfaces import TRIANGLES, VALUES, VERTICES, gifti, sentence, surface


def table_of(**names):
    """A table of labels; keywords are such as `n3`."""
    table = GiftiLabelTable()
    for key, name in names.items():
        label = GiftiLabel(int(key[1:]))
        label.label = name
        table.labels.append(label)
    return table


@pytest.mark.parametrize("name", ["a.func.gii", "a.shape.gii", "a.GII", "a.shape.gii.gz"])
@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8"])
def test_values_are_read_as_nibabel_wrote_them(tmp_path, name, dtype):
    values = VALUES if dtype == "float32" else np.arange(6, dtype=dtype)
    path = gifti(tmp_path / "a.gii", (values, "shape"), meta={"AnatomicalStructurePrimary": "CortexRight"})
    content = path.read_bytes()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    found, structure = read_values(tmp_path / name)
    np.testing.assert_array_equal(found, values.astype(np.float32))
    assert (found.dtype, structure) == (np.float32, "CortexRight")


def test_a_column_is_a_map_and_another_order_of_bytes_is_read(tmp_path):
    found, structure = read_values(gifti(tmp_path / "a.gii", (VALUES[:, np.newaxis], "none")))
    np.testing.assert_array_equal(found, VALUES)
    assert structure is None
    swapped = gifti(tmp_path / "b.gii", (VALUES.byteswap(), "none"))
    text = swapped.read_text().replace('Endian="LittleEndian"', 'Endian="BigEndian"')
    swapped.write_text(text)
    np.testing.assert_array_equal(read_values(swapped)[0], VALUES)


@pytest.mark.parametrize("intent", [Intent(), Intent("t test", (87,), "t(87)"), Intent("z score", (), "z")])
def test_written_values_are_read_by_nibabel_and_equal_values_make_equal_files(tmp_path, intent):
    paths = [tmp_path / name / "map.func.gii" for name in "ab"]
    for path in paths:
        write_values(path, VALUES.astype(float), "CortexLeft", "my map", intent)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    image = nib.load(paths[0])
    (array,) = image.darrays
    np.testing.assert_array_equal(array.data, VALUES)
    assert array.data.dtype == np.float32
    assert array.intent == nib.nifti1.intent_codes.code[intent.kind]
    assert array.meta["Name"] == "my map"
    assert {key: text for key, text in array.meta.items() if "Intent" in key} == (
        {"Intent_p1": "87"} if intent.parameters else {}
    )
    assert image.meta["AnatomicalStructurePrimary"] == "CortexLeft"
    found, structure = read_values(paths[0])
    np.testing.assert_array_equal(found, VALUES)
    assert structure == "CortexLeft"


def test_a_surface_goes_there_and_back(tmp_path):
    write_mesh(tmp_path / "a.surf.gii", VERTICES, TRIANGLES, "CortexLeft")
    image = nib.load(tmp_path / "a.surf.gii")
    np.testing.assert_array_equal(image.agg_data("pointset"), VERTICES)
    np.testing.assert_array_equal(image.agg_data("triangle"), TRIANGLES)
    assert image.darrays[0].meta["AnatomicalStructurePrimary"] == "CortexLeft"
    vertices, triangles, structure = read_mesh(tmp_path / "a.surf.gii")
    np.testing.assert_array_equal(vertices, VERTICES)
    np.testing.assert_array_equal(triangles, TRIANGLES)
    assert (vertices.dtype, structure) == (float, "CortexLeft")
    write_mesh(tmp_path / "b.surf.gii", VERTICES, TRIANGLES)
    assert read_mesh(tmp_path / "b.surf.gii")[2] is None


def test_a_matrix_to_another_space_is_not_applied(tmp_path):
    path = surface(tmp_path / "a.surf.gii")
    text = path.read_text().replace("0.000000   0.000000   0.000000   1.000000", "0 0 0 1")
    path.write_text(text.replace("1.000000   0.000000", "2.000000   0.000000"))
    np.testing.assert_array_equal(read_mesh(path)[0], nib.load(path).agg_data("pointset"))


def test_regions_go_there_and_back(tmp_path):
    numbers = np.array([0, 3, 3, 1, 0, 12])
    write_labels(tmp_path / "a.label.gii", numbers, "CortexLeft", "clusters", {3: "large"})
    image = nib.load(tmp_path / "a.label.gii")
    np.testing.assert_array_equal(image.agg_data(), numbers)
    assert image.labeltable.get_labels_as_dict() == {0: "???", 1: "cluster 1", 3: "large", 12: "cluster 12"}
    assert len({label.rgba for label in image.labeltable.labels}) == 4
    labels, structure = read_labels(tmp_path / "a.label.gii")
    np.testing.assert_array_equal(labels.numbers, numbers)
    assert labels.names == {1: "cluster 1", 3: "large", 12: "cluster 12"}
    assert structure == "CortexLeft"
    assert [labels(element) for element in (0, 1)] == [None, "large"]
    np.testing.assert_array_equal(labels.at([1, -1, 5]).numbers, [3, 0, 12])


@pytest.mark.parametrize("nothing", ["???", "Unknown", "Medial_wall", "Background+FreeSurfer_Defined_Medial_Wall"])
def test_what_an_atlas_calls_nothing_is_no_region_and_number_0_can_be_one(tmp_path, nothing):
    numbers = np.array([0, 0, 5, 5, 7, 7], dtype=np.int32)
    path = gifti(tmp_path / "a.label.gii", (numbers, "label"), labels=table_of(n0="V1", n5=nothing, n7="V2"))
    labels, _ = read_labels(path)
    assert [labels(element) for element in range(6)] == ["V1", "V1", None, None, "V2", "V2"]
    assert 0 not in labels.names


def refused_values(tmp_path, *arrays, **more):
    return sentence(read_values, gifti(tmp_path / "bad.gii", *arrays, **more))


def test_what_is_no_single_map_is_refused_by_what_it_is(tmp_path):
    assert "holds a surface and not a map" in sentence(read_values, surface(tmp_path / "lh.surf.gii"))
    assert "numbers of regions" in refused_values(tmp_path, (np.arange(6, dtype=np.int32), "label"))
    assert "holds 3 maps, and one is needed" in refused_values(tmp_path, *[(VALUES, "time series")] * 3)
    assert "holds no maps" in refused_values(tmp_path)
    assert "shape (6, 3)" in refused_values(tmp_path, (VERTICES.astype(np.float32), "vector"))
    assert "complex numbers" in refused_values(tmp_path, (VALUES.astype(np.complex64), "none"))
    assert "holds no values" in refused_values(tmp_path, (VALUES[:0], "none"))
    assert "lists only some vertices" in refused_values(
        tmp_path, (np.arange(6, dtype=np.int32), "node index"), (VALUES, "none")
    )
    assert "too large" in refused_values(tmp_path, (np.array([1e300, 1]), "none"))


def test_what_is_no_surface_is_refused_by_what_it_is(tmp_path):
    values = gifti(tmp_path / "a.func.gii", (VALUES, "shape"))
    assert "0 sets of vertices and 0 of triangles" in sentence(read_mesh, values)
    flat = surface(tmp_path / "flat.surf.gii", vertices=VERTICES[:, :2])
    assert "vertices of shape (6, 2), and (n, 3) is needed" in sentence(read_mesh, flat)
    floats = TRIANGLES.astype(np.float32)
    floats[2, 1] = np.nan
    path = gifti(tmp_path / "b.surf.gii", (np.float32(VERTICES), "pointset"), (floats, "triangle"))
    assert "holds nan" in sentence(read_mesh, path)


def test_an_atlas_without_its_table_is_refused(tmp_path):
    numbers = np.array([0, 1, 2, 2, 9, 9], dtype=np.int32)
    path = gifti(tmp_path / "a.label.gii", (numbers, "label"), labels=table_of(n1="one"))
    told = sentence(read_labels, path)
    assert "holds the number 2, which its own table of labels does not name, and 1 more" in told
    assert "no table of labels" in sentence(read_labels, gifti(tmp_path / "b.label.gii", (numbers, "label")))
    halves = gifti(tmp_path / "c.label.gii", (VALUES, "label"), labels=table_of(n1="one"))
    assert "must hold whole numbers" in sentence(read_labels, halves)


def test_damaged_files_are_refused(tmp_path):
    good = gifti(tmp_path / "good.func.gii", (VALUES, "shape")).read_bytes()
    path = tmp_path / "bad.func.gii"
    for content in [good[:-20], good[: len(good) // 2], good[:30], b"\0" * 100, good + b"<more/>", b"text"]:
        path.write_bytes(content)
        assert f"The image {path} is broken or cut short" in sentence(read_values, path)
    for right, wrong in [
        (b'Dim0="6"', b'Dim0="7"'),
        (b"NIFTI_TYPE_FLOAT32", b"NIFTI_TYPE_STRANGE"),
        (b"<Data>", b"<D>"),
    ]:
        assert right in good
        path.write_bytes(good.replace(right, wrong).replace(b"</Data>", b"</D>" if wrong == b"<D>" else b"</Data>"))
        assert str(path) in sentence(read_values, path)
    path.write_bytes(b'<?xml version="1.0"?><html></html>')
    assert "broken" in sentence(read_values, path)
    path.write_bytes(b"")
    assert "is empty" in sentence(read_values, path)
    path.write_bytes(good.replace(b"GZipBase64Binary", b"ExternalFileBinary"))
    assert "keeps its numbers in another file" in sentence(read_values, path)


def test_what_is_no_file_of_this_kind_is_refused(tmp_path):
    assert "does not exist" in sentence(read_values, tmp_path / "none.func.gii")
    assert "names end in .gii" in sentence(read_values, tmp_path / "a.nii")
    (tmp_path / "folder.gii").mkdir()
    assert "is a folder" in sentence(read_values, tmp_path / "folder.gii")
    os.symlink(tmp_path / "nothing", tmp_path / "link.gii")
    assert "is a link" in sentence(read_mesh, tmp_path / "link.gii")
    (tmp_path / "pointer.gii").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert "pointer" in sentence(read_values, tmp_path / "pointer.gii")
    (tmp_path / "plain.gii.gz").write_text("<xml/>")
    assert "it is not gzip" in sentence(read_values, tmp_path / "plain.gii.gz")
