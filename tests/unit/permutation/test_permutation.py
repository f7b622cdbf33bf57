"""The permutation engine against Freedman and Lane's procedure, spelt out shuffle by shuffle."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.ndimage import gaussian_filter

from secondlevel.base.errors import InputError
from secondlevel.base.sides import tested as evidence
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import BLOCK, chunk_of_blocks, max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.permutation.statistics.pseudo_t import PseudoT, Smoother
from secondlevel.permutation.statistics.welch import Welch

N, VOXELS = 18, 30
CONTRASTS = {
    "t": [1, 0, 0, 0],
    "difference": [1, -1, 0, 0],
    "F": [[1, 0, 0, 0], [0, 1, 0, 0]],
    "F of all but the mean": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
}
BLOCKS = {
    "none": Blocks.none(N),
    "within": Blocks.of(np.repeat(range(3), 6), False),
    "whole": Blocks.of(np.repeat(range(6), 3), True),
}


def example(seed=8):
    """Two correlated covariates, a group and an intercept; skewed maps with a mean."""
    rng = np.random.default_rng(seed)
    design = np.column_stack([rng.normal(size=(N, 2)), np.arange(N) % 3 == 0, np.ones(N)])
    design[:, 0] += design[:, 1]
    return design, (5 + rng.exponential(size=(N, VOXELS)) + 0.3 * design[:, :1]).astype(np.float32)


def freedman_lane(design, weights, maps, shuffles, k):
    """The maps of shuffle k: residuals of the nuisance, shuffled, on top of the nuisance's fit."""
    weights = np.atleast_2d(weights)
    null = np.linalg.svd(weights)[2][len(weights) :].T
    nuisance = design @ null
    fitted = nuisance @ np.linalg.lstsq(nuisance, maps.astype(float), rcond=None)[0]
    order, signs = shuffles.draw(k, 1)
    residual = maps - fitted
    residual = residual if signs is None else residual * signs[0][:, None]
    # The engine moves the rows of the design; here the residuals move the other way.
    return fitted + (residual if order is None else residual[np.argsort(order[0])])


def refit(design, weights, maps):
    """t or F of statsmodels, voxel by voxel."""
    models = [sm.OLS(column, design).fit() for column in maps.T]
    if np.ndim(weights) == 1:
        return np.array([model.t_test(weights).tvalue.item() for model in models])
    return np.array([float(model.f_test(np.array(weights)).fvalue) for model in models])


def engine(design, weights, scheme, blocks, two_sided=False, asked=60, **more):
    shuffles = plan(design, scheme, blocks, asked, seed=4)
    orbits = blocks.orbits if scheme == "permute" else None
    return shuffles, Ordinary(partition(design, weights), two_sided, orbits, **more)


def max_t(maps, test, shuffles):
    """The max statistic of every shuffle."""
    ((maxima,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(shuffles.count)))
    return maxima["maxT"]


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("division", BLOCKS)
def test_maxima_equal_refitting_each_shuffle(scheme, contrast, division):
    design, maps = example()
    weights, two_sided = CONTRASTS[contrast], contrast == "difference"
    shuffles, test = engine(design, weights, scheme, BLOCKS[division], two_sided)
    maxima, reached = max_statistics(maps, [test], shuffles, range(1), exceedances=True)
    every = np.array([refit(design, weights, freedman_lane(design, weights, maps, shuffles, k)) for k in range(61)])
    every = np.abs(every) if two_sided else every
    np.testing.assert_allclose(maxima[0]["maxT"], every.max(axis=1), rtol=3e-5)
    np.testing.assert_allclose(evidence(observed_statistics(maps, test), two_sided), every[0], rtol=1e-6)
    np.testing.assert_array_equal(reached[0], (every[1:] >= every[0] - 1e-5 * np.abs(every[0])).sum(axis=0))


def welch(design, weights, maps, groups):
    """v and G by their definition (Winkler et al. 2014, equation 5), with the weights written out per subject."""
    weights = np.atleast_2d(weights)
    values = []
    hat = design @ np.linalg.pinv(design)
    spare = 1 - np.diag(hat)
    for column in maps.T:
        b = np.linalg.lstsq(design, column, rcond=None)[0]
        residual = column - design @ b
        w = np.empty(len(column))
        for group in np.unique(groups):
            inside = groups == group
            w[inside] = spare[inside].sum() / (residual[inside] ** 2).sum()
        middle = weights @ np.linalg.inv(design.T @ (w[:, None] * design)) @ weights.T
        effect = weights @ b
        s = len(weights)
        excess = sum((1 - w[groups == g].sum() / w.sum()) ** 2 / spare[groups == g].sum() for g in np.unique(groups))
        big = 1 + 2 * (s - 1) / (s * (s + 2)) * excess
        g = effect @ np.linalg.inv(middle) @ effect / (s * big)
        values.append(np.sign(effect[0]) * np.sqrt(g) if s == 1 else g)
    return np.array(values)


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("contrast", CONTRASTS)
def test_welch_equals_its_definition_on_each_shuffle(scheme, contrast):
    design, maps = example()
    weights, groups = CONTRASTS[contrast], np.arange(N) % 3 == 0
    shuffles, _ = engine(design, weights, scheme, BLOCKS["none"], asked=20)
    test = Welch(partition(design, weights), False, groups.astype(int))
    maxima, reached = max_statistics(maps, [test], shuffles, range(1), exceedances=True)
    every = np.array(
        [welch(design, weights, freedman_lane(design, weights, maps, shuffles, k), groups) for k in range(21)]
    )
    np.testing.assert_allclose(maxima[0]["maxT"], every.max(axis=1), rtol=1e-7)
    np.testing.assert_allclose(observed_statistics(maps, test), every[0], rtol=1e-7)
    np.testing.assert_array_equal(reached[0], (every[1:] >= every[0]).sum(axis=0))


def test_v_of_two_groups_is_welchs_t():
    rng = np.random.default_rng(2)
    groups = np.repeat([0, 1], [7, 11])
    maps = rng.normal(size=(18, 5)) * (1 + 3 * groups[:, None])
    test = Welch(partition(np.column_stack([groups, 1 - groups]), [1, -1]), False, groups)
    expected = stats.ttest_ind(maps[groups == 1], maps[groups == 0], equal_var=False).statistic
    np.testing.assert_allclose(observed_statistics(maps, test), expected, rtol=1e-9)


def test_a_variance_group_of_one_subject_is_refused():
    groups = np.array([0] * 9 + [1])
    design = np.column_stack([groups, np.ones(10)])
    with pytest.raises(InputError, match="variance cannot be estimated"):
        observed_statistics(np.ones((10, 2)), Welch(partition(design, [1, 0]), False, groups))


@pytest.mark.parametrize("scheme", ["permute", "flip"])
@pytest.mark.parametrize("two_sided", [False, True])
def test_pseudo_t_equals_its_definition_on_each_shuffle(scheme, two_sided):
    design, maps = example()
    weights = np.array(CONTRASTS["t"], dtype=float)
    inside = np.random.default_rng(1).permutation(60).reshape(3, 4, 5) < VOXELS
    smoother = Smoother.of_fwhm(inside, np.diag([2.0, 3, 4, 1]), 6.0)
    shuffles, test = engine(design, weights, scheme, BLOCKS["none"], two_sided, asked=20)
    test = PseudoT(test.split, two_sided, test.orbits, smoother)
    (maxima,), (reached,) = max_statistics(maps, [test], shuffles, range(1), exceedances=True)

    def smooth(values):
        volume = np.zeros(inside.shape)
        volume[inside] = values
        return gaussian_filter(volume, np.array([3, 2, 1.5]) / np.sqrt(8 * np.log(2)), mode="constant")[inside]

    def definition(k):
        models = [sm.OLS(y, design).fit() for y in freedman_lane(design, weights, maps, shuffles, k).T]
        scale = weights @ np.linalg.inv(design.T @ design) @ weights
        variance = smooth([model.mse_resid for model in models]) / smooth(1.0)
        t = np.array([model.params @ weights for model in models]) / np.sqrt(scale * variance)
        return np.abs(t) if two_sided else t

    every = np.array([definition(k) for k in range(21)])
    np.testing.assert_allclose(maxima["maxT"], every.max(axis=1), rtol=3e-5)
    np.testing.assert_allclose(evidence(observed_statistics(maps, test), two_sided), every[0], rtol=1e-7)
    np.testing.assert_array_equal(reached, (every[1:] >= every[0] - 1e-5 * np.abs(every[0])).sum(axis=0))


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("n_chunks", [1, 2, 3, 8])
def test_chunks_threads_and_company_give_the_same_bits(scheme, n_chunks, monkeypatch):
    monkeypatch.setattr("secondlevel.permutation.tile_size", lambda n: 7)
    monkeypatch.setattr("secondlevel.permutation.MOST_ROWS", 1 if n_chunks == 2 else 2**24)
    count = 2 * BLOCK + 20
    design, maps = example()
    shuffles, _ = engine(design, CONTRASTS["t"], scheme, BLOCKS["none"], asked=count)
    tests = [engine(design, CONTRASTS[c], scheme, BLOCKS["none"])[1] for c in CONTRASTS]
    tests.append(Welch(partition(design, CONTRASTS["t"]), True, (np.arange(N) % 3 == 0).astype(int)))
    whole = [max_statistics(maps, [test], shuffles, range(n_blocks(count)), exceedances=True) for test in tests]
    chunks = [
        max_statistics(
            maps, tests, shuffles, chunk_of_blocks(count, chunk, n_chunks), exceedances=True, threads=1 + n_chunks % 2
        )
        for chunk in range(n_chunks)
    ]
    for number, (((maxima,), _), _) in enumerate(zip(whole, tests, strict=True)):
        np.testing.assert_array_equal(np.concatenate([c[0][number]["maxT"] for c in chunks]), maxima["maxT"])
    np.testing.assert_array_equal(sum(c[1] for c in chunks), np.vstack([w[1] for w in whole]))
    assert whole[0][0][0]["maxT"].shape == (count + 1,)


def test_a_memory_map_gives_the_same_bits_as_an_array(tmp_path):
    design, maps = example()
    shuffles, test = engine(design, CONTRASTS["t"], "flip", BLOCKS["none"])
    np.save(tmp_path / "maps.npy", maps)
    mapped = np.load(tmp_path / "maps.npy", mmap_mode="r")
    for given in (maps, mapped, np.asfortranarray(maps)):
        np.testing.assert_array_equal(*(max_t(some, test, shuffles) for some in (given, maps)))
    assert isinstance(mapped[:, 3:9], np.memmap)
    np.testing.assert_array_equal(*(max_t(given[:, 3:9], test, shuffles) for given in (maps, mapped)))


@pytest.mark.parametrize("n", [12, 89, 1000])
@pytest.mark.parametrize("rank", [1, 2])
def test_rounding_of_float32_stays_below_the_tie(n, rank):
    """Ties are what differs by rounding only: so rounding must stay below what counts as a tie, also near r = 1."""
    rng = np.random.default_rng(n)
    design = np.column_stack([rng.normal(size=(n, 3)), np.ones(n)])
    noise = np.geomspace(1e-2, 10, 400)
    maps = (100 + design[:, :1] + noise * rng.normal(size=(n, 400))).astype(np.float32)
    shuffles, test = engine(design, np.eye(4)[:rank], "flip", Blocks.none(n), asked=100)
    exact = test.scores(
        np.asarray([np.asarray(r, np.float64) for r in _rows(test, shuffles, np.float64)]),
        test.voxels(maps, np.float64),
    )
    single = test.scores(_rows(test, shuffles, np.float32), test.voxels(maps, np.float32))
    assert np.abs(single - exact).max() < test.TIE / 2


def _rows(test, shuffles, dtype):
    from secondlevel.permutation.shuffling import shuffled

    return shuffled(test.vectors.astype(dtype), *shuffles.draw(0, BLOCK))


def test_a_voxel_that_is_all_nuisance_is_never_the_maximum():
    design, maps = example()
    maps[:, 3] = design @ [0, 0, 2, 7]
    shuffles, test = engine(design, CONTRASTS["t"], "permute", BLOCKS["none"])
    without = max_t(np.delete(maps, 3, axis=1), test, shuffles)
    np.testing.assert_allclose(max_t(maps, test, shuffles), without, rtol=1e-6)
    assert abs(observed_statistics(maps, test)[3]) < 1e-6


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


def test_nuisance_that_no_shuffle_moves_costs_nothing():
    design, _ = example()
    split = partition(design[:, [0, 3]], [1, 0])
    assert len(Ordinary(split, False, BLOCKS["none"].orbits).vectors) == 1
    assert len(Ordinary(split, False, None).vectors) == 2
    within = partition(np.column_stack([design[:, 0], np.repeat(np.eye(3), 6, axis=0)]), [1, 0, 0, 0])
    assert len(Ordinary(within, False, BLOCKS["within"].orbits).vectors) == 1
    assert len(Ordinary(within, False, BLOCKS["none"].orbits).vectors) == 3
