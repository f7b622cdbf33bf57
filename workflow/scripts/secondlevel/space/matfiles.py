"""The matrices in a MAT-file, which SPM writes beside an Analyze image to say where it lies.

Levels 4 and 5 of the format, packed or not (MathWorks, MAT-File Format). scipy reads them too, but some damaged files
end its whole process, and one file must not end the run of the others.
"""

import struct
import zlib

import numpy as np

MOST = 2**16  # bytes of a matrix, unpacked
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
MATRIX, PACKED = 14, 15  # elements of level 5
OF_NUMBERS, COMPLEX = range(6, 16), 0x800  # classes of arrays, and what marks those with an imaginary part
PRECISIONS = ["f8", "f4", "i4", "i2", "u2", "u1"]  # of level 4
ORDERS = {b"IM": "<", b"MI": ">"}


def matrices(content):
    """The arrays of real numbers in a MAT-file.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    dict of ndarray of float64, by name

    Raises
    ------
    ValueError, LookupError, struct.error, zlib.error
        If it is no such file, or damaged.
    """
    order = ORDERS.get(content[126:128])
    return dict(of_level_5(content[128:], order) if order else of_level_4(content))


def of_level_4(content):
    """Names and arrays of a file of level 4: for each five numbers, its name, and its values by columns."""
    while content:
        order = "<" if struct.unpack("<i", content[:4])[0] in range(1000) else ">"
        kind, rows, columns, is_complex, length = struct.unpack(f"{order}5i", content[:20])
        if min(rows, columns, length) < 0 or is_complex or kind % 10:
            raise ValueError("it holds something else than real matrices")
        dtype = np.dtype(order + PRECISIONS[kind // 10 % 10])
        values = np.frombuffer(content, dtype, rows * columns, 20 + length)
        name = content[20 : 20 + length].rstrip(b"\0").decode("latin-1")
        yield name, values.reshape((rows, columns), order="F").astype(np.float64)
        content = content[20 + length + values.nbytes :]


def elements(content, order):
    """Kinds and bytes of the elements of level 5 that follow each other; small ones have both in one number."""
    while content:
        kind, size = struct.unpack(f"{order}2I", content[:8])
        begin = 4 if kind >> 16 else 8
        kind, size = (kind & 0xFFFF, kind >> 16) if kind >> 16 else (kind, size)
        if begin + size > len(content):
            raise ValueError("it is cut short")
        yield kind, content[begin : begin + size]
        content = content[begin + size :] if kind == PACKED else content[-(-(begin + size) // 8) * 8 :]


def of_level_5(content, order):
    """Names and arrays of the elements of a file of level 5."""
    for kind, data in elements(content, order):
        if kind == PACKED:
            kind, data = next(elements(zlib.decompressobj().decompress(data, MOST), order))
        if kind == MATRIX:
            yield from of_matrix(data, order)


def of_matrix(data, order):
    """Name and array of a matrix of level 5, if it is one of real numbers."""
    (_, flags), (_, shape), (_, name), *values = elements(data, order)
    flags = struct.unpack(f"{order}I", flags[:4])[0]
    if flags & 0xFF in OF_NUMBERS and not flags & COMPLEX:
        kind, numbers = values[0]
        shape = np.frombuffer(shape, f"{order}i4")
        found = np.frombuffer(numbers, order + NUMBERS[kind]).reshape(shape, order="F")
        yield name.decode("latin-1"), found.astype(np.float64)
