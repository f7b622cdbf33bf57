"""The matrices of MAT-files are those that scipy writes and reads."""

import io
import struct

import numpy as np
import pytest
import scipy.io

from secondlevel.space.matfiles import matrices

AFFINE = np.array([[-3.0, 0, 0.25, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])


@pytest.mark.parametrize("values", [AFFINE, np.eye(4), AFFINE.astype(np.float32), np.arange(6)[None], AFFINE * np.nan])
@pytest.mark.parametrize("more", [{"format": "4"}, {"format": "5"}, {"format": "5", "do_compression": True}])
def test_matrices_are_read_as_scipy_reads_them(values, more):
    file = io.BytesIO()
    scipy.io.savemat(file, {"M": np.eye(3), "mat": values}, **more)
    found = matrices(file.getvalue())
    assert list(found) == ["M", "mat"]
    np.testing.assert_array_equal(found["M"], np.eye(3))
    np.testing.assert_array_equal(found["mat"], scipy.io.loadmat(file)["mat"])


def test_what_is_no_real_matrix_is_left_out():
    file = io.BytesIO()
    scipy.io.savemat(
        file, {"text": "abc", "cell": np.array([1, "a"], dtype=object), "complex": 1j * AFFINE, "M": AFFINE}
    )
    assert list(matrices(file.getvalue())) == ["M"]


@pytest.mark.parametrize("content", [b"x", bytes(127) + b"x", bytes(124) + b"\0\1IMx", b"\7" + bytes(19), bytes(16)])
def test_what_is_no_such_file_is_an_error(content):
    with pytest.raises((ValueError, LookupError, struct.error)):
        matrices(content)
