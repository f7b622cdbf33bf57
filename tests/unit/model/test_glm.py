import numpy as np
import pytest
import statsmodels.api as sm

from secondlevel.base.errors import InputError
from secondlevel.model.glm import fit, partition

DESIGNS = {
    "association": ([1, 0], 2),
    "difference of two covariates": ([1, -1, 0, 0], 4),
    "average of three": ([1 / 3, 1 / 3, 1 / 3, 0, 0], 5),
    "nuisance column": ([0, 0, 2, 0], 4),
}


def example(name, n=25, n_voxels=40, seed=3):
    """A design with an intercept, correlated covariates, and maps with a large mean."""
    weights, n_columns = DESIGNS[name]
    rng = np.random.default_rng(seed)
    covariates = rng.normal(size=(n, n_columns - 1)) @ (np.eye(n_columns - 1) + 0.5)
    design = np.column_stack([covariates, np.ones(n)])
    return design, np.array(weights, dtype=float), 100 + rng.normal(size=(n, n_voxels))


@pytest.mark.parametrize("name", DESIGNS)
def test_every_contrast_agrees_with_statsmodels(name):
    design, weights, maps = example(name)
    result = fit(maps, partition(design, weights))
    for voxel in range(maps.shape[1]):
        test = sm.OLS(maps[:, voxel], design).fit().t_test(weights)
        assert result.effect[voxel] == pytest.approx(test.effect.item(), rel=1e-9)
        assert result.variance[voxel] == pytest.approx(test.sd.item() ** 2, rel=1e-9)
        assert result.t[voxel] == pytest.approx(test.tvalue.item(), rel=1e-9)
        assert result.df == test.df_denom


@pytest.mark.parametrize("name", DESIGNS)
def test_partition_splits_the_space_of_the_design(name):
    design, weights, _ = example(name)
    split = partition(design, weights)
    both = np.column_stack([split.effect, split.nuisance])
    assert np.allclose(split.effect.T @ split.nuisance, 0)
    assert np.allclose(split.nuisance.T @ split.nuisance, np.eye(design.shape[1] - 1))
    assert np.linalg.matrix_rank(np.column_stack([design, both])) == design.shape[1]


def test_partial_r_is_the_correlation_of_adjusted_data():
    design, weights, maps = example("nuisance column")
    nuisance = design[:, [0, 1, 3]]
    adjust = np.eye(len(design)) - nuisance @ np.linalg.pinv(nuisance)
    expected = [np.corrcoef(adjust @ design[:, 2], adjust @ column)[0, 1] for column in maps.T]
    np.testing.assert_allclose(fit(maps, partition(design, weights)).partial_r, expected, rtol=1e-8)


def test_tiles_leave_no_voxel_out(monkeypatch):
    design, weights, maps = example("association", n_voxels=23)
    whole = fit(maps, partition(design, weights))
    monkeypatch.setattr("secondlevel.model.glm.TILE", 10)
    np.testing.assert_allclose(fit(maps, partition(design, weights)).t, whole.t, rtol=1e-12)


def test_f_agrees_with_statsmodels():
    design, _, maps = example("average of three")
    weights = np.array([[1, -1, 0, 0, 0], [0, 1, -1, 0, 0]])
    result = fit(maps, partition(design, weights))
    for voxel in range(maps.shape[1]):
        test = sm.OLS(maps[:, voxel], design).fit().f_test(weights)
        assert result.f[voxel] == pytest.approx(float(test.fvalue), rel=1e-9)
        assert (result.rank, result.df) == (test.df_num, test.df_denom)


def test_f_of_one_row_is_the_square_of_t():
    design, weights, maps = example("difference of two covariates")
    one, same = partition(design, weights), partition(design, np.array([weights]))
    np.testing.assert_allclose(fit(maps, one).t, fit(maps, same).t)
    r2 = fit(maps, partition(design, np.eye(4)[:2])).partial_r2
    nuisance = design[:, 2:]
    full, rest = (((maps - m @ np.linalg.lstsq(m, maps, rcond=None)[0]) ** 2).sum(axis=0) for m in (design, nuisance))
    np.testing.assert_allclose(r2, 1 - full / rest, rtol=1e-9)


@pytest.mark.parametrize("units", [[1e18, 1, 1, 1], [1e-40, 1e40, 1, 1], [1, 1, 1e-15, 1e9], [1e-99, 1, 1, 1e99]])
@pytest.mark.parametrize(
    "weights", [[1, 0, 0, 0], [0, 0, 0, 1], [[1, 0, 0, 0], [0, 0, 1, 0]], [[0, 1, 0, 0], [0, 0, 0, 1]]]
)
def test_the_units_of_variables_change_the_unit_of_an_effect_and_nothing_else(units, weights):
    """In nanoseconds or in years: a covariate's unit is none of another one's business."""
    design, _, maps = example("nuisance column")
    weights, units = np.atleast_2d(np.array(weights, dtype=float)), np.array(units)
    plain, other = (fit(maps, partition(of_units, weights)) for of_units in (design, design * units))
    statistic = "t" if len(weights) == 1 else "f"
    np.testing.assert_allclose(getattr(other, statistic), getattr(plain, statistic), rtol=1e-7)
    if len(weights) == 1:
        np.testing.assert_allclose(other.effect * units[weights[0] != 0], plain.effect, rtol=1e-7)


def test_rows_that_are_the_same_but_for_rounding_are_refused():
    design, _, _ = example("nuisance column")
    rows = np.array([[1, 0, 0, 0], [1, 1, 0, 0]])
    assert partition(design * [1, 1e-3, 1, 1], rows).rank == 2
    with pytest.raises(InputError, match="rows that differ by rounding only"):
        partition(design * [1, 1e12, 1, 1], rows)
