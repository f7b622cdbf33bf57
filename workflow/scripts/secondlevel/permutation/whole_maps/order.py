"""A map's voxels above 0 from the highest to the lowest, by a radix sort that is compiled to machine code.

Numbers above 0 are in the order of their bits, read as a whole number. These are sorted by a few of their bits at a
time, from the last to the first: each pass keeps the order of the one before where its own digits are equal.
"""

import numpy as np

from secondlevel.base.compiling import compiled

DIGIT = 11  # bits; the counters of a digit fit into the processor's nearest cache
BITS = {np.dtype(np.float32): np.int32, np.dtype(np.float64): np.int64}


def descending(values, positions):
    """The voxels above 0, from the highest to the lowest; equal ones as they come.

    Parameters
    ----------
    values : ndarray of float32 or float64, shape (n_voxels,)
        May hold what is not a number, which is not above 0.
    positions : ndarray of int32, shape (n_voxels,)
        The voxels' cells.

    Returns
    -------
    cells : ndarray of int32, shape (n,)
    heights : ndarray, shape (n,)
        Their values.
    """
    cells, keys = sorted_down(values, values.view(BITS[values.dtype]), positions)
    return cells, keys.view(values.dtype)


@compiled
def sorted_down(values, bits, positions):
    """Cells and bits of the voxels whose values are above 0, see `descending`."""
    keys, cells, n = np.empty_like(bits), np.empty_like(positions), 0
    for voxel in range(values.size):
        # Written anyway, and kept or not: a branch that goes either way at random would take longer.
        keys[n], cells[n] = bits[voxel], positions[voxel]
        n += values[voxel] > 0
    keys, cells = keys[:n], cells[:n]
    to_keys, to_cells = np.empty_like(keys), np.empty_like(cells)
    for shift in range(0, 8 * bits.itemsize, DIGIT):
        places = np.zeros(2**DIGIT, np.uint32)
        for key in keys:
            places[(key >> shift) % 2**DIGIT] += 1
        taken = 0
        for digit in range(2**DIGIT - 1, -1, -1):
            places[digit], taken = taken, taken + places[digit]
        for voxel in range(n):
            key = keys[voxel]
            digit = (key >> shift) % 2**DIGIT
            place = places[digit]
            to_keys[place], to_cells[place] = key, cells[voxel]
            places[digit] = place + 1
        keys, to_keys, cells, to_cells = to_keys, keys, to_cells, cells
    return cells, keys
