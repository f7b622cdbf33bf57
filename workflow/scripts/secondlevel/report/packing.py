"""Maps as a page holds them: the voxels of the mask alone, to the digits that are shown of them, compressed.

A map's sizes are cut into bins, whose edges are all numbers of half a unit of the last digit that is shown, and all
thresholds that the page offers. So each value is shown as it is in the file, and each count of what is above a number
of so many digits, or above a threshold, is that of the file.
"""

import zlib
from base64 import b64encode

import numpy as np

SHOWN = 3  # digits of a map's largest value
DECIMALS = 2  # of a statistic and of -log10 p, as everywhere on the page
TOO_LARGE = 1000  # for these decimals


def digits_of(maximum, of_test):
    """How many decimals are shown of a map.

    Parameters
    ----------
    maximum : float
        The largest size of a value.
    of_test : bool
        Whether it is a statistic or a p value, and no effect in a unit of its own.

    Returns
    -------
    int
        Below 0 where the last digit that is shown is tens or more.
    """
    if of_test and maximum < TOO_LARGE:
        return DECIMALS
    return SHOWN - 1 - int(np.floor(np.log10(maximum))) if maximum > 0 else DECIMALS


def edges_of(maximum, digits, thresholds):
    """The edges of a map's bins, from 0 on.

    Parameters
    ----------
    maximum : float
    digits : int
    thresholds : iterable of float

    Returns
    -------
    ndarray, shape (n_edges,)
        In ascending order; the last is not below the maximum.
    """
    per_unit = 2 * float(f"1e{digits}")  # as the page reads it, to the last bit
    return np.union1d(np.arange(np.ceil(maximum * per_unit) + 1) / per_unit, [t for t in thresholds if t > 0])


def binned(values, edges):
    """The bin of each value.

    Parameters
    ----------
    values : ndarray, shape (n,)
    edges : ndarray, shape (n_edges,)

    Returns
    -------
    ndarray of int, shape (n,)
        i for a size above edge i - 1 and not above edge i, with the sign of the value; 0 for 0.
    """
    return (np.sign(values) * np.searchsorted(edges, np.abs(values), side="left")).astype(np.int64)


def packed(numbers):
    """Whole numbers as text: neighbours' differences, their bytes by place, compressed by zlib, in base 64.

    Parameters
    ----------
    numbers : ndarray of int, shape (n,)
        Of up to 31 bits.

    Returns
    -------
    str
    """
    steps = np.diff(numbers.astype(np.int64), prepend=0)
    unsigned = ((steps << 1) ^ (steps >> 63)).astype("<u4")  # small ones stay small, whatever their sign
    width = max(1, (int(unsigned.max(initial=0)).bit_length() + 7) // 8)
    planes = unsigned.view(np.uint8).reshape(-1, 4).T[:width]
    return b64encode(zlib.compress(planes.tobytes())).decode()


def packed_text(text):
    """Text, compressed by zlib, in base 64."""
    return b64encode(zlib.compress(text.encode())).decode()
