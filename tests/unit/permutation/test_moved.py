"""What shuffles move out of a space of vectors, against what many of them do to it."""

import numpy as np
import pytest

from permuting import BLOCKS, N
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.moved import moved
from secondlevel.permutation.shuffling import plan, shuffled

SCORE = np.random.default_rng(3).normal(size=(N, 2))
ONE, THREES, SIXES = np.ones(N), np.repeat(np.eye(6), 3, axis=0), np.repeat(np.eye(3), 6, axis=0)
VISIT = np.tile(np.eye(3), (6, 1))
DESIGNS = {
    "intercept": ONE,
    "score": np.column_stack([SCORE, ONE]),
    "sites": SIXES,
    "sites and a score": np.column_stack([SIXES, SCORE]),
    "persons": THREES,
    "persons and visits": np.column_stack([THREES, VISIT[:, 1:], SCORE]),
    "two of the persons": THREES[:, :2],
    "a slope for each person": np.column_stack([THREES, THREES * np.tile([-1, 0, 1], 6)[:, None], SCORE[:, :1]]),
    "a column for one subject": np.column_stack([ONE, np.eye(N)[4], SCORE[:, :1]]),
    "columns for most subjects": np.eye(N)[:, :15],
}
# How many columns count, by design, scheme and blocks, where that is told by hand.
COUNTS = {
    ("intercept", "permute", "none"): 0,
    ("intercept", "flip", "none"): 1,
    ("score", "permute", "none"): 2,
    ("score", "both", "none"): 3,
    ("sites", "permute", "none"): 2,
    ("sites", "permute", "within"): 0,
    ("sites and a score", "permute", "within"): 2,
    ("sites", "permute", "whole"): 2,
    ("persons", "permute", "none"): 5,
    ("persons", "permute", "whole"): 0,
    ("persons", "flip", "whole"): 0,
    ("persons", "both", "whole"): 0,
    ("persons", "flip", "none"): 6,
    ("persons and visits", "permute", "whole"): 2,
    ("persons and visits", "flip", "whole"): 4,
    ("two of the persons", "permute", "whole"): 2,
    ("two of the persons", "flip", "whole"): 0,
    ("a slope for each person", "both", "whole"): 1,
    ("a column for one subject", "flip", "none"): 2,
    ("a column for one subject", "permute", "none"): 2,
}


def basis_of(design):
    return np.linalg.qr(design.reshape(N, -1))[0]


@pytest.mark.parametrize(("design", "scheme", "division"), COUNTS)
def test_only_what_shuffles_move_counts(design, scheme, division):
    assert moved(basis_of(DESIGNS[design]), BLOCKS[division], scheme).shape == (N, COUNTS[design, scheme, division])


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("division", BLOCKS)
@pytest.mark.parametrize("design", DESIGNS)
def test_the_rest_stays_in_the_space_under_every_shuffle_and_nothing_else_does(design, division, scheme):
    basis = basis_of(DESIGNS[design])
    found = moved(basis, BLOCKS[division], scheme)
    np.testing.assert_allclose(found.T @ found, np.eye(found.shape[1]), atol=1e-12)
    np.testing.assert_allclose(basis @ (basis.T @ found), found, atol=1e-12)
    draws = plan(np.arange(N)[:, None], scheme, BLOCKS[division], 400, 1).draw(0, 400)
    rest = basis - found @ (found.T @ basis)

    def outside(vectors):
        """What the shuffles take out of the space, shape (n_vectors, count * N)."""
        rows = shuffled(vectors.T, *draws)
        return (rows - rows @ basis @ basis.T).reshape(vectors.shape[1], -1)

    assert np.abs(outside(rest)).max() < 1e-9
    assert not found.shape[1] or np.linalg.svd(outside(found), compute_uv=False).min() > 1e-3


def test_nothing_is_turned_where_nothing_is_left_out():
    """The null of a design without such columns keeps its bits."""
    basis = basis_of(DESIGNS["score"])
    assert moved(basis, Blocks.none(N), "flip") is basis
