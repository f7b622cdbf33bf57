"""Files that are read whole before they are understood, and numbers as the matrix of maps has them."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.ledger import noting
from secondlevel.space.files import GZIP, refusing, require_file, unzipped

MOST = 4 * 10**8  # bytes of a file, unpacked


def content_of(path):
    """All bytes of a file, unpacked if gzip has packed it, whatever its name says.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If there is no such file, it is only a pointer to one, or it is empty, damaged or huge.
    """
    path = str(path)
    require_file(path)
    with refusing(path), noting(path) as file:
        content = file.read(MOST + 1)
        if content.startswith(GZIP):
            content = unzipped(content, MOST + 1)
    if not content:
        raise InputError(f"The image {path} is empty; copy or make it anew.")
    if len(content) > MOST:
        raise InputError(f"The image {path} holds more than {MOST:,} bytes, and no more are read; is it a single map?")
    return content


def real_values(path, values):
    """Numbers as float32, if they are real and not too large for that."""
    values = np.asarray(values)
    if values.dtype.kind not in "iufb":
        what = {"c": "complex numbers"}.get(values.dtype.kind, f"values of the type {values.dtype}")
        raise InputError(f"The image {path} holds {what}, and real numbers are needed; convert it.")
    try:
        with np.errstate(over="raise"):
            return values.astype(np.float32)
    except FloatingPointError:
        raise InputError(
            f"The image {path} holds numbers that are too large, beyond {np.finfo(np.float32).max:.2g}; write it anew "
            "in a larger unit, or with NaN where it has no value."
        ) from None


def whole_numbers(path, values, of="those of its regions"):
    """Numbers as int64, if all are whole; `of` says which they are."""
    values = np.asarray(values)
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    wrong = values[whole != values]
    if wrong.size:
        raise InputError(
            f"The image {path} must hold whole numbers, {of}, but it holds {wrong[0]:g} and others in "
            f"{wrong.size:,} places; write it anew as integers."
        )
    return whole
