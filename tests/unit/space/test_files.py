"""A damaged file, or one whose header says what cannot be, is refused in one sentence; no value changes unnoticed."""

import bz2
import gzip
import os
import time

import nibabel as nib
import numpy as np
import pytest

from secondlevel.base.errors import InputError
from secondlevel.space.grids import reference_grid
from secondlevel.space.headers import read_header
from secondlevel.space.images import load_image, read_labels

SHAPE = (6, 5, 4)
AFFINE = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])
DATA = np.random.default_rng(0).normal(5, 1, SHAPE).astype(np.float32)


def image(kind=nib.Nifti1Image, data=DATA):
    """A good image, whose s-form and q-form are both there."""
    made = kind(data, AFFINE)
    made.set_qform(AFFINE, code=1)
    made.header.set_xyzt_units("mm")
    return made


PLAIN = image().to_bytes()
PACKED = gzip.compress(PLAIN, mtime=0)


def with_fields(**fields):
    """The bytes of the image with other values in its header; `dim_1` is the field `dim` at 1."""
    header = nib.Nifti1Header(PLAIN[:348], check=False)
    for name, value in fields.items():
        field, _, place = name.rpartition("_")
        if place.isdigit():
            header[field][int(place)] = value
        else:
            header[name] = value
    return header.binaryblock + PLAIN[348:]


def refused(path):
    """The sentence by which a file is refused."""
    with pytest.raises(InputError) as caught:
        load_image(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert os.path.basename(path)[:3] in sentence
    return sentence


def refused_content(folder, content, name="map.nii"):
    (folder / name).write_bytes(content)
    return refused(folder / name)


def is_right(path):
    data, affine = load_image(path)
    np.testing.assert_array_equal(data, DATA)
    np.testing.assert_allclose(affine, AFFINE, atol=1e-5)


@pytest.mark.parametrize(
    "name", ["map.nii", "map.nii.gz", "map.NII.GZ", "two.nii", "two.nii.gz", "map.img", "map.img.gz"]
)
def test_good_files_are_read_as_they_are(tmp_path, name):
    kind = nib.Nifti2Image if "two" in name else nib.Nifti1Pair if ".img" in name else nib.Nifti1Image
    nib.save(image(kind), tmp_path / name)
    is_right(tmp_path / name)
    assert read_header(tmp_path / name).oriented


def test_byte_orders_scaled_numbers_and_extensions_are_read(tmp_path):
    made = image()
    made.header.extensions.append(nib.nifti1.Nifti1Extension(6, b"a comment"))
    nib.save(made, tmp_path / "extended.nii.gz")
    is_right(tmp_path / "extended.nii.gz")
    nib.save(nib.Nifti1Image(DATA, AFFINE, nib.Nifti1Header(endianness=">")), tmp_path / "big.nii")
    is_right(tmp_path / "big.nii")
    scaled = nib.Nifti1Image(DATA, AFFINE)
    scaled.set_data_dtype(np.int16)
    nib.save(scaled, tmp_path / "scaled.nii.gz")
    expected = np.asarray(nib.load(tmp_path / "scaled.nii.gz").dataobj, dtype=np.float32)
    np.testing.assert_array_equal(load_image(tmp_path / "scaled.nii.gz")[0], expected)


def test_packed_pieces_are_joined_and_what_follows_them_is_damage(tmp_path):
    path = tmp_path / "map.nii.gz"
    for content in (gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:]), PACKED + bytes(512)):
        path.write_bytes(content)
        is_right(path)
    for rest in (b"rest", b"\0\0x", PACKED, gzip.compress(b"x"), b"\x1f\x8b"):
        assert "broken or cut short" in refused_content(tmp_path, PACKED + rest, "map.nii.gz")


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_each_bit_of_the_checksum_and_length_at_the_end_counts(tmp_path, dtype):
    whole = gzip.compress(image(data=(10 * DATA).astype(dtype)).to_bytes())
    for place in range(-8, 0):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        assert "broken or cut short" in refused_content(tmp_path, bytes(damaged), "map.nii.gz")


def test_a_small_file_that_unpacks_to_a_lot_is_stopped(tmp_path):
    piece = gzip.compress(bytes(1 << 24))
    start = time.monotonic()
    sentence = refused_content(tmp_path, gzip.compress(PLAIN) + 200 * piece, "map.nii.gz")
    assert f"more than the {len(PLAIN):,} bytes that its header promises" in sentence
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"dim_0": 0}, "has shape ()"),
        ({"dim_0": 9}, "has shape ()"),
        ({"dim_0": 1}, "has shape (6,)"),
        ({"dim_0": 2}, "has shape (6, 5)"),
        ({"dim_0": 4, "dim_4": 2}, "has shape (6, 5, 4, 2)"),
        ({"dim_2": 0}, "has shape (6, 0, 4)"),
        ({"dim_1": -1, "glmin": 120}, "has shape (-1, 5, 4)"),
        ({"dim_3": 5}, "holds 832 bytes, its header promises 952"),
        ({"dim_3": 3}, "more than the 712 bytes"),
        ({"dim_1": 32767, "dim_2": 32767, "dim_3": 9}, "is its header broken"),
        ({"datatype": 32}, "complex numbers"),
        ({"datatype": 1792}, "complex numbers"),
        ({"datatype": 128}, "numbers of the type 128"),
        ({"datatype": 2304}, "numbers of the type 2304"),
        ({"datatype": 1}, "numbers of the type 1"),
        ({"datatype": 999}, "numbers of the type 999"),
        ({"datatype": 64}, "its header promises 1,312"),
        ({"vox_offset": 0}, "begin at byte 0"),
        ({"vox_offset": 348}, "begin at byte 348"),
        ({"vox_offset": 1e30}, "begin at byte 1e+30"),
        ({"vox_offset": np.nan}, "begin at byte nan"),
        ({"vox_offset": -352}, "begin at byte -352"),
        ({"vox_offset": 352.5}, "begin at byte 352.5"),
        ({"vox_offset": 368}, "holds 832 bytes, its header promises 848"),
        ({"magic": b"ni1"}, "does not begin as NIfTI or Analyze does"),
        ({"magic": b"abc"}, "does not begin as NIfTI or Analyze does"),
        ({"sizeof_hdr": 540}, "does not begin as NIfTI or Analyze does"),
        ({"xyzt_units": 1}, "is given in metres"),
        ({"xyzt_units": 3 + 8}, "is given in micrometres"),
        ({"srow_x": np.nan, "qform_code": 0}, "singular or no number"),
        ({"srow_x": 0, "qform_code": 0}, "singular or no number"),
        ({"srow_x": [1e30, 0, 0, 0], "qform_code": 0}, "singular or no number"),
        ({"srow_x": np.inf, "quatern_b": np.nan}, "singular or no number"),
        ({"sform_code": 0, "qform_code": 0, "pixdim_1": 0}, "singular or no number"),
        ({"srow_x": [-3, 0, 0, 30]}, "s-form and q-form, which are more than a voxel apart"),
        ({"srow_x": [3, 0, 0, 12]}, "s-form and q-form, which are more than a voxel apart"),
        ({"scl_slope": np.inf}, "scales values by inf"),
        ({"scl_slope": 1, "scl_inter": np.nan}, "broken or cut short"),
    ],
)
def test_a_header_that_cannot_be_is_refused_packed_or_not(tmp_path, fields, words):
    content = with_fields(**fields)
    assert words in refused_content(tmp_path, content)
    assert words in refused_content(tmp_path, gzip.compress(content), "map.nii.gz")


@pytest.mark.parametrize(
    "fields",
    [
        {"srow_x": 0},
        {"srow_y": np.nan},
        {"sform_code": 0},
        {"qform_code": 0},
        {"quatern_b": np.nan},
        {"quatern_c": 7},
        {"srow_x": [-3, 0, 0, 12.5], "qform_code": 0, "qoffset_x": 99},
        {"dim_0": 5, "dim_4": 1, "dim_5": 1},
        {"dim_7": -3, "bitpix": 99, "xyzt_units": 0},
        {"descrip": b"\xff" * 80, "intent_code": 3000},
    ],
)
def test_a_header_that_still_says_all_is_read(tmp_path, fields):
    (tmp_path / "map.nii").write_bytes(with_fields(**fields))
    data, affine = load_image(tmp_path / "map.nii")
    np.testing.assert_array_equal(data, DATA)
    np.testing.assert_allclose(affine[:3, :3], AFFINE[:3, :3], atol=1e-5)
    assert read_header(tmp_path / "map.nii").oriented


def test_an_image_that_says_nothing_of_its_axes_is_read_and_known(tmp_path):
    (tmp_path / "map.nii").write_bytes(with_fields(sform_code=0, qform_code=0))
    np.testing.assert_array_equal(load_image(tmp_path / "map.nii")[0], DATA)
    assert not read_header(tmp_path / "map.nii").oriented
    for read in (read_labels, reference_grid):  # what names places, and what all maps are brought to
        with pytest.raises(InputError, match="map.nii does not say how its axes lie .* so that left and right"):
            read(tmp_path / "map.nii")


def test_what_is_no_image_file_is_named(tmp_path):
    (tmp_path / "map.nii").mkdir()
    assert "is a folder" in refused(tmp_path / "map.nii")
    assert "does not exist" in refused(tmp_path / "map2.nii")
    (tmp_path / "map3.nii.gz").symlink_to(tmp_path / "nowhere")
    assert "a link to a file that is not here" in refused(tmp_path / "map3.nii.gz")
    os.mkfifo(tmp_path / "map4.nii")
    assert "is no regular file" in refused(tmp_path / "map4.nii")
    for pointer in (b"version https://git-lfs.github.com/spec/v1\n", b"/annex/objects/MD5E-s1--1.nii.gz\n"):
        for name in ("map5.nii", "map5.nii.gz"):
            assert "a pointer to one that was not fetched" in refused_content(tmp_path, pointer, name)
    assert "it is not gzip" in refused_content(tmp_path, PLAIN, "map6.nii.gz")
    for content in (PACKED, b"", b"no image", bytes(400), gzip.compress(b"<html>")):
        assert "is not an image that can be read" in refused_content(tmp_path, content, "map7.nii")


@pytest.mark.parametrize("name", ["map.nii.bz2", "map.nii.zst", "map.nii.xz", "map.zip", "map.mgz", "map.gii", "map"])
def test_other_formats_are_refused_by_the_ending_of_their_names(tmp_path, name):
    assert "maps and masks are .nii, .nii.gz, or .img with .hdr" in refused_content(tmp_path, bz2.compress(PLAIN), name)


def test_half_of_a_pair_is_named(tmp_path):
    nib.save(image(nib.Nifti1Pair), tmp_path / "map.img")
    (tmp_path / "map.hdr").rename(tmp_path / "kept")
    assert "map.hdr does not exist" in refused(tmp_path / "map.img")
    (tmp_path / "kept").rename(tmp_path / "map.hdr")
    whole = (tmp_path / "map.img").read_bytes()
    assert "its header promises 480" in refused_content(tmp_path, whole[:-2], "map.img")
    (tmp_path / "map.img").unlink()
    assert "map.img does not exist" in refused(tmp_path / "map.img")


def damaged(rng):
    """A name and the bytes of a file that is damaged somewhere."""
    kind = rng.integers(4)
    if kind == 0:  # a bit of the packed file
        content = bytearray(PACKED)
        content[rng.integers(len(content))] ^= 1 << rng.integers(8)
        return "map.nii.gz", bytes(content)
    if kind == 1:
        name, content = [("map.nii.gz", PACKED), ("map.nii", PLAIN)][rng.integers(2)]
        return name, content[: rng.integers(len(content))]
    content = bytearray(PLAIN)
    if kind == 2:  # a bit of the header where it tells of length and type, or of the format
        place = rng.choice([*range(76), *range(108, 112), *range(344, 348)])
        content[place] ^= 1 << rng.integers(8)
    else:  # a field full of noise
        begin, end = [(0, 4), (40, 42), (40, 56), (70, 72), (108, 112), (344, 348)][rng.integers(6)]
        content[begin:end] = rng.bytes(end - begin)
    content = bytes(content)
    return ("map.nii.gz", gzip.compress(content)) if rng.integers(2) else ("map.nii", content)


def test_of_600_damaged_files_each_is_refused_in_a_sentence_or_gives_the_right_values(tmp_path):
    rng, sentences, slowest = np.random.default_rng(20), [], 0
    for number in range(600):
        name, content = damaged(rng)
        path = tmp_path / name
        path.write_bytes(content)
        start = time.monotonic()
        try:
            data, affine = load_image(path)
        except InputError as error:
            sentences.append(str(error))
        else:
            np.testing.assert_array_equal(data, DATA, err_msg=str(number))
            np.testing.assert_allclose(affine, AFFINE, atol=1e-5)
        slowest = max(slowest, time.monotonic() - start)
    assert len(sentences) > 400
    assert [text for text in sentences if "\n" in text or str(tmp_path) not in text] == []
    assert slowest < 5
