import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondlevel.report.packing import binned, digits_of, edges_of, packed, packed_text
from viewed import unpacked


@given(st.lists(st.integers(-(2**29), 2**29)))
def test_whole_numbers_are_what_they_were(numbers):
    assert unpacked(packed(np.array(numbers, dtype=np.int64)), len(numbers)).tolist() == numbers


def test_smooth_maps_and_masks_are_packed_small():
    mask = np.zeros((40, 40, 40), dtype=bool)
    mask[8:32, 8:32, 8:32] = True
    assert len(packed(mask.ravel())) < mask.size / 50
    smooth = np.cumsum(np.random.default_rng(0).integers(-3, 4, 50_000))
    assert len(packed(smooth)) < 50_000 * 0.6  # 2.8 bits each, by four thirds
    assert len(packed_text("again and again " * 1000)) < 200


@pytest.mark.parametrize(
    ("maximum", "of_test", "digits"),
    [(7.4, True, 2), (61.33, True, 2), (0.3, True, 2), (4321.0, True, -1), (0.6987, False, 3), (0, False, 2)]
    + [(1.0, False, 2), (99.96, False, 1), (12345.0, False, -2), (3.1e-7, False, 9)],
)
def test_three_digits_are_shown_of_an_effect_and_two_decimals_of_a_statistic(maximum, of_test, digits):
    assert digits_of(maximum, of_test) == digits


@given(
    st.lists(st.floats(-40, 40, width=32), min_size=1, max_size=60),
    st.lists(st.floats(-1, 40), max_size=4),
    st.integers(-1, 3),
)
def test_bins_keep_what_is_shown_and_what_is_counted(values, thresholds, digits):
    values = np.array(values, dtype=np.float64)
    edges = edges_of(np.abs(values).max(), digits, thresholds)
    bins = binned(values, edges)
    assert ((bins == 0) == (values == 0)).all()
    size = np.abs(bins)
    lower, upper = edges[np.maximum(size - 1, 0)], edges[size]
    assert ((np.abs(values) > lower) | (bins == 0)).all()
    assert (np.abs(values) <= upper).all()
    middle = np.sign(bins) * (lower + upper) / 2
    assert (np.abs(middle - values) <= 0.2501 * 10.0**-digits).all()
    numbers = np.arange(0, 41 * 10**digits) / 10.0**digits if digits >= 0 else np.arange(0, 50, 10)
    for threshold in [*numbers[:: max(1, len(numbers) // 99)], *(t for t in thresholds if t > 0)]:
        assert ((middle > threshold) == (values > threshold)).all()
        assert ((middle < -threshold) == (values < -threshold)).all()
