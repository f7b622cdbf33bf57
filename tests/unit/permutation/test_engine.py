"""The permutation engine against Freedman and Lane's procedure, spelt out shuffle by shuffle."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from permuting import BLOCKS, CONTRASTS, N, engine, example, freedman_lane, max_t, scattered
from secondlevel.base.sides import tested as evidence
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import (
    BLOCK,
    chunk_of_blocks,
    max_statistics,
    n_blocks,
    observed_statistics,
    tile_size,
)
from secondlevel.permutation.statistics.nuisance import NUISANCE, FreedmanLane
from secondlevel.permutation.statistics.pseudo_t import PseudoT, Smoother
from secondlevel.permutation.statistics.welch import Welch
from secondlevel.permutation.whole_maps.clusters import Clusters
from secondlevel.permutation.whole_maps.search import Search
from secondlevel.space.neighbourhood import Neighbourhood


def refit(design, weights, maps):
    """t or F of statsmodels, voxel by voxel."""
    models = [sm.OLS(column, design).fit() for column in maps.T]
    if np.ndim(weights) == 1:
        return np.array([model.t_test(weights).tvalue.item() for model in models])
    return np.array([float(model.f_test(np.array(weights)).fvalue) for model in models])


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("division", BLOCKS)
def test_maxima_equal_refitting_each_shuffle(scheme, contrast, division):
    design, maps = example()
    weights, two_sided = CONTRASTS[contrast], contrast == "difference"
    shuffles, test = engine(design, weights, scheme, BLOCKS[division], two_sided, asked=20)
    maxima, reached = max_statistics(maps, [test], shuffles, range(1), exceedances=True)
    every = np.array([refit(design, weights, freedman_lane(design, weights, maps, shuffles, k)) for k in range(21)])
    every = np.abs(every) if two_sided else every
    np.testing.assert_allclose(maxima[0]["maxT"], every.max(axis=1), rtol=3e-5)
    np.testing.assert_allclose(evidence(observed_statistics(maps, test), two_sided), every[0], rtol=1e-6)
    np.testing.assert_array_equal(reached[0], (every[1:] >= every[0] - 1e-5 * np.abs(every[0])).sum(axis=0))


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("n_chunks", [1, 2, 3, 8])
def test_chunks_threads_and_company_give_the_same_bits(scheme, n_chunks, monkeypatch):
    monkeypatch.setattr("secondlevel.permutation.engine.tile_size", lambda n: 7)
    monkeypatch.setattr("secondlevel.permutation.engine.MOST_ROWS", 1 if n_chunks == 2 else 2**24)
    count = 2 * BLOCK + 20
    design, maps = example()
    shuffles, _ = engine(design, CONTRASTS["t"], scheme, BLOCKS["none"], asked=count)
    tests = [
        engine(design, CONTRASTS[c], scheme, BLOCKS["none"], nuisance=nuisance)[1]
        for nuisance in NUISANCE
        for c in CONTRASTS
    ]
    split = partition(design, CONTRASTS["t"])
    tests.append(Welch(split, True, (np.arange(N) % 3 == 0).astype(int)))
    tests.append(PseudoT(split, True, FreedmanLane.of(split), Smoother.of_fwhm(scattered(), np.eye(4), 3.0)))
    # Of the first and the last test, whole maps are needed.
    search = Search({"clusters": Clusters(Neighbourhood(scattered(), 26), 1.0, True)})
    searches = [search, *[None] * (len(tests) - 2), search]
    whole = [
        max_statistics(maps, [test], shuffles, range(n_blocks(count)), exceedances=True, searches=[of_test])
        for test, of_test in zip(tests, searches, strict=True)
    ]
    how = {"exceedances": True, "threads": 1 + n_chunks % 2, "searches": searches}
    chunks = [
        max_statistics(maps, tests, shuffles, chunk_of_blocks(count, chunk, n_chunks), **how)
        for chunk in range(n_chunks)
    ]
    for number, ((maxima,), (reached,)) in enumerate(whole):
        assert list(maxima) == ["maxT", "maxExtent", "maxMass"] if searches[number] else ["maxT"]
        for method, values in maxima.items():
            np.testing.assert_array_equal(np.concatenate([c[0][number][method] for c in chunks]), values)
        np.testing.assert_array_equal(sum(c[1][number] for c in chunks), reached)
    assert whole[0][0][0]["maxT"].shape == (count + 1,)


def test_chunks_and_threads_give_the_same_bits_where_there_are_many_tiles(tmp_path):
    rng, n, count = np.random.default_rng(0), 40, 3 * BLOCK
    design, maps = np.column_stack([rng.normal(size=n), np.ones(n)]), rng.normal(size=(n, 10_000)).astype(np.float32)
    assert maps.shape[1] > 16 * tile_size(n)
    np.save(tmp_path / "maps.npy", maps)
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    shuffles, test = engine(design, [1, 0], "permute", Blocks.none(n), asked=count)
    (expected,), (reached,) = max_statistics(maps, [test], shuffles, range(n_blocks(count)), exceedances=True)
    chunks = [
        max_statistics(mapped, [test], shuffles, chunk_of_blocks(count, chunk, 3), exceedances=True, threads=threads)
        for chunk, threads in enumerate((1, 2, 3))
    ]
    np.testing.assert_array_equal(np.concatenate([maxima["maxT"] for (maxima,), _ in chunks]), expected["maxT"])
    np.testing.assert_array_equal(sum(counts for _, (counts,) in chunks), reached)


def test_a_memory_map_gives_the_same_bits_as_an_array(tmp_path):
    design, maps = example()
    shuffles, test = engine(design, CONTRASTS["t"], "flip", BLOCKS["none"])
    np.save(tmp_path / "maps.npy", maps)
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    for given in (maps, mapped, np.asfortranarray(maps)):
        np.testing.assert_array_equal(*(max_t(some, test, shuffles) for some in (given, maps)))
    assert isinstance(mapped[:, 3:9], np.memmap)
    np.testing.assert_array_equal(*(max_t(given[:, 3:9], test, shuffles) for given in (maps, mapped)))


def p_of_voxel(design, weights, values, scheme, two_sided, blocks=None):
    shuffles, test = engine(design, weights, scheme, blocks or Blocks.none(len(values)), two_sided, asked=10**6)
    assert shuffles.enumeration is not None
    maps = np.asarray(values, dtype=np.float32)[:, None]
    observed = evidence(observed_statistics(maps, test), two_sided)
    return fwe_p_values(observed, max_t(maps, test, shuffles)[1:], test.statistic_tie(observed))[0], shuffles.distinct


@pytest.mark.parametrize(("alternative", "two_sided"), [("greater", False), ("two-sided", True)])
@pytest.mark.parametrize("seed", range(4))
def test_exhaustive_p_values_equal_scipys(alternative, two_sided, seed):
    rng = np.random.default_rng(seed)
    exact = {"n_resamples": np.inf, "alternative": alternative}

    groups = np.array([1, 0, 0, 1, 1, 0, 1, 0, 0])
    values = np.round(rng.normal(size=9), 1)  # rounded, so that there are ties
    expected = stats.permutation_test(
        (values[groups == 1], values[groups == 0]), lambda x, y: x.mean() - y.mean(), **exact
    )
    p, distinct = p_of_voxel(np.column_stack([groups, np.ones(9)]), [1, 0], values, "permute", two_sided)
    assert distinct == len(expected.null_distribution)
    if two_sided:  # scipy doubles the smaller tail; here the size of t is tested
        sizes = np.abs(expected.null_distribution)
        assert p == pytest.approx((sizes >= abs(expected.statistic) - 1e-12).mean(), rel=1e-12)
    else:
        assert p == pytest.approx(expected.pvalue, rel=1e-12)

    expected = stats.permutation_test((values,), np.mean, permutation_type="samples", **exact)
    p, distinct = p_of_voxel(np.ones((9, 1)), [1], values, "flip", two_sided)
    assert distinct == 2**9
    assert p == pytest.approx(expected.pvalue, rel=1e-12)

    score = rng.normal(size=6)
    expected = stats.permutation_test(
        (score,), lambda x: np.corrcoef(x, values[:6])[0, 1], permutation_type="pairings", **exact
    )
    p, distinct = p_of_voxel(np.column_stack([score, np.ones(6)]), [1, 0], values[:6], "permute", two_sided)
    assert distinct == 720
    if not two_sided:
        assert p == pytest.approx(expected.pvalue, rel=1e-12)


def test_paired_exhaustive_p_equals_the_flips_of_differences():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 7))
    design = np.column_stack([np.repeat([1, 0], 7), np.vstack([np.eye(7), np.eye(7)])])
    blocks = Blocks.of(np.tile(range(7), 2), False)
    p, distinct = p_of_voxel(design, [1, *[0] * 7], np.concatenate([first, second]), "permute", False, blocks)
    expected = stats.permutation_test((first - second,), np.mean, permutation_type="samples", alternative="greater")
    assert distinct == 2**7
    assert p == pytest.approx(expected.pvalue, rel=1e-12)
