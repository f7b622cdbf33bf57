import numpy as np
import pytest

from secondlevel.figures.shown import corrected, thresholded, whole
from secondlevel.inference.thresholds import threshold_entries
from secondlevel.space.units import EDGES, VERTICES

ALPHA = {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001}


def entries(z, two_sided, unit=VERTICES):
    return {entry["method"]: entry for entry in threshold_entries(z, ALPHA, two_sided, "group", unit)}


def with_holes(shift, n=500):
    """Values of z, some of them large, without the elements that are not analysed, and with them."""
    z = np.random.default_rng(0).normal(size=n)
    z[:40] += shift
    z[40:60] -= shift
    holed = np.insert(z, [0, 10, 10, n], np.nan)
    return z, holed


@pytest.mark.parametrize(("two_sided", "name"), [(True, "|z|"), (False, "z")])
def test_words_name_the_threshold_and_how_many_pass(two_sided, name):
    z, holed = with_holes(6)
    found = entries(z, two_sided)
    threshold = found["fdr"]["threshold"]
    n = ((np.abs(z) if two_sided else z) > threshold).sum()
    shown = thresholded("group", holed, two_sided, found["fdr"], VERTICES)
    assert shown.title == f"group: {name} > {threshold:.2f}, {n} vertices (FDR 0.05)"
    assert whole("group", holed, two_sided, found).title == "group: z, outlined where it passes FDR 0.05"
    one = corrected("group", {"maxT": np.clip(holed, 0, 3)}, 1, 0.05, VERTICES)
    assert one.title == "group: -log10 p, permutation, vertices, family-wise (line: p = 0.05)"
    assert one.titles is None
    maps = {"maxT": np.clip(holed, 0, 3), "maxTFCE": 0 * holed}
    both = corrected("group", maps, 1, 0.05, EDGES, "above the diagonal")
    assert both.title == "group: -log10 p, above the diagonal where p is at most 0.05"
    assert both.titles[0] == "permutation, edges, family-wise"
    assert both.titles[1].endswith("TFCE, family-wise: no edge above 1")


@pytest.mark.parametrize("two_sided", [True, False])
def test_what_passes_is_shown_and_marked_and_the_rest_is_faint(two_sided):
    z, holed = with_holes(6)
    found = entries(z, two_sided)
    threshold, known = found["fdr"]["threshold"], np.isfinite(holed)
    passes = (np.abs(z) if two_sided else z) > threshold
    assert 30 < passes.sum() < 70
    (shown,) = thresholded("group", holed, two_sided, found["fdr"], VERTICES).maps
    np.testing.assert_array_equal(np.isnan(shown), ~known)
    np.testing.assert_array_equal(shown[known], np.where(passes, z, 0))
    all_of_it = whole("group", holed, two_sided, found)
    np.testing.assert_array_equal(all_of_it.passes[0][known], passes)
    assert not all_of_it.passes[0][~known].any()
    np.testing.assert_allclose(all_of_it.opaque[0][known], np.minimum(np.abs(z) / threshold, 1))
    assert (all_of_it.opaque[0][~known] == 0).all()
    assert (all_of_it.scale.low, all_of_it.scale.high) == (-np.abs(z).max(), np.abs(z).max())


def test_nothing_that_passes_is_said():
    z, holed = (values / 2 for values in with_holes(0))
    found = entries(z, True)
    assert found["fdr"]["threshold"] is None
    shown = thresholded("group", holed, True, found["fdr"], VERTICES)
    assert shown.title.endswith(": no vertex passes")
    assert not np.nan_to_num(shown.maps[0]).any()
    faint = whole("group", holed, True, found)
    assert not faint.passes[0].any()
    bonferroni = found["bonferroni"]["threshold"]
    np.testing.assert_allclose(np.nan_to_num(faint.opaque[0]), np.clip(np.abs(np.nan_to_num(holed)) / bonferroni, 0, 1))
    p = corrected("group", {"maxT": 0 * holed, "maxTFCE": 0 * holed}, 1, 0.05, EDGES)
    assert all(title.endswith(": no edge above 1") for title in p.titles)


def test_p_of_exactly_the_error_rate_passes():
    logp = np.array([np.nan, 0.9, -np.log10(0.05), 1.2, 2])
    shown = corrected("group", {"maxT": logp.astype(np.float32)}, 1, 0.05, VERTICES, "above the diagonal")
    assert shown.passes[0].tolist() == [False, False, True, False, True]
    assert np.nan_to_num(shown.maps[0]) == pytest.approx([0, 0, 1.30103, 1.2, 2])
    assert shown.scale.mark == pytest.approx(1.30103)


@pytest.mark.parametrize(
    ("n", "unit", "words"), [(1, VERTICES, "1 vertex"), (0, EDGES, "0 edges"), (2345, VERTICES, "2,345 vertices")]
)
def test_numbers_of_elements_in_words(n, unit, words):
    assert unit.counted(n) == words
