import numpy as np
import pytest
import statsmodels.api as sm

from secondlevel.glm import fit, partition
from secondlevel.permutation import BLOCK, Shuffler, chunk_of_blocks, max_statistics, n_blocks
from secondlevel.shuffling import SCHEMES, draw

N, VOXELS, COUNT = 18, 30, 2 * BLOCK + 20


def example(nuisance=2):
    rng = np.random.default_rng(8)
    design = np.column_stack([rng.normal(size=(N, 1 + nuisance)), np.ones(N)])
    design[:, 0] += design[:, 1]
    maps = (5 + rng.exponential(size=(N, VOXELS)) + 0.3 * design[:, :1]).astype(np.float32)
    return design, np.eye(1, design.shape[1])[0], maps


def naive_t(design, weights, maps, scheme, seed, k):
    """Freedman-Lane, spelt out: shuffle the residuals of the nuisance, put the fit back, fit the whole model."""
    nuisance = design[:, weights == 0]
    fitted = nuisance @ np.linalg.lstsq(nuisance, maps, rcond=None)[0]
    residual = maps - fitted
    order, signs = draw(scheme, len(design), seed, k, 1)
    # Row i of the design meets the residual that the shuffle takes there.
    place = np.arange(len(design)) if order is None else np.argsort(order[0])
    turned = residual if signs is None else residual * signs[0][:, None]
    shuffled_maps = fitted + turned[place]
    return np.array([sm.OLS(column, design).fit().t_test(weights).tvalue.item() for column in shuffled_maps.T])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("nuisance", [0, 2])
@pytest.mark.parametrize("two_sided", [False, True])
def test_maxima_equal_refitting_each_shuffle(scheme, nuisance, two_sided):
    design, weights, maps = example(nuisance)
    shuffler = Shuffler(partition(design, weights), scheme, 4, two_sided)
    maxima, _ = max_statistics(maps, shuffler, range(1), 40)
    for k in range(0, 41, 4):
        t = naive_t(design, weights, maps.astype(float), scheme, 4, k)
        assert maxima[k] == pytest.approx((np.abs(t) if two_sided else t).max(), rel=2e-5)


def test_exceedances_count_the_shuffles_that_reach_each_voxel():
    design, weights, maps = example(1)
    shuffler = Shuffler(partition(design, weights), "permute", 4, False)
    _, reached = max_statistics(maps, shuffler, range(1), 30)
    t = np.array([naive_t(design, weights, maps.astype(float), "permute", 4, k) for k in range(31)])
    np.testing.assert_array_equal(reached, (t[1:] >= t[0] - 1e-4).sum(axis=0))


def test_shuffle_0_gives_the_t_of_the_model():
    design, weights, maps = example()
    split = partition(design, weights)
    maxima, _ = max_statistics(maps, Shuffler(split, "both", 0, False), range(1), 5)
    assert maxima[0] == pytest.approx(fit(maps, split).t.max(), rel=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("n_chunks", [1, 2, 3, 8])
def test_chunks_and_threads_give_the_same_bits(scheme, n_chunks, monkeypatch):
    monkeypatch.setattr("secondlevel.permutation.TILE", 7)
    design, weights, maps = example()
    shuffler = Shuffler(partition(design, weights), scheme, 4, True)
    whole, reached = max_statistics(maps, shuffler, range(n_blocks(COUNT)), COUNT)
    chunks = [
        max_statistics(maps, shuffler, chunk_of_blocks(COUNT, chunk, n_chunks), COUNT, threads=1 + n_chunks % 2)
        for chunk in range(n_chunks)
    ]
    np.testing.assert_array_equal(np.concatenate([maxima for maxima, _ in chunks]), whole)
    np.testing.assert_array_equal(sum(counts for _, counts in chunks), reached)
    assert whole.size == COUNT + 1


def test_intercept_needs_no_row_when_subjects_are_reordered():
    design, weights, _ = example(nuisance=0)
    split = partition(design, weights)
    assert len(Shuffler(split, "permute", 0, False).rows) == 1
    assert len(Shuffler(split, "flip", 0, False).rows) == 2
