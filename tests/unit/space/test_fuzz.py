"""Images damaged anywhere: each is refused in a sentence, or its values are what its bytes mean."""

import gzip
import itertools
import subprocess
import zlib

import numpy as np
import pytest

import nifti
from fuzzing import bounded, each, is_sentence, outcome
from secondlevel.base.errors import InputError
from secondlevel.space.affines import apart
from secondlevel.space.grids import reference_grid, same_grid
from secondlevel.space.headers import read_header
from secondlevel.space.images import load_image, read_labels

SHAPE = (6, 5, 4)
AFFINE = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])
DATA = np.random.default_rng(0).normal(50, 20, SHAPE)
DIM = [3, *SHAPE, 1, 1, 1, 1]


def some_image(rng):
    """The bytes of header and voxels of a good image, its version, the order of its bytes and the name of its file."""
    version, order, dtype = int(rng.integers(1, 3)), "<>"[rng.integers(2)], rng.choice(["u1", "i2", "f4", "f8", "u4"])
    pair, packed = rng.random() < 0.3, rng.random() < 0.5
    s_form, q_form, sizes = nifti.forms(AFFINE)
    head = nifti.header(
        version, order, pair, dim=DIM, datatype=nifti.CODES[dtype], bitpix=8 * np.dtype(dtype).itemsize,
        **s_form, **q_form, **sizes,
    )  # fmt: skip
    voxels = DATA.astype(np.dtype(dtype).newbyteorder(order)).tobytes(order="F")
    return head, voxels, version, order, f"map{'.img' if pair else '.nii'}{'.gz' * packed}"


def write(folder, head, voxels, name):
    """Write an image, of which either part may be damaged, and give its path."""
    for path in folder.iterdir():
        path.unlink()
    packed, pair = name.endswith(".gz"), ".img" in name
    files = {name: voxels, name.replace(".img", ".hdr"): head} if pair else {name: head + voxels}
    for file, content in files.items():
        (folder / file).write_bytes(gzip.compress(content, 1, mtime=0) if packed else content)
    return folder / name


def read(path, told):
    """Values and affine of an image; None if it is refused, in a sentence that is told."""
    found, refusal = outcome(load_image, path)
    if refusal:
        told.append(refusal)
        assert is_sentence(refusal, path.name[:3], longest=400)
    return found


def is_right(found, head, voxels, version, order, name):
    """Values and affine are what the bytes of a good image mean."""
    np.testing.assert_allclose(found[0], meant(head, voxels, version, order, name), rtol=1e-6)
    np.testing.assert_allclose(found[1], AFFINE, atol=1e-5)


def meant(head, voxels, version, order, name):
    """The values that the bytes of an image mean."""
    with np.errstate(over="ignore", invalid="ignore"):
        return nifti.values(head, voxels if ".img" in name else head + voxels, version, order).astype(np.float32)


@bounded
def test_800_files_whose_bytes_are_damaged_are_refused_or_give_the_values_that_were_written(tmp_path):
    """Packed files at any bit, others where they are cut; what follows the end of either."""
    rng, told = np.random.default_rng(1), []
    for _, (head, voxels, version, order, name) in each(some_image(rng) for _ in range(800)):
        path = write(tmp_path, head, voxels, name)
        damaged = path if ".nii" in name or rng.integers(2) else path.with_name(name.replace(".img", ".hdr"))
        content = bytearray(damaged.read_bytes())
        kind, place = rng.integers(5), int(rng.integers(len(content)))
        if kind == 0:
            content = content[:place]
        elif kind == 1:
            more = [bytes(8), b"\0x", b"\x1f\x8b", bytes(content), gzip.compress(b"x"), rng.bytes(20)]
            content += more[rng.integers(len(more))]
        elif not name.endswith(".gz"):  # a hole, which is as long as what was there
            continue
        elif kind == 2:
            content[place : place + 8] = rng.bytes(len(content[place : place + 8]))
        else:
            content[place] ^= 1 << rng.integers(8)
        damaged.write_bytes(content)
        found = read(path, told)
        if found:
            is_right(found, head, voxels, version, order, name)
    assert 400 < len(told) < 620


@bounded
def test_each_bit_of_a_packed_file_counts(tmp_path):
    shape, (s_form, _, sizes) = (4, 3, 2), nifti.forms(AFFINE)
    data = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    head = nifti.header(dim=[3, *shape, 1, 1, 1, 1], datatype=2, **s_form, **sizes)
    whole, path, told = gzip.compress(head + data.tobytes(order="F"), mtime=0), tmp_path / "map.nii.gz", []
    for bit, _ in each(range(8 * len(whole))):
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        found = read(path, told)
        if found:
            np.testing.assert_array_equal(found[0], data)
            np.testing.assert_allclose(found[1], AFFINE)
    # What says when, on what and by which level a file was packed.
    assert 8 * len(whole) - 80 <= len(told) < 8 * len(whole)


@bounded
def test_the_grid_of_a_damaged_reference_is_refused_or_the_one_that_was_written(tmp_path):
    rng, n_refused = np.random.default_rng(6), 0
    s_form, _, sizes = nifti.forms(AFFINE)
    whole = gzip.compress(nifti.header(dim=DIM, datatype=2, **s_form, **sizes) + bytes(120), mtime=0)
    for _, _ in each(range(200)):
        content = bytearray(whole)
        content[rng.integers(10, len(content))] ^= 1 << rng.integers(8)
        (tmp_path / "grid.nii.gz").write_bytes(content)
        found, refusal = outcome(reference_grid, tmp_path / "grid.nii.gz")
        n_refused += bool(refusal)
        assert refusal or same_grid(found, (SHAPE, AFFINE))
    assert n_refused > 190


def pieces(content, rng):
    """Bytes packed in some pieces, one after the other, with or without what a header of gzip can hold."""
    cuts = sorted(rng.integers(0, len(content) + 1, rng.integers(0, 4)))
    for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        packed = gzip.compress(content[begin:end], int(rng.integers(10)), mtime=int(rng.integers(2**31)))
        more = {4: b"\x05\0extra", 8: b"a name\0", 16: b"a comment\0"}
        flags = [flag for flag in more if rng.integers(2)]
        start = packed[:3] + bytes([sum(flags)]) + packed[4:10] + b"".join(more[flag] for flag in flags)
        if rng.integers(2):
            start = start[:3] + bytes([start[3] | 2]) + start[4:]
            start += (zlib.crc32(start) & 0xFFFF).to_bytes(2, "little")
        yield start + packed[10:]


@bounded
def test_500_images_packed_in_pieces_are_read_as_gzip_reads_them(tmp_path):
    rng, told, path = np.random.default_rng(3), [], tmp_path / "map.nii.gz"
    singles = (image for image in iter(lambda: some_image(rng), None) if ".nii" in image[-1])
    for _, (head, voxels, version, order, _) in each(itertools.islice(singles, 500)):
        whole = bytearray(b"".join(pieces(head + voxels, rng)) + bytes(rng.integers(2) * 512))
        if rng.integers(2):
            whole[rng.integers(len(whole))] ^= 1 << rng.integers(8)
        path.write_bytes(whole)
        done = subprocess.run(["gzip", "-dc"], input=whole, capture_output=True)
        unpacked = done.stdout if done.returncode == 0 else None
        found = read(path, told)
        if found:
            is_right(found, head, voxels, version, order, path.name)
        assert bool(found) == (unpacked == head + voxels)
    assert 150 < len(told) < 400


# What a field can be damaged to.
ODD = [0, 1, -1, 2, 3, 5, 7, 8, 100, 255, 256, 349, 352, 540, 544, 3001, 32767, 2**31 - 1, -(2**31), 2**40, 2**62]
ODD += [np.nan, np.inf, -np.inf, 1e-45, 1e-3, 0.5, 1e3, 1e6, 1e30, -1e30, 3.4e38]


def damage(head, version, order, names, rng):
    """A header with one of some fields, or a number of it, changed to something odd."""
    name = rng.choice(names)
    before = nifti.field(head, name, version, order)
    changed = bytearray(head)
    if name == "magic" or rng.integers(3) == 0:  # a bit of it
        begin = nifti.FIELDS[version][name][0]
        changed[begin + rng.integers(2)] ^= 1 << rng.integers(8)
        return bytes(changed)
    value = np.array(before)
    try:
        value.flat[rng.integers(value.size)] = ODD[rng.integers(len(ODD))]
        nifti.set_field(changed, name, value.item() if value.ndim == 0 else value, version, order)
    except (ValueError, OverflowError, nifti.struct.error):  # more than the field can hold
        pass
    return bytes(changed)


@bounded
def test_800_damaged_headers_are_refused_or_mean_what_their_fields_say(tmp_path):
    rng, told = np.random.default_rng(4), []
    for _, (head, voxels, version, order, name) in each(some_image(rng) for _ in range(800)):
        times = rng.choice([1, 1, 1, 2, 3])
        names = list(nifti.FIELDS[version])
        if times > 1:  # without its mark it may be Analyze, in which other fields have another meaning
            names.remove("magic")
        for _ in range(times):
            head = damage(head, version, order, names, rng)
        path = write(tmp_path, head, voxels, name)
        found = read(path, told)
        if found:
            np.testing.assert_allclose(found[0], meant(head, voxels, version, order, name), rtol=1e-6)
            # One form is damaged, and the other one is not; or none is known any more.
            assert times > 1 or apart(AFFINE, found[1], SHAPE) <= 1 or not read_header(path).oriented
    assert 250 < len(told) < 700


@bounded
def test_500_images_of_labels_hold_whole_numbers_or_are_refused(tmp_path):
    rng, n_refused, (s_form, _, sizes) = np.random.default_rng(5), 0, nifti.forms(AFFINE)
    special = [0, 1, -3, 312782616, 2**24 + 1, 2**31 - 1, 2**53 + 1, 2**62, 2**63 - 1, 2**64 - 1, 1.5, 1.99995, 1e30]
    special += [np.nan, np.inf, -np.inf, 1e-300, -0.0]
    for _, _ in each(range(500)):
        dtype = np.dtype(rng.choice(list(nifti.CODES)))
        data = rng.integers(0, 100, SHAPE).astype(dtype)
        with np.errstate(all="ignore"):
            data.flat[rng.integers(data.size)] = np.array(special[rng.integers(len(special))]).astype(dtype)
        slope, inter = [(1, 0), (0, 0), (np.nan, 0), (2, 0), (0.5, 0), (1, -7), (1, 0.25)][rng.integers(7)]
        more = {"scl_slope": slope, "scl_inter": inter, "dim": DIM, "datatype": nifti.CODES[dtype.str[1:]]}
        path = write(tmp_path, nifti.header(**more, **s_form, **sizes), data.tobytes(order="F"), "map.nii.gz")
        scaled = slope not in (0, 1) and not np.isnan(slope) or inter
        meant = data.astype(np.float64) * slope + inter if scaled else data
        whole = np.isfinite(meant).all() and (meant == np.floor(meant)).all()
        meant = [int(value) for value in meant.ravel()] if whole else None
        found, refusal = outcome(read_labels, path)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, str(path))
            assert not whole or max(map(abs, meant)) >= 2**63
        else:
            assert [int(value) for value in found[0].ravel()] == meant
    assert 100 < n_refused < 350


def bomb(begin):
    """Some bytes and 18 GB of zeros after them, packed to 18 MB."""
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + 1100 * zeros


@pytest.mark.parametrize("name", ["map.nii.gz", "map.img.gz", "map.hdr.gz", "map.mat.gz"])
@bounded
def test_a_small_file_that_unpacks_to_gigabytes_is_soon_refused(name, tmp_path):
    """Whichever part of an image it is; SPM's matrix beside Analyze as well."""
    s_form, _, sizes = nifti.forms(AFFINE)
    head = nifti.header(pair=name != "map.nii.gz", dim=DIM, datatype=2, **s_form, **sizes)
    of_analyze = head[:344] + bytes(4) if name == "map.mat.gz" else head
    (tmp_path / "map.hdr.gz").write_bytes(gzip.compress(of_analyze))
    (tmp_path / "map.img.gz").write_bytes(gzip.compress(bytes(120)))
    content = bomb(head + bytes(120) if name in ("map.nii.gz", "map.hdr.gz") else b"")
    (tmp_path / name).write_bytes(content)
    assert 17_000_000 < len(content) < 19_000_000
    for _, path in each([tmp_path / (name if name == "map.nii.gz" else "map.img.gz")]):
        with pytest.raises(InputError) as refused:
            load_image(path)
        assert is_sentence(str(refused.value), "map.")


@pytest.mark.parametrize("dim", [[3, 1000, 1000, 101], [3, 32767, 32767, 32767], [3, 700, 700, 700]])
@bounded
def test_an_image_that_is_as_large_as_its_header_says_can_still_be_too_large(dim, tmp_path):
    s_form, _, sizes = nifti.forms(AFFINE)
    head = nifti.header(dim=[*dim, 1, 1, 1, 1], datatype=2, **s_form, **sizes)
    packed, sparse = tmp_path / "map.nii.gz", tmp_path / "map.nii"
    packed.write_bytes(bomb(head))
    sparse.write_bytes(head)
    with open(sparse, "ab") as file:
        file.truncate(min(len(head) + int(np.prod(dim[1:], dtype=object)), 2**38))
    for _, path in each([packed, sparse]):
        with pytest.raises(InputError, match="more than 400,000,000 bytes of voxels; is its header broken"):
            load_image(path)


@bounded
def test_the_largest_image_is_read_in_little_more_memory_than_its_values_take(tmp_path):
    s_form, _, sizes = nifti.forms(AFFINE)
    path, n_voxels = tmp_path / "map.nii", 80_000_000
    path.write_bytes(nifti.header(dim=[3, 400, 400, 500, 1, 1, 1, 1], datatype=16, **s_form, **sizes))
    with open(path, "ab") as file:
        file.truncate(352 + 4 * n_voxels)
    for _, _ in each("x"):
        assert load_image(path)[0].size == n_voxels
