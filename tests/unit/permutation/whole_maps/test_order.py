"""The order of a map's voxels against numpy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from secondlevel.permutation.whole_maps.order import descending

TYPES = [np.float32, np.float64]


def check(values):
    """Whether what is above 0 comes as numpy sorts it, and each voxel with its own cell."""
    positions = np.random.default_rng(0).permutation(values.size).astype(np.int32)
    cells, heights = descending(values, positions)
    voxels = np.flatnonzero(values > 0)
    np.testing.assert_array_equal(heights, np.sort(values[voxels])[::-1], strict=True)
    np.testing.assert_array_equal(np.sort(cells), np.sort(positions[voxels]), strict=True)
    np.testing.assert_array_equal(values[np.argsort(positions)[cells]], heights)


@pytest.mark.parametrize("dtype", TYPES)
@given(data=st.data())
def test_any_numbers_come_as_numpy_sorts_them(dtype, data):
    check(data.draw(st_numpy.arrays(dtype, st.integers(0, 40), elements=st.floats(width=8 * dtype().itemsize))))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("decimals", [0, 2, 9])
def test_a_map_of_many_voxels_and_ties_comes_as_numpy_sorts_it(dtype, decimals):
    values = np.random.default_rng(decimals).standard_normal(20_000).round(decimals).astype(dtype)
    values *= 10.0 ** np.arange(-3, 5).repeat(2_500).astype(dtype)
    values[:500] = np.nan
    check(values)


@pytest.mark.parametrize("dtype", TYPES)
def test_nothing_zeros_infinities_and_what_is_no_number(dtype):
    tiny, huge = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
    for values in ([], [2.5], [-1], [0.0, -0.0], [np.nan, -np.nan], [-np.inf, 1, np.inf, np.nan, huge, tiny, 0, tiny]):
        check(np.array(values, dtype))


def test_equal_voxels_come_in_the_order_of_the_map():
    cells, _ = descending(np.array([1, 2, 1, 2, 1], np.float32), np.arange(5, dtype=np.int32))
    np.testing.assert_array_equal(cells, [1, 3, 0, 2, 4])
