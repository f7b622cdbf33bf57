"""What residuals say of the model's assumptions, each bound from both sides."""

import numpy as np
import pytest
import statsmodels.api as sm

from secondlevel.model.residuals import at_peaks, groups_of, of_residuals, residual_sd, studentised


def maps_of_groups(sizes, deviations, seed=2, n_elements=400, skew=False):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    noise = rng.exponential(size=(len(labels), n_elements)) - 1 if skew else rng.normal(size=(len(labels), n_elements))
    design = (labels[:, None] == np.arange(len(sizes))).astype(float)
    return (noise * np.take(deviations, labels)[:, None]).astype(np.float32), design


@pytest.mark.parametrize(
    ("sizes", "deviations", "told"),
    [
        ((15, 15), (1, 1), False),
        ((15, 15), (1.7, 1), False),  # a ratio of 2.9: of no harm in groups of one size
        ((15, 15), (2.5, 1), True),
        ((8, 22), (1.7, 1), True),
        ((8, 22), (1.2, 1), False),
        ((4, 26), (1, 1), False),
    ],
)
def test_groups_of_unequal_variances_are_told_by_size_and_ratio(sizes, deviations, told):
    maps, design = maps_of_groups(sizes, deviations)
    measures, notices = of_residuals(maps, design, {"a": 3}, [])
    assert [section for _, section in notices] == ["variances"] * told
    expected = (max(deviations) / min(deviations)) ** 2
    assert measures["VarianceRatio"]["mask"] == pytest.approx(expected, rel=0.15)


def test_variances_that_differ_at_the_peak_only_are_told_if_that_is_sure():
    maps, design = maps_of_groups((15, 15), (1, 1))
    maps[:15, 3] *= 8
    ((sentence, section),) = of_residuals(maps, design, {"a": 3}, [])[1]
    assert section == "variances"
    assert "At the peak of a" in sentence


def test_skewed_residuals_are_told_where_signs_are_turned():
    maps, design = maps_of_groups((30,), (1,), skew=True)
    assert of_residuals(maps, design, {"a": 3}, [])[1] == []
    measures, ((sentence, section),) = of_residuals(maps, design, {"a": 3}, ["a"])
    assert section == "skewness"
    assert measures["Skewness"]["mask"] > 1
    maps, design = maps_of_groups((30,), (1,))
    assert of_residuals(maps, design, {"a": 3}, ["a"])[1] == []


def test_groups_are_the_kinds_of_rows_of_columns_of_0_and_1_that_have_residuals():
    cells = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]])
    design = np.column_stack([np.tile(cells, (4, 1)), np.random.default_rng(0).normal(size=16)])
    members = groups_of(design)
    assert members.shape == (4, 16)
    np.testing.assert_array_equal(members.sum(axis=0), 1)
    for group in members.astype(bool):
        assert len(np.unique(design[group, :3], axis=0)) == 1
    np.testing.assert_array_equal(groups_of(design[:, 3:]), np.ones((1, 16)))
    # Of a person's two rows no variance is told, however many persons there are.
    persons = np.column_stack([np.tile([0, 1], 8), np.repeat(np.eye(8), 2, axis=0)])
    assert groups_of(persons).shape == (0, 16)


def test_spread_and_studentised_residuals_are_statsmodels(monkeypatch):
    monkeypatch.setattr("secondlevel.model.residual_tiles.TILE", 7)
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(18), rng.normal(size=(18, 2))])
    maps = (rng.normal(size=(18, 20)) * rng.uniform(0.1, 9, 20) + 100).astype(np.float32)
    fits = [sm.OLS(column.astype(float), design).fit() for column in maps.T]
    np.testing.assert_allclose(residual_sd(maps, design), [np.sqrt(fit.mse_resid) for fit in fits], rtol=1e-10)
    expected = np.column_stack([fit.get_influence().resid_studentized_internal for fit in fits])
    np.testing.assert_allclose(studentised(maps.astype(float), design), expected, rtol=1e-7)
    statistics = {"a": -(np.arange(20.0) - 11), "b": np.arange(20.0)}
    for two_sided, peaks in ((False, {"a": 0, "b": 19}), (True, {"a": 0, "b": 19})):
        found = at_peaks(maps, design, statistics, two_sided)
        assert list(found) == ["a", "b"]
        for name, element in peaks.items():
            np.testing.assert_allclose(found[name], expected[:, element], rtol=1e-7)


def test_where_there_are_no_residuals_none_is_told():
    """Of a subject with a column of its own, whom the design fits, and of a map that the design explains whole."""
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(12), np.arange(12.0), np.arange(12) == 4])
    values = np.column_stack([rng.normal(size=12), 5 + design[:, 1] / 3])
    found = studentised(values, design)
    assert np.isnan(found[:, 1]).all()
    assert np.isnan(found[:, 0]).tolist() == [row == 4 for row in range(12)]
