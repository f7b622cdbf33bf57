"""A matrix of maps that may be larger than memory: written row by row, read column by column."""

import mmap
from dataclasses import dataclass

import numpy as np

from secondlevel.base.files import replacing


@dataclass(frozen=True)
class Stacked:
    """Matrices of as many columns as one, whose rows are those of the first, the second and so on.

    Attributes
    ----------
    parts : tuple of ndarray or memmap, shape (n_rows, n_columns)
    """

    parts: tuple

    @property
    def shape(self):
        """(n_rows, n_columns) of all of them."""
        return sum(len(part) for part in self.parts), self.parts[0].shape[1]

    @property
    def itemsize(self):
        """Bytes of a number."""
        return self.parts[0].itemsize


def mapped(path, beneath=None):
    """The matrix in a file, without reading it; with a second one beneath it if there is any, as a `Stacked`."""
    maps = np.load(path, mmap_mode="r")
    return Stacked((maps, np.load(beneath, mmap_mode="r"))) if beneath else maps


def columns(maps, start, stop):
    """Some columns of a matrix of maps, or of a `Stacked` one.

    Those of a memory map are read from its file: looked at through the map, its pages would pile up in memory. A part
    of a memory map does not know where in the file it begins, and is taken as it is.
    """
    if isinstance(maps, Stacked):
        return np.concatenate([columns(part, start, stop) for part in maps.parts])
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
