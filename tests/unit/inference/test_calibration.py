"""Error rates of an analysis' own test: errors measured and drawn anew, and rows of docs/validation.md found again."""

import numpy as np
import pytest
from scipy import stats

from secondlevel.inference.calibration import Errors, band, error_rates, verdicts
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import Settings
from secondlevel.space.kinds.volume import Mask

N_ELEMENTS = 4000


def nobody(total, what):
    return lambda done: None


def own_maps(labels, deviations, correlation=0.0, skew=False, seed=0):
    """Maps with errors of which all is known."""
    rng = np.random.default_rng(seed)
    shape = len(labels), N_ELEMENTS
    own = rng.exponential(size=shape) - 1 if skew else rng.standard_normal(shape)
    shared = rng.standard_normal((labels.max() + 1, N_ELEMENTS))[labels]
    return (deviations[:, None] * (np.sqrt(1 - correlation) * own + np.sqrt(correlation) * shared)).astype(np.float32)


def test_errors_are_measured_from_residuals():
    labels, group = np.repeat(np.arange(12), 2), np.repeat([0.0, 1], 12)
    design = np.column_stack([np.ones(24), group, np.random.default_rng(1).normal(size=24)])
    maps = own_maps(labels, 1 + 2 * group, correlation=0.4)
    errors = Errors.measured(maps, design, labels)
    assert errors.deviations[-1] / errors.deviations[0] == pytest.approx(3, rel=0.05)
    assert errors.skewness == pytest.approx(0, abs=0.05)
    even = Errors.measured(own_maps(labels, np.ones(24), correlation=0.4), design, labels)
    assert even.correlation == pytest.approx(0.4, abs=0.03)
    alone = Errors.measured(own_maps(np.arange(24), np.ones(24), skew=True), design, np.arange(24))
    assert alone.correlation == 0
    assert alone.skewness == pytest.approx(2, abs=0.4)  # of so few rows, an estimate is below it
    persons = np.column_stack([np.tile([0.0, 1], 12), labels[:, None] == np.arange(12)])
    assert Errors.measured(maps, persons, labels).correlation == 0  # the design holds them


def test_errors_are_drawn_as_they_were_measured():
    labels = np.repeat(np.arange(50), 2)
    errors = Errors(np.linspace(1, 3, 100), 1.5, 0.5, labels)
    draws = np.array([errors.draw(np.random.default_rng(k)) for k in range(200)])  # (draws, subjects, elements)
    np.testing.assert_allclose(draws.std(axis=(0, 2)), errors.deviations, rtol=0.05)
    assert stats.skew(draws / errors.deviations[:, None], axis=None) == pytest.approx(1.5, abs=0.1)
    pairs = draws[:, 0::2].ravel(), draws[:, 1::2].ravel()
    assert np.corrcoef(*pairs)[0, 1] == pytest.approx(0.5, abs=0.06)  # less, for the skewness


# A row of docs/validation.md: design, labels, deviations, correlation of blocks, settings, and errors in per cent.
FIVE = (np.arange(20) < 5).astype(float)
PAIRS = np.arange(20) // 2
ROWS = {
    "groups, small group, 20, t": (
        np.column_stack([FIVE, 1 - FIVE]),
        [1, -1],
        np.arange(20),
        1 + 2 * FIVE,
        0.0,
        {},
        {"permute": 77.6, "flip": 7.9},
    ),
    "groups, small group, 20, v": (
        np.column_stack([FIVE, 1 - FIVE]),
        [1, -1],
        np.arange(20),
        1 + 2 * FIVE,
        0.0,
        {"statistic": {"welch": "group"}},
        {"permute": 36.5, "flip": 6.0},
    ),
    "mean, families, 20, none": (np.ones((20, 1)), [1], PAIRS, np.ones(20), 0.5, {"scheme": "flip"}, {"flip": 25.6}),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_the_validation_are_found_again(name):
    design, weights, labels, deviations, correlation, permutation, expected = ROWS[name]
    errors = Errors.measured(own_maps(labels, deviations, correlation), design, labels)
    usual = {"scheme": "auto", "blocks": None, "count": 199, "seed": 1, "statistic": "t"}
    usual["nuisance"] = "freedman-lane"
    sample = {"participant_id": np.arange(20).astype(str), "group": FIVE.astype(str)}
    mask = Mask(np.ones((4, 4, 4), dtype=bool), np.diag([3.0, 3, 3, 1]))
    settings = Settings.of(usual | permutation, False, {}, sample, mask)
    n = 200
    rows = error_rates(settings, design, partition(design, weights), errors, 0.05, n, "c", nobody)
    rates = {row["scheme"]: row["rate"] for row in rows}
    for scheme, percent in expected.items():
        half = 3.3 * np.sqrt(percent / 100 * (1 - percent / 100) / n) + 0.02
        assert rates[scheme] == pytest.approx(percent / 100, abs=half)
    ((sentence, warned),) = verdicts(rows)
    assert warned
    assert "above the band" in sentence
    if name.startswith("mean"):
        assert rates["permute"] is None
        assert "allows no shuffle" in next(row for row in rows if row["scheme"] == "permute")["refused"]


def test_the_sentence_names_each_rate_and_the_band():
    rows = [
        {"contrast": "c", "scheme": s, "in_use": s == "flip", "data_sets": 1000, "rate": r, "band": band(0.05, 1000)}
        for s, r in (("permute", 0.051), ("flip", 0.119), ("both", None))
    ]
    ((sentence, warned),) = verdicts(rows)
    assert "permute 5.1 %, flip 11.9 %." in sentence
    assert "flip, which is in use, is above the band of a test that holds its rate, 3.65 % to 6.35 %" in sentence
    assert warned
