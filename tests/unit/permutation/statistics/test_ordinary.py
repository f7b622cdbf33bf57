import numpy as np
import pytest

from permuting import BLOCKS, CONTRASTS, engine, example, max_t
from secondlevel.inference.correction import fwe_p_values
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.permutation.engine import BLOCK, max_statistics, n_blocks, observed_statistics
from secondlevel.permutation.shuffling import plan
from secondlevel.permutation.statistics.nuisance import NUISANCE, FreedmanLane
from secondlevel.permutation.statistics.ordinary import Ordinary
from secondlevel.space.kinds.volume import Mask


def rows(test, shuffles, dtype):
    """The rows of a test for some shuffles."""
    return test.nuisance.rows(*shuffles.draw(0, BLOCK), dtype)


@pytest.mark.parametrize("n", [12, 89, 1000])
@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("nuisance", NUISANCE)
def test_rounding_of_float32_stays_below_the_tie(n, rank, nuisance):
    """Ties are what differs by rounding only: so rounding must stay below what counts as a tie, also near r = 1."""
    rng = np.random.default_rng(n)
    design = np.column_stack([rng.normal(size=(n, 3)), np.ones(n)])
    noise = np.geomspace(1e-2, 10, 400)
    maps = (100 + design[:, :1] + noise * rng.normal(size=(n, 400))).astype(np.float32)
    shuffles, test = engine(design, np.eye(4)[:rank], "flip", Blocks.none(n), asked=100, nuisance=nuisance)
    exact, single = (test.scores(rows(test, shuffles, t), test.elements(maps, t)) for t in (np.float64, np.float32))
    assert np.abs(single - exact).max() < test.least_difference / 2


def test_a_voxel_that_is_all_nuisance_is_never_the_maximum():
    design, maps = example()
    maps[:, 3] = design @ [0, 0, 2, 7]
    shuffles, test = engine(design, CONTRASTS["t"], "permute", BLOCKS["none"])
    without = max_t(np.delete(maps, 3, axis=1), test, shuffles)
    np.testing.assert_allclose(max_t(maps, test, shuffles), without, rtol=1e-6)
    assert abs(observed_statistics(maps, test)[3]) < 1e-6


def p_of(maps, weights, design, statistic="t", two_sided=False, whole_maps=None, **permutation):
    """The family-wise p values by method, times the number of shuffles with the observed order."""
    n, size = maps.shape
    usual = {"scheme": "permute", "blocks": None, "count": 200, "seed": 0, "statistic": statistic}
    usual["nuisance"] = "freedman-lane"
    sample = {"participant_id": np.arange(n).astype(str), "group": design[:, 0].astype(str)}
    mask = Mask(np.ones((1, 1, size), dtype=bool), np.eye(4))
    settings = Settings.of(usual | permutation, two_sided, whole_maps or {}, sample, mask)
    test = ContrastTest.of(settings, design, partition(design, weights))
    null = chunk_nulls(maps.astype(np.float32), {"": test}, 0, 1, False, 1, lambda *_: None)[""]
    assert all(np.isfinite(maxima).all() for maxima in null.maxima.values())
    return {m: null.size * fwe_p_values(null.evidence(m), null.maxima[m][1:], null.tie[m]) for m in null.tie}


@pytest.mark.parametrize("statistic", ["t", {"welch": "group"}, {"pseudo_t": 0.5}])
@pytest.mark.parametrize(("n", "first"), [(20, 8), (30, 5)])
def test_a_lesion_that_is_the_group_has_the_least_p_there_can_be(statistic, n, first):
    patient = np.arange(n) < first
    design = np.column_stack([patient, ~patient]).astype(float)
    lesions = np.random.default_rng(1).random((n, 60)) < 0.1
    lesions[:, 7] = patient
    p = p_of(lesions, [1, -1], design, statistic)
    assert p["maxT"][7] == pytest.approx(1)
    assert p["maxT"][np.arange(60) != 7].min() > 1


def test_perfect_fits_of_equal_groups_are_ties_of_both_their_orders_in_every_method():
    """Two groups of four: of 70 orders, two separate them, and both reach a statistic of two sides."""
    patient = np.arange(8) % 2 == 0
    design = np.column_stack([patient, ~patient]).astype(float)
    maps = np.random.default_rng(1).normal(size=(8, 3))
    maps[:, 1] = patient
    whole = {
        "clusters": {"threshold": "t > 2", "connectivity": 6},
        "tfce": {"statistic": "t", "extent_power": 0.5, "height_power": 2, "connectivity": 6},
    }
    p = p_of(maps, [1, -1], design, two_sided=True, whole_maps=whole)
    assert [p[method][1] for method in ("maxT", "maxMass", "maxTFCE")] == pytest.approx([2, 2, 2])


@pytest.mark.parametrize("rank", [1, 2])
def test_a_perfect_fit_of_f_and_of_a_nuisance_that_moves(rank):
    design = np.column_stack([np.random.default_rng(2).normal(size=(16, 3)), np.ones(16)])
    maps = np.random.default_rng(3).normal(size=(16, 20))
    maps[:, 4] = design @ [1, 2, 3, 4]
    p = p_of(maps, np.eye(4)[:rank], design)
    assert p["maxT"][4] == pytest.approx(1)


def test_the_tie_of_statistics_is_the_step_that_a_tie_of_scores_makes():
    design, _ = example()
    for name in ("t", "F"):
        split = partition(design, CONTRASTS[name])
        test = Ordinary(split, False, FreedmanLane.of(split))
        scores = np.array([0, 0.4, 0.9, 0.9999] + [-0.3] * (name == "t"))
        values = test.statistic(scores)
        step = values - test.statistic(scores - test.least_difference)
        np.testing.assert_allclose(test.statistic_tie(values), step, rtol=1e-3)
        assert (step < 0.05 * (1 + abs(values))).all()
        # The tie of the largest statistic does not go past what a score of 1 less a tie has.
        most = test.statistic(np.array(1.0))
        assert most - test.statistic_tie(most) == pytest.approx(test.statistic(1 - 2 * test.least_difference), rel=0.01)


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("df", [1, 2])
def test_few_degrees_of_freedom_are_computed_in_float64(df, rank):
    """The null's points are those of t or F: in float32, r next to 1 gave a 95 % point of 1e7 for 1e4 with df 1."""
    n = 20
    design = np.column_stack([np.random.default_rng(4).normal(size=(n, n - df - 1)), np.ones(n)])
    maps = np.random.default_rng(5).normal(size=(n, 1))
    split = partition(design, np.eye(n - df)[:rank])
    test = Ordinary(split, False, FreedmanLane.of(split))
    assert test.dtype is np.float64
    shuffles = plan(design, "permute", Blocks.none(n), 3000, 1)
    ((maxima,), _) = max_statistics(maps, [test], shuffles, range(n_blocks(3000)))
    z = split.without_nuisance(maps)[:, 0]
    for k in (1, 17, 2999):
        order, _ = shuffles.draw(k, 1)
        y = z[np.argsort(order[0])]
        fit = np.linalg.lstsq(design, y, rcond=None)[0]
        reduced = split.without_nuisance(y)
        full = y - design @ fit
        f = (reduced @ reduced - full @ full) / rank / (full @ full) * df
        ours = maxima["maxT"][k] ** 2 if rank == 1 else maxima["maxT"][k]
        assert ours == pytest.approx(f, rel=1e-3)
