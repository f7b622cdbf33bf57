"""Read parts of a matrix of maps that may be larger than memory."""

import mmap

import numpy as np


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
