import numpy as np
import pytest

from secondlevel.correction import fwe_p_values, fwe_threshold
from secondlevel.nulls import Null


def test_p_counts_the_observed_order_and_ties():
    p = fwe_p_values(np.array([0.5, 2.0, 2.0 + 1e-7, 9.0]), np.array([1.0, 2.0, 3.0]), 1e-6)
    np.testing.assert_allclose(p, [1, 3 / 4, 3 / 4, 1 / 4])


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1, 0.5])
def test_voxels_beyond_the_threshold_are_those_with_p_up_to_alpha(alpha):
    rng = np.random.default_rng(2)
    maxima, observed = rng.normal(4, 0.4, 999), rng.normal(4, 1, 3000)
    p = fwe_p_values(observed, maxima)
    np.testing.assert_array_equal(observed > fwe_threshold(maxima, alpha), p <= alpha)


def test_too_few_shuffles_have_no_threshold():
    assert fwe_threshold(np.arange(10.0), 0.05) is None
    assert fwe_threshold(np.arange(19.0), 0.05) == 18


def test_pieces_join_in_any_order_and_a_gap_is_seen(tmp_path):
    exceedances = np.ones((1, 2), dtype=int)
    pieces = [Null(first, np.arange(first, first + 2.0)[None], exceedances) for first in (2, 0, 4)]
    whole = Null.concatenate(pieces)
    np.testing.assert_array_equal(whole.maxima, [[0, 1, 2, 3, 4, 5]])
    np.testing.assert_array_equal(whole.exceedances, [[3, 3]])
    with pytest.raises(ValueError, match="start at shuffles"):
        Null.concatenate(pieces[:1] + pieces[2:])
    whole.save(tmp_path / "null.npz")
    np.testing.assert_array_equal(Null.load(tmp_path / "null.npz").maxima, whole.maxima)
