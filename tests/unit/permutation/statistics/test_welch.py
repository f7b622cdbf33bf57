import numpy as np
import pytest
from scipy import stats

from permuting import BLOCKS, CONTRASTS, N, engine, example, freedman_lane
from secondlevel.base.errors import InputError
from secondlevel.model.glm import partition
from secondlevel.permutation.engine import max_statistics, observed_statistics
from secondlevel.permutation.statistics.protocol import Ground
from secondlevel.permutation.statistics.welch import Welch


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
    split = partition(np.column_stack([groups, 1 - groups]), [1, -1])
    ground = Ground({"site": np.where(groups, "Ulm", "Bath")}, None, BLOCKS["none"], "permute")
    expected = stats.ttest_ind(maps[groups == 1], maps[groups == 0], equal_var=False).statistic
    for test in (Welch(split, False, groups), Welch.of_config("site", split, False, ground)):
        np.testing.assert_allclose(observed_statistics(maps, test), expected, rtol=1e-9)


def test_a_variance_group_of_one_subject_is_refused():
    groups = np.array([0] * 9 + [1])
    design = np.column_stack([groups, np.ones(10)])
    with pytest.raises(InputError, match="variance cannot be estimated"):
        observed_statistics(np.ones((10, 2)), Welch(partition(design, [1, 0]), False, groups))
