"""NIfTI by the offsets of its standard, without the library that the workflow reads it with."""

import struct

import numpy as np

# Offset and format of each field by the version; https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h, nifti2.h
FIELDS = {
    1: {
        "sizeof_hdr": (0, "i"), "dim": (40, "8h"), "intent_code": (68, "h"), "datatype": (70, "h"), "bitpix": (72, "h"),
        "pixdim": (76, "8f"), "vox_offset": (108, "f"), "scl_slope": (112, "f"), "scl_inter": (116, "f"),
        "xyzt_units": (123, "B"), "qform_code": (252, "h"), "sform_code": (254, "h"), "quatern": (256, "3f"),
        "qoffset": (268, "3f"), "srow": (280, "12f"), "magic": (344, "4s"),
    },
    2: {
        "sizeof_hdr": (0, "i"), "magic": (4, "8s"), "datatype": (12, "h"), "bitpix": (14, "h"), "dim": (16, "8q"),
        "pixdim": (104, "8d"), "vox_offset": (168, "q"), "scl_slope": (176, "d"), "scl_inter": (184, "d"),
        "qform_code": (344, "i"), "sform_code": (348, "i"), "quatern": (352, "3d"), "qoffset": (376, "3d"),
        "srow": (400, "12d"), "xyzt_units": (500, "i"), "intent_code": (504, "i"),
    },
}  # fmt: skip
SIZE = {1: 348, 2: 540}
MAGIC = {(1, False): b"n+1\0", (1, True): b"ni1\0", (2, False): b"n+2\0\r\n\x1a\n", (2, True): b"ni2\0\r\n\x1a\n"}
TYPES = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8",
}  # fmt: skip
CODES = {name: code for code, name in TYPES.items()}


def header(version=1, order="<", pair=False, **fields):
    """The bytes of a header with some fields; of the others, those that hold sizes and marks are right."""
    start = SIZE[version] + 4
    fields = {
        "sizeof_hdr": SIZE[version], "magic": MAGIC[version, pair], "vox_offset": 0 if pair else start, "scl_slope": 1,
        "xyzt_units": 2,
    } | fields  # fmt: skip
    content = bytearray(SIZE[version])
    for name, value in fields.items():
        set_field(content, name, value, version, order)
    return bytes(content) + (b"" if pair else bytes(4))


def set_field(content, name, value, version, order):
    """Write a field into the bytes of a header."""
    offset, form = FIELDS[version][name]
    struct.pack_into(order + form, content, offset, *np.atleast_1d(value))


def field(content, name, version, order):
    """A field of the bytes of a header, several numbers as an array."""
    offset, form = FIELDS[version][name]
    found = struct.unpack_from(order + form, content, offset)
    return found[0] if len(found) == 1 else np.array(found)


def values(head, voxels, version, order):
    """What voxels mean, as float64 of shape (x, y, z), from the bytes of the header and of the file that holds them."""
    n, *dim = field(head, "dim", version, order)
    dtype = np.dtype(TYPES[field(head, "datatype", version, order)]).newbyteorder(order)
    offset, slope, inter = (field(head, name, version, order) for name in ("vox_offset", "scl_slope", "scl_inter"))
    found = np.frombuffer(voxels, dtype, int(np.prod(dim[:n], dtype=object)), int(offset)).astype(np.float64)
    scaled = found if slope == 0 or np.isnan(slope) else found * slope + inter
    return scaled.reshape(dim[:3], order="F")


def forms(affine, code=1):
    """The fields of s-form and q-form for an affine without shears."""
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    turn = affine[:3, :3] / sizes
    qfac = 1.0 if np.linalg.det(turn) > 0 else -1.0
    turn = turn * [1, 1, qfac]
    of_s = {"sform_code": code, "srow": affine[:3].ravel()}
    of_q = {"qform_code": code, "quatern": quaternion(turn), "qoffset": affine[:3, 3]}
    return of_s, of_q, {"pixdim": [qfac, *sizes, 0, 0, 0, 0]}


def quaternion(turn):
    """The last three numbers of the quaternion of a rotation, the first of which is not negative."""
    from scipy.spatial.transform import Rotation

    *found, first = Rotation.from_matrix(turn).as_quat()
    return np.array(found) * (1 if first >= 0 else -1)
