"""What residuals say of the model's assumptions, each bound from both sides."""

import numpy as np
import pytest

from secondlevel.model.residuals import groups_of, of_residuals


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
