"""Files of FreeSurfer are read as nibabel writes them, or refused in a sentence, and nibabel reads what is written."""

import gzip
import struct

import nibabel as nib
import numpy as np
import pytest
from nibabel.freesurfer import MGHImage, read_annot, read_geometry, write_geometry, write_morph_data

from secondlevel.base.packages import in_package
from secondlevel.space.freesurfer import read_labels, read_mesh, read_values, write_labels, write_values
from surfaces import TRIANGLES, VALUES, VERTICES, sentence

COLUMN = VALUES.reshape(-1, 1, 1)


def overlay(path, data=COLUMN):
    nib.save(MGHImage(data, np.eye(4)), path)
    return path


def thickness(folder, name="lh.thickness", values=VALUES):
    write_morph_data(folder / name, values, 8)
    return folder / name


def white(folder, name="lh.white", **more):
    write_geometry(folder / name, VERTICES, TRIANGLES, create_stamp="created by nobody", **more)
    return folder / name


@pytest.mark.parametrize("name", ["lh.thickness.mgh", "lh.thickness.mgz", "lh.x.MGZ"])
@pytest.mark.parametrize("shape", [(6, 1, 1), (1, 1, 6), (6,)])
def test_images_of_one_map_are_read(tmp_path, name, shape):
    found = read_values(overlay(tmp_path / name, VALUES.reshape(shape)))
    np.testing.assert_array_equal(found, VALUES)
    assert found.dtype == np.float32


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32])
def test_whole_numbers_are_read(tmp_path, dtype):
    found = read_values(overlay(tmp_path / "a.mgh", np.arange(6, dtype=dtype).reshape(6, 1, 1)))
    np.testing.assert_array_equal(found, np.arange(6, dtype=np.float32))


def test_morphometry_files_are_read(tmp_path):
    found = read_values(thickness(tmp_path))
    np.testing.assert_array_equal(found, VALUES)
    assert found.dtype == np.float32


def test_what_is_written_is_read_by_nibabel_and_equal_values_make_equal_files(tmp_path):
    for name in ("a.mgh", "a.mgz"):
        for folder in "xy":
            write_values(tmp_path / folder / name, VALUES.astype(float))
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()
        image = nib.load(tmp_path / "x" / name)
        assert (image.shape, image.get_data_dtype()) == ((6, 1, 1), ">f4")
        np.testing.assert_array_equal(np.asarray(image.dataobj).ravel(), VALUES)
        np.testing.assert_array_equal(read_values(tmp_path / "x" / name), VALUES)
    write_values(tmp_path / "b.mgz", np.arange(6))
    assert nib.load(tmp_path / "b.mgz").get_data_dtype() == ">i4"


def test_surfaces_are_read(tmp_path):
    about = {"head": [2, 0, 20], "valid": "1  # volume info valid", "filename": "a.mgz", "volume": [256] * 3}
    about |= {
        "voxelsize": [1.0] * 3,
        "xras": [-1.0, 0, 0],
        "yras": [0, 0, -1.0],
        "zras": [0, 1.0, 0],
        "cras": [0.0] * 3,
    }
    for more in ({}, {"volume_info": about}):
        path = white(tmp_path, **more)
        vertices, triangles = read_mesh(path)
        expected = read_geometry(path)
        np.testing.assert_array_equal(vertices, expected[0])
        np.testing.assert_array_equal(vertices, VERTICES)
        np.testing.assert_array_equal(triangles, TRIANGLES)


def test_regions_go_there_and_back(tmp_path):
    numbers = np.array([0, 7, 7, 2, 0, 900])
    write_labels(tmp_path / "lh.annot", numbers, {7: "seven"})
    codes, table, names = read_annot(tmp_path / "lh.annot")
    assert [names[code].decode() if code >= 0 else None for code in codes] == [
        None,
        "seven",
        "seven",
        "cluster 2",
        None,
        "cluster 900",
    ]
    labels = read_labels(tmp_path / "lh.annot")
    assert [labels(element) for element in range(6)] == [None, "seven", "seven", "cluster 2", None, "cluster 900"]
    write_labels(tmp_path / "lh.none.annot", np.zeros(6, dtype=int))
    assert read_labels(tmp_path / "lh.none.annot").names == {}


def test_an_atlas_has_the_regions_that_nibabel_finds(tmp_path):
    path = in_package("nilearn", "surface/tests/data/test.annot")
    codes, _, names = read_annot(path)
    labels = read_labels(path)
    told = {"unknown": None}
    expected = [told.get(name := names[code].decode(), name) if code >= 0 else None for code in codes]
    assert [labels(element) for element in range(len(codes))] == expected
    assert len(set(expected)) > 30


def annotation(numbers, entries, version=2, largest=None):
    """The bytes of an atlas; entries are numbers, names and colours."""

    def text(name):
        return struct.pack(">i", len(name) + 1) + name.encode() + b"\0"

    code = {place: red + (green << 8) + (blue << 16) for place, _, (red, green, blue) in entries}
    out = struct.pack(">i", len(numbers))
    for vertex, number in enumerate(numbers):
        out += struct.pack(">2i", vertex, code.get(number, 0))
    out += struct.pack(">i", 1)
    if version == 2:
        out += struct.pack(">2i", -2, largest or len(entries)) + text("table.txt") + struct.pack(">i", len(entries))
    else:
        out += struct.pack(">i", len(entries)) + text("table.txt")
    for place, name, colour in entries:
        out += (struct.pack(">i", place) if version == 2 else b"") + text(name) + struct.pack(">4i", *colour, 0)
    return out


ENTRIES = [(0, "unknown", (1, 1, 1)), (1, "cuneus", (220, 20, 100)), (2, "insula", (255, 192, 32))]


@pytest.mark.parametrize("version", [1, 2])
def test_both_versions_of_tables_are_read(tmp_path, version):
    (tmp_path / "a.annot").write_bytes(annotation([0, 1, 2, 2, -1], ENTRIES, version))
    labels = read_labels(tmp_path / "a.annot")
    assert [labels(element) for element in range(5)] == [None, "cuneus", "insula", "insula", None]
    assert [name.decode().rstrip("\0") for name in read_annot(tmp_path / "a.annot")[2]] == [
        "unknown",
        "cuneus",
        "insula",
    ]


def test_tables_with_gaps_and_in_another_order_are_read(tmp_path):
    entries = [(40, "insula", (255, 192, 32)), (7, "cuneus", (220, 20, 100))]
    (tmp_path / "a.annot").write_bytes(annotation([40, 7, -1], entries, largest=41))
    labels = read_labels(tmp_path / "a.annot")
    assert [labels(element) for element in range(3)] == ["insula", "cuneus", None]
    assert labels.names == {41: "insula", 8: "cuneus"}


def test_vertices_in_another_order_are_put_in_place(tmp_path):
    good = bytearray(annotation([1, 2, 2], ENTRIES))
    good[4:28] = good[12:28] + good[4:12]
    (tmp_path / "a.annot").write_bytes(good)
    labels = read_labels(tmp_path / "a.annot")
    assert [labels(element) for element in range(3)] == ["cuneus", "insula", "insula"]


def test_atlases_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / "lh.bad.annot"
    good = annotation([1, 2, 2], ENTRIES)
    for content, why in [
        (good.replace(struct.pack(">4i", 255, 192, 32, 0), struct.pack(">4i", 255, 192, 33, 0)), "colour 0x20c0ff"),
        (good[:28], "no table of its regions"),
        (good[:-3], "broken"),
        (good[:40], "broken"),
        (good[:9], "broken"),
        (good[:2], "broken"),
        (good.replace(struct.pack(">2i", -2, 3), struct.pack(">2i", -9, 3)), "version 9"),
        (struct.pack(">i", 2) + good[4:], "broken"),
        (good[:12] + struct.pack(">i", 0) + good[16:], "each vertex once"),
        (b"text, and not an atlas", "broken"),
    ]:
        path.write_bytes(content)
        told = sentence(read_labels, path)
        assert why in told
        assert str(path) in told


def test_what_is_no_single_map_is_refused_by_what_it_is(tmp_path):
    volume = np.zeros((4, 5, 6), dtype=np.float32)
    assert "shape (4, 5, 6) and is a volume" in sentence(read_values, overlay(tmp_path / "a.mgz", volume))
    several = np.zeros((6, 1, 1, 9), dtype=np.float32)
    assert "holds 9 maps, and one is needed" in sentence(read_values, overlay(tmp_path / "b.mgz", several))
    assert "holds a surface and not a map" in sentence(read_values, white(tmp_path))
    (tmp_path / "lh.w").write_bytes(bytes(40))
    assert "does not begin as the morphometry files" in sentence(read_values, tmp_path / "lh.w")
    (tmp_path / "sub-01.csv").write_text("a,b\n1,2\n")
    assert "maps of surfaces are .func.gii" in sentence(read_values, tmp_path / "sub-01.csv")
    good = thickness(tmp_path).read_bytes()
    (tmp_path / "lh.three").write_bytes(good[:11] + struct.pack(">i", 3) + good[15:])
    assert "3 values for each of 6 vertices" in sentence(read_values, tmp_path / "lh.three")


def test_what_is_no_surface_is_refused_by_what_it_is(tmp_path):
    assert "holds a map, or quadrangles" in sentence(read_mesh, thickness(tmp_path))
    assert "does not begin as those of FreeSurfer" in sentence(read_mesh, overlay(tmp_path / "a.mgh"))


def test_damaged_files_are_refused(tmp_path):
    curvature, surface = thickness(tmp_path).read_bytes(), white(tmp_path).read_bytes()
    image = overlay(tmp_path / "a.mgh").read_bytes()
    bad = tmp_path / "lh.bad"
    for content in (curvature[:-1], curvature + b"\0", curvature[:12]):
        bad.write_bytes(content)
        assert str(bad) in sentence(read_values, bad)
    begin = surface.index(b"\n\n") + 2
    for content in (
        surface[:-1],
        surface[: begin + 4],
        surface[:10],
        surface[:begin] + b"\xff" * 8 + surface[begin + 8 :],
    ):
        bad.write_bytes(content)
        assert "broken" in sentence(read_mesh, bad)
    for name in ("bad.mgh", "bad.mgz"):
        for wrong in (
            image[:200],
            image[:290],
            b"\0" * 400,
            image[:4] + b"\x7f" * 16 + image[20:],
            image[:20] + b"\7\7\7\7",
        ):
            (tmp_path / name).write_bytes(gzip.compress(wrong) if name.endswith("z") else wrong)
            assert "broken or cut short" in sentence(read_values, tmp_path / name)
    (tmp_path / "lh.area").write_bytes(b"")
    assert "is empty" in sentence(read_values, tmp_path / "lh.area")
    assert "does not exist" in sentence(read_mesh, tmp_path / "lh.pial")
