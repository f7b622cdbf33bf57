"""Both ways to treat the nuisance, against statsmodels' refits and numbers that were made apart from this project."""

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from permuting import BLOCKS, CONTRASTS, N, engine, example
from secondlevel.base.sides import tested as evidence
from secondlevel.model.glm import partition
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import BLOCK, max_statistics, observed_statistics
from secondlevel.permutation.statistics.nuisance import NUISANCE, FreedmanLane, Smith
from secondlevel.permutation.statistics.ordinary import Ordinary

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "smith.json").read_text())["cases"]
EXPECTED = {"smith": "expected_statistic", "freedman-lane": "freedman_lane_with_the_same_rows"}


def array(values, dtype=float):
    """An array, or None for none."""
    return None if values is None else np.array(values, dtype=dtype)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"].split(":")[0])
@pytest.mark.parametrize("nuisance", EXPECTED)
def test_statistics_equal_the_expected_ones(nuisance, case):
    if EXPECTED[nuisance] not in case:
        pytest.skip("the case has no numbers for it")
    split = partition(np.array(case["design"]), np.array(case["contrast"]))
    test = Ordinary(split, False, NUISANCE[nuisance].of(split))
    rows = test.nuisance.rows(array(case["order"], int), array(case["signs"]), np.float64)
    found = test.statistic(test.scores(rows, test.elements(np.array(case["maps"]), np.float64)))
    np.testing.assert_allclose(found, case[EXPECTED[nuisance]], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", [case for case in CASES if "expected_squared_length" in case], ids=[0, 1])
def test_an_effect_that_a_shuffle_takes_into_the_nuisance_leaves_nothing_to_test(case):
    split = partition(np.array(case["design"]), np.array(case["contrast"]))
    (rows,) = Smith.of(split).rows(np.array(case["order"]), None, np.float32)
    left = np.array(case["expected_squared_length"]) > 1e-12
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), left, atol=1e-6)
    assert (rows[~left] == 0).all()


def smith(design, weights, maps, shuffles, k):
    """t or F of statsmodels for maps that stay, on the nuisance and the shuffled effect without it."""
    weights = np.atleast_2d(weights)
    nuisance = design @ np.linalg.svd(weights)[2][len(weights) :].T
    effect = design @ np.linalg.pinv(weights)
    effect = effect - nuisance @ np.linalg.lstsq(nuisance, effect, rcond=None)[0]
    order, signs = shuffles.draw(k, 1)
    effect = effect if order is None else effect[order[0]]
    effect = effect if signs is None else effect * signs[0][:, None]
    effect = effect - nuisance @ np.linalg.lstsq(nuisance, effect, rcond=None)[0]
    models = [sm.OLS(column, np.column_stack([effect, nuisance])).fit() for column in maps.T]
    if len(weights) == 1:
        return np.array([model.tvalues[0] for model in models])
    return np.array([float(model.f_test(np.eye(len(weights), len(model.params))).fvalue) for model in models])


@pytest.mark.parametrize("scheme", ["permute", "flip", "both"])
@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("division", BLOCKS)
def test_maxima_by_smiths_scheme_equal_refitting_each_shuffle(scheme, contrast, division):
    design, maps = example()
    maps, weights, two_sided = maps[:, :8], CONTRASTS[contrast], contrast == "difference"
    shuffles, test = engine(design, weights, scheme, BLOCKS[division], two_sided, asked=20, nuisance="smith")
    maxima, reached = max_statistics(maps, [test], shuffles, range(1), exceedances=True)
    every = np.array([smith(design, weights, maps, shuffles, k) for k in range(21)])
    every = np.abs(every) if two_sided else every
    np.testing.assert_allclose(maxima[0]["maxT"], every.max(axis=1), rtol=3e-5)
    np.testing.assert_allclose(evidence(observed_statistics(maps, test), two_sided), every[0], rtol=1e-6)
    np.testing.assert_array_equal(reached[0], (every[1:] >= every[0] - 1e-5 * np.abs(every[0])).sum(axis=0))


def test_it_costs_one_product_for_each_row_of_the_contrast_whatever_the_nuisance():
    rng = np.random.default_rng(0)
    design = np.column_stack([rng.normal(size=(40, 15)), np.ones(40)])
    for rank in (1, 3):
        of = partition(design, np.eye(16)[:rank]), Blocks.none(40), "permute"
        assert len(Smith.of(*of).vectors) == rank
        assert len(FreedmanLane.of(*of).vectors) == 15


@pytest.mark.parametrize("rank", [1, 2])
def test_where_no_shuffle_moves_the_nuisance_both_have_the_same_bits(rank):
    design, maps = example()
    sites = np.column_stack([design[:, :2], np.repeat(np.eye(3), 6, axis=0)])
    found = []
    for nuisance in NUISANCE:
        shuffles, test = engine(sites, np.eye(5)[:rank], "permute", BLOCKS["within"], asked=150, nuisance=nuisance)
        if rank == 2:
            assert len(test.vectors) == 2
        found.append(max_statistics(maps, [test], shuffles, range(2), exceedances=True))
    if rank == 1:  # the other score moves
        assert not np.array_equal(found[0][0][0]["maxT"], found[1][0][0]["maxT"])
        return
    np.testing.assert_array_equal(found[0][0][0]["maxT"], found[1][0][0]["maxT"])
    np.testing.assert_array_equal(found[0][1][0], found[1][1][0])


@pytest.mark.parametrize("nuisance", NUISANCE)
def test_rows_of_several_vectors_lie_together_in_memory(nuisance):
    """Else each product of Freedman and Lane's method first collects its own, which takes as long as the product."""
    design, _ = example()
    shuffles, test = engine(design, CONTRASTS["F"], "permute", BLOCKS["none"], nuisance=nuisance)
    rows = test.rows(*shuffles.draw(0, BLOCK))
    assert rows.shape == (len(test.vectors), BLOCK, N)
    assert rows.flags.c_contiguous
    assert rows.dtype == test.dtype
