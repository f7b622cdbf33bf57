"""A matrix of maps that may be larger than memory: written row by row, read column by column."""

import mmap

import numpy as np

from secondlevel.base.files import replacing


def columns(maps, start, stop):
    """Some columns of a matrix of maps.

    Those of a memory map are read from its file: looked at through the map, its pages would pile up in memory. A part
    of a memory map does not know where in the file it begins, and is taken as it is.
    """
    whole = isinstance(maps, np.memmap) and isinstance(maps.base, mmap.mmap) and maps.flags.c_contiguous
    if not whole:
        return maps[:, start:stop]
    out = np.empty((maps.shape[0], min(stop, maps.shape[1]) - start), maps.dtype)
    with open(maps.filename, "rb", buffering=0) as file:
        for number, row in enumerate(out):
            file.seek(maps.offset + (number * maps.shape[1] + start) * maps.itemsize)
            if file.readinto(row) != row.nbytes:
                raise OSError(f"{maps.filename} is shorter than its header says")
    return out


def write_matrix(path, rows, shape):
    """Write an iterable of arrays as the rows of a matrix of float32, one in memory at a time.

    Parameters
    ----------
    path : str
        Ends in ``.npy``.
    rows : iterable of ndarray, shape (n_columns,)
    shape : tuple
        (n_rows, n_columns)
    """
    with replacing(path) as part, open(part, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for row in rows:
            file.write(row.astype("<f4").tobytes())
