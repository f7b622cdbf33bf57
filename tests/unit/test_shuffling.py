from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from secondlevel.shuffling import SCHEMES, draw, shuffled


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(SCHEMES), st.integers(2, 100), st.integers(0, 2**40), st.integers(0, 10**9), st.integers(1, 20))
def test_a_shuffle_depends_on_the_seed_and_its_number_only(scheme, n, seed, first, count):
    alone = [draw(scheme, n, seed, k, 1) for k in range(first, first + count)]
    together = draw(scheme, n, seed, first, count)
    for part, whole in zip(zip(*alone, strict=True), together, strict=True):
        if whole is None:
            assert set(part) == {None}
        else:
            np.testing.assert_array_equal(np.concatenate(part), whole)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shuffle_0_is_the_observed_order(scheme):
    rows = np.random.default_rng(0).normal(size=(2, 7))
    np.testing.assert_array_equal(shuffled(rows, *draw(scheme, 7, 5, 0, 3))[:, 0], rows)


def test_seeds_differ():
    assert not np.array_equal(draw("permute", 20, 1, 1, 5)[0], draw("permute", 20, 2, 1, 5)[0])


def test_every_order_is_equally_likely():
    order, _ = draw("permute", 4, 11, 1, 48_000)
    seen = Counter(map(tuple, order.tolist()))
    assert len(seen) == 24
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_every_flip_is_equally_likely_and_independent_of_the_order():
    order, signs = draw("both", 3, 11, 1, 48_000)
    seen = Counter(zip(map(tuple, order.tolist()), map(tuple, signs.tolist()), strict=True))
    assert len(seen) == 6 * 8
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3
