"""The weighted statistic against vectors that other packages made, and against a fit of each shuffle and element."""

import json

import numpy as np
import pytest
from scipy import linalg, ndimage
from tfce import tfce

from conftest import REPO
from permuting import BLOCKS, CONTRASTS, N, engine, example, scattered
from secondlevel.base.matrix import Stacked
from secondlevel.base.sides import tested as evidence
from secondlevel.model.glm import partition
from secondlevel.model.heterogeneity import tau_squared
from secondlevel.model.tails import log_sf_f, z_from_log_p, z_from_t
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import BLOCK, chunk_of_blocks, max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.weighted import Weighted
from secondlevel.permutation.whole_maps.clusters import Clusters
from secondlevel.permutation.whole_maps.enhancement import Enhancement
from secondlevel.permutation.whole_maps.search import Search
from secondlevel.space.neighbourhood import Neighbourhood

CASES = json.loads((REPO / "tests" / "vectors" / "weighted.json").read_text())["cases"]


def as_z(statistic, df, rank):
    """z of t or F, of as many degrees of freedom as each has."""
    out = np.empty(np.shape(statistic))
    for one in np.ndindex(out.shape):
        t, d = np.atleast_1d(statistic[one]), int(df[one])
        out[one] = (z_from_t(t, d) if rank == 1 else z_from_log_p(log_sf_f(t, rank, d))).item() if d else 0
    return out


def given(case):
    """The maps of a case with NaN where there is no value, and their variances below if there are any."""
    maps = np.array(case["maps"], dtype=float)
    if "weights" in case:
        maps[np.array(case["weights"]) == 0] = np.nan
    return np.vstack([maps, np.array(case["variances"])]) if "variances" in case else maps


@pytest.mark.parametrize("case", CASES, ids=[case["what"][:60] for case in CASES])
def test_vectors(case):
    design = np.array(case["design"])
    split, maps = partition(design, np.array(case["contrast"])), given(case)
    test = Weighted(split, False, split.nuisance)
    expected = np.array(case["expected_statistic"], dtype=float)
    orders, signs = case["order"], case["signs"]
    places = np.argsort(orders, axis=1) if orders else None  # who takes a place, and the place that each takes
    if signs:
        signs = np.array(signs) if places is None else np.take_along_axis(np.array(signs), places, axis=1)
    z = test.scores(test.rows(places, signs), test.elements(maps, np.float64))
    freedom = len(design) - design.shape[1]
    df = np.array(case.get("expected_df", np.full(expected.shape, freedom)))
    estimable = np.array(case.get("expected_estimable", np.ones(expected.shape, dtype=bool)))
    np.testing.assert_allclose(z[estimable], as_z(expected, df, split.rank)[estimable], rtol=1e-9, atol=1e-9)
    assert not z[~estimable].any()
    if "variances" in case:
        tau2 = tau_squared(maps[: len(design)], maps[len(design) :], split.nuisance)
        np.testing.assert_allclose(tau2, case["expected_tau2"], rtol=1e-9, atol=1e-9)


def with_holes(maps, share=0.2, seed=3):
    """Maps with values missing at random; the first few elements have all of theirs."""
    holes = np.random.default_rng(seed).random(maps.shape) < share
    holes[:, :5] = False
    return np.where(holes, np.nan, maps)


def moved(values, order, signs):
    """Values of subjects at the places that they take, their signs turned."""
    values = values if signs is None else values * signs[0]
    return values if order is None else values[np.argsort(order[0])]


def pairs(split, maps, variances):
    """The weights and reduced residuals of each element, which shuffles move together, spelt out."""
    for element, values in enumerate(maps.T):
        there = np.isfinite(values)
        weight = there.astype(float)
        if variances is not None:
            pair = values[there][:, None].astype(float), variances[there, element][:, None].astype(float)
            weight[there] = 1 / (pair[1][:, 0] + tau_squared(*pair, split.nuisance[there])[0])
        root = np.sqrt(weight)
        y = np.where(there, values, 0) * root
        e = y - split.nuisance * root[:, None] @ linalg.lstsq(split.nuisance * root[:, None], y)[0]
        yield weight, np.divide(e, root, where=there, out=np.zeros_like(e))


def refitted(design, split, of_elements, shuffles, k):
    """z of a shuffle by a weighted fit of each element, spelt out."""
    (order, signs), found = shuffles.draw(k, 1), []
    for weight, e in of_elements:
        e, root = moved(e, order, signs), np.sqrt(moved(weight, order, None))
        full, reduced = (part * root[:, None] for part in (design, split.nuisance))
        rest, less = (e * root - part @ linalg.lstsq(part, e * root)[0] for part in (full, reduced))
        df, rank = np.count_nonzero(weight) - np.linalg.matrix_rank(full), split.rank
        f = (less @ less - rest @ rest) / rank / (rest @ rest) * df
        effect = split.effect_basis[:, 0] * root
        sign = np.sign((effect - reduced @ linalg.lstsq(reduced, effect)[0]) @ (e * root))
        found.append(as_z(np.array([np.sqrt(f) * sign if rank == 1 else f]), np.array([df]), rank)[0])
    return np.array(found)


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("contrast", ["difference", "F"])
@pytest.mark.parametrize("division", BLOCKS)
@pytest.mark.parametrize("known", [False, True])
def test_maxima_equal_refitting_each_shuffle(scheme, contrast, division, known):
    design, maps = example()
    maps, weights = with_holes(maps).astype(np.float32), CONTRASTS[contrast]
    variances = np.random.default_rng(5).exponential(size=maps.shape).astype(np.float32) if known else None
    shuffles = plan(design, scheme, BLOCKS[division], 4, seed=4)
    test = Weighted.of(partition(design, weights), contrast == "difference", BLOCKS[division], scheme)
    given = Stacked((maps, variances)) if known else maps
    (maxima,), (reached,) = max_statistics(given, [test], shuffles, range(1), exceedances=True)
    of_elements = list(pairs(test.split, maps, variances))
    every = np.array([refitted(design, test.split, of_elements, shuffles, k) for k in range(5)])
    every = evidence(every, test.two_sided)
    np.testing.assert_allclose(maxima["maxT"], every.max(axis=1), rtol=1e-7)
    np.testing.assert_allclose(evidence(observed_statistics(given, test), test.two_sided), every[0], rtol=1e-7)
    np.testing.assert_array_equal(reached, (every[1:] >= every[0] - 1e-6).sum(axis=0))


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
def test_clusters_and_tfce_are_those_of_each_refitted_map(scheme):
    design, maps = example()
    maps, where = with_holes(maps).astype(np.float32), Neighbourhood(scattered(), 26)
    test = Weighted.of(partition(design, CONTRASTS["t"]), False, Blocks.none(N), scheme)
    shuffles = plan(design, scheme, Blocks.none(N), 20, seed=4)
    search = Search({"clusters": Clusters(where, 0.5, False), "tfce": Enhancement(where, 0.5, 2, False)})
    (maxima,), _ = max_statistics(maps, [test], shuffles, range(1), searches=[search])
    of_elements = list(pairs(test.split, maps, None))
    for k in range(21):
        z = np.zeros(scattered().shape)
        z[scattered()] = refitted(design, test.split, of_elements, shuffles, k)
        labels, n = ndimage.label(z > 0.5, np.ones((3, 3, 3)))
        extents = ndimage.sum_labels(labels > 0, labels, range(1, n + 1)) if n else [0]
        enhanced = tfce(z.astype(np.float32), connectivity=26, two_sided=False)
        np.testing.assert_allclose([maxima["maxExtent"][k], maxima["maxTFCE"][k]], [max(extents), enhanced.max()], 1e-5)


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_weights_of_1_are_the_plain_test(contrast, monkeypatch):
    monkeypatch.setattr("secondlevel.permutation.statistics.ordinary.precise_enough", lambda split: np.float64)
    design, maps = example()
    shuffles, plain = engine(design, CONTRASTS[contrast], "both", BLOCKS["none"])
    weighted = Weighted.of(plain.split, False, BLOCKS["none"], "both")
    ((t, z), _) = max_statistics(maps, [plain, weighted], shuffles, range(1))
    df = np.full(t["maxT"].size, plain.split.df)
    np.testing.assert_allclose(z["maxT"], as_z(t["maxT"], df, plain.split.rank), rtol=1e-9)


def test_maxima_are_over_z_of_each_elements_own_degrees_of_freedom():
    """A t of 6 with 2 degrees of freedom is less than one of 5 with 16."""
    design, maps = example()
    maps = with_holes(maps).astype(np.float32)
    maps[6:, -1] = np.nan
    z, alone = (
        observed_statistics(maps[:n, first:], Weighted.of(split, False, Blocks.none(n), "permute"))
        for n, first in [(N, 0), (6, -1)]
        for split in [partition(design[:n], CONTRASTS["t"])]
    )
    assert z[-1] == pytest.approx(alone[0], rel=1e-9)


@pytest.mark.parametrize(("scheme", "n_still"), [("permute", 1), ("flip", 0)])
def test_columns_that_no_shuffle_moves_take_no_products(scheme, n_still):
    """Those of an intercept are 0, whatever the holes; z is as if they had been computed."""
    design, maps = example()
    split, shuffles = partition(design, CONTRASTS["t"]), plan(design, scheme, Blocks.none(N), 40, seed=4)
    few, every = Weighted.of(split, False, Blocks.none(N), scheme), Weighted(split, False, split.nuisance)
    assert few.moved.shape[1] == split.nuisance.shape[1] - n_still
    z, other = (t.scores(t.rows(*shuffles.draw(0, 41)), t.elements(with_holes(maps), np.float64)) for t in (few, every))
    np.testing.assert_allclose(z, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("known", [False, True])
def test_chunks_and_threads_give_the_same_bits(known, monkeypatch):
    monkeypatch.setattr("secondlevel.permutation.engine.tile_size", lambda n: 7)
    count = 2 * BLOCK + 20
    design, maps = example()
    given = with_holes(maps).astype(np.float32)
    given = Stacked((given, np.exp(maps))) if known else given
    shuffles = plan(design, "both", Blocks.none(N), count, seed=4)
    tests = [Weighted.of(partition(design, CONTRASTS[name]), False, Blocks.none(N), "both") for name in ("t", "F")]
    whole, reached = max_statistics(given, tests, shuffles, range(n_blocks(count)), exceedances=True)
    for n_chunks in (2, 3):
        some = [chunk_of_blocks(count, chunk, n_chunks) for chunk in range(n_chunks)]
        chunks = [max_statistics(given, tests, shuffles, part, exceedances=True, threads=n_chunks) for part in some]
        for number in range(2):
            joined = np.concatenate([maxima[number]["maxT"] for maxima, _ in chunks])
            np.testing.assert_array_equal(joined, whole[number]["maxT"])
            np.testing.assert_array_equal(sum(counts[number] for _, counts in chunks), reached[number])
