import numpy as np
import pytest

from permuting import BLOCKS, CONTRASTS, engine, example, max_t
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import BLOCK, observed_statistics
from secondlevel.permutation.shuffling import shuffled
from secondlevel.permutation.statistics.ordinary import Ordinary


def rows(test, shuffles, dtype):
    """The vectors of a test under some shuffles."""
    return shuffled(test.vectors.astype(dtype), *shuffles.draw(0, BLOCK))


@pytest.mark.parametrize("n", [12, 89, 1000])
@pytest.mark.parametrize("rank", [1, 2])
def test_rounding_of_float32_stays_below_the_tie(n, rank):
    """Ties are what differs by rounding only: so rounding must stay below what counts as a tie, also near r = 1."""
    rng = np.random.default_rng(n)
    design = np.column_stack([rng.normal(size=(n, 3)), np.ones(n)])
    noise = np.geomspace(1e-2, 10, 400)
    maps = (100 + design[:, :1] + noise * rng.normal(size=(n, 400))).astype(np.float32)
    shuffles, test = engine(design, np.eye(4)[:rank], "flip", Blocks.none(n), asked=100)
    exact, single = (test.scores(rows(test, shuffles, t), test.elements(maps, t)) for t in (np.float64, np.float32))
    assert np.abs(single - exact).max() < test.TIE / 2


def test_a_voxel_that_is_all_nuisance_is_never_the_maximum():
    design, maps = example()
    maps[:, 3] = design @ [0, 0, 2, 7]
    shuffles, test = engine(design, CONTRASTS["t"], "permute", BLOCKS["none"])
    without = max_t(np.delete(maps, 3, axis=1), test, shuffles)
    np.testing.assert_allclose(max_t(maps, test, shuffles), without, rtol=1e-6)
    assert abs(observed_statistics(maps, test)[3]) < 1e-6


def test_nuisance_that_no_shuffle_moves_costs_nothing():
    design, _ = example()
    split = partition(design[:, [0, 3]], [1, 0])
    assert len(Ordinary(split, False, BLOCKS["none"].orbits).vectors) == 1
    assert len(Ordinary(split, False, None).vectors) == 2
    within = partition(np.column_stack([design[:, 0], np.repeat(np.eye(3), 6, axis=0)]), [1, 0, 0, 0])
    assert len(Ordinary(within, False, BLOCKS["within"].orbits).vectors) == 1
    assert len(Ordinary(within, False, BLOCKS["none"].orbits).vectors) == 3
