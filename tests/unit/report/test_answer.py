"""What the answer says, for results that the integration tests do not have."""

import copy

import pytest

from found import BOUNDS, CONTRAST, ENTRY, FOUND, NULL, of_unit
from secondlevel.report import answer as answers
from secondlevel.report.answer import active, cautions, corrections, passing, peak_sentence
from secondlevel.report.question import in_words
from secondlevel.space.units import EDGES, GRAYORDINATES, PARCELS, PIXELS, VERTICES


def answer(contrast):
    """All that is said of a contrast in sentences."""
    return [passing(contrast), peak_sentence(contrast), *cautions(contrast)]


def test_an_answer_without_survivors_says_so_and_claims_no_more():
    text = " ".join(answer(CONTRAST))
    assert text.startswith("No voxel passes a family-wise error rate of 5 % by 999 permutations (t > 4.5).")
    assert "The largest t is at (1, 2, 3) mm: t(6) = 3.21, z = 2.50, family-wise p = 0.2" in text
    assert "95 % Monte-Carlo interval 0.17 to 0.23" in text
    assert "looks stronger than it is. That is no proof" in text


def test_an_answer_counts_what_passes():
    contrast = copy.deepcopy(CONTRAST)
    contrast["nulls"]["maxT"] |= {"voxels_above": 12, "exhaustive": True, "interval_of_p_of_observed_maximum": None}
    contrast["thresholds"]["fdr"] = ENTRY | {"threshold": 3.1, "voxels_above": 1}
    text = " ".join(answer(contrast))
    assert "12 of 1,000 voxels pass a family-wise error rate of 5 % by all 1,000 permutations, the observed" in text
    assert [row["above"] for row in corrections(contrast)] == [12, 0, 1]
    assert "Monte-Carlo" not in text
    assert "no proof" not in text
    assert [row["threshold"] for row in corrections(contrast)] == ["t > 4.5", "z > 4.8", "z > 3.1"]


def test_contrasts_in_words():
    columns = FOUND["columns"]
    rows = {
        "How much the maps change with age, for each unit of it, with the other columns held.": [{"age": 1.0}],
        "The mean of the maps, where all other columns are 0.": [{"intercept": 1.0}],
        "The combination a - b of the columns' coefficients.": [{"a": 1.0, "b": -1.0}],
        "Whether any of a and b differs from 0.": [{"a": 1.0}, {"b": 1.0}],
    }
    for words, weights in rows.items():
        assert in_words({"rows": weights, "compared": None}, columns) == words
    two_sided = CONTRAST | {"thresholds": {"fdr": ENTRY | {"two_sided": True}}, "rows": [{"age": -1.0}]}
    assert answers.tested_as(two_sided) == "age (= -age; t, two-sided)"
    assert answers.tested_as(CONTRAST) == "age (t, one-sided, positive effects)"


def test_corrections_stand_in_the_order_of_the_catalogue_with_what_each_is_about():
    contrast = copy.deepcopy(CONTRAST)
    contrast["nulls"] = {key: NULL | {"threshold": 7} for key in ("maxT", "maxExtent", "maxMass", "maxTFCE")}
    contrast["nulls"]["maxT"] |= {"two_sided": True}
    contrast["nulls"]["maxMass"] |= {"threshold": None}
    assert [(row["label"], row["threshold"]) for row in corrections(contrast)] == [
        ("permutation, voxels", "|t| > 7"),
        ("permutation, cluster extent", "extent > 7"),
        ("permutation, cluster mass", "none"),
        ("permutation, TFCE", "TFCE > 7"),
        ("Bonferroni", "z > 4.8"),
        ("false discovery rate", "none"),
    ]
    assert [row["p"] for row in corrections(contrast)] == [0.2] * 4 + [None] * 2
    assert [row["controls"] for row in corrections(contrast)] == ["family-wise error"] * 5 + ["false discovery rate"]
    of_whole = "exchangeable errors; holds for whole clusters, not for their voxels"
    assumed = ["exchangeable errors", of_whole, of_whole, "exchangeable errors", "normal errors of one variance"]
    assert [row["assumes"] for row in corrections(contrast)][:5] == assumed
    contrast["nulls"]["maxT"] |= {"scheme": "flip"}
    assert corrections(contrast)[0]["assumes"] == "errors that are symmetric about 0"


def test_where_rows_belong_together_the_answer_goes_by_permutation_alone():
    contrast = copy.deepcopy(CONTRAST) | {"dependent": True}
    contrast["thresholds"]["fdr"] = ENTRY | {"threshold": 3.1, "voxels_above": 500}
    contrast["peak"] |= {"effect": 1.0, "effect_desc-lower95": 0.5, "effect_desc-upper95": 1.5}
    text = " ".join(answer(contrast))
    assert "500" not in text
    assert "z = " not in text
    assert "two-sided 95 % confidence interval, if rows were independent, 0.5 to 1.5" in text
    assert "Bonferroni take the maps for independent, and are not counted here" in text
    assert "That is no proof" in text
    labels = [row["label"] for row in corrections(contrast)]
    assert labels[1:] == ["Bonferroni, if rows were independent", "false discovery rate, if rows were independent"]


def test_an_f_contrast_has_no_interval_to_look_at_and_a_one_sided_test_a_two_sided_one():
    peak = CONTRAST["peak"] | {"name": "F", "df": [2, 6]}
    of_f = copy.deepcopy(CONTRAST) | {"rows": [{"a": 1.0}, {"b": 1.0}], "peak": peak}
    assert "no effect: the unthresholded map shows how large" in " ".join(answer(of_f))
    of_t = copy.deepcopy(CONTRAST)
    of_t["peak"] |= {"effect": 1.0, "effect_desc-lower95": 0.5, "effect_desc-upper95": 1.5}
    text = " ".join(answer(of_t))
    assert "effect 1 (two-sided 95 % confidence interval 0.5 to 1.5)" in text
    assert "the confidence interval at the peak and the unthresholded map show" in text
    of_t["unit"] = "ml"
    assert "effect 1 ml (two-sided 95 % confidence interval 0.5 to 1.5)" in " ".join(answer(of_t))


def test_the_peak_is_that_of_what_was_permuted():
    contrast = copy.deepcopy(CONTRAST)
    contrast["peak"] |= {"name": "v", "df": None}
    assert "The largest v is at (1, 2, 3) mm: v = 3.21, family-wise p = 0.2" in " ".join(answer(contrast))


def test_true_discoveries_are_counted_or_it_is_said_why_not():
    assert active(CONTRAST, viewer=True) == ""
    said = active(CONTRAST | {"discoveries": BOUNDS}, viewer=True)
    assert said == (
        "At least 139 of 1,000 voxels are truly active, with 95 % confidence; of each cluster the tables say how many, "
        "the viewer at any threshold."
    )
    assert active(CONTRAST | {"discoveries": BOUNDS}, viewer=False).endswith("the tables say how many.")
    of_parcels = of_unit(PARCELS, {"parcel": "cuneus"}, CONTRAST | {"discoveries": BOUNDS})
    assert active(of_parcels, viewer=False).endswith("truly active, with 95 % confidence.")
    nothing = active(CONTRAST | {"discoveries": BOUNDS | {"true_discoveries": 0, "alpha": 0.1}}, viewer=True)
    assert nothing == "No number of voxels is shown to be truly active, with 90 % confidence."
    few = BOUNDS | {"lambda": None, "true_discoveries": 0, "warnings": ["9 permutations are too few."]}
    assert active(CONTRAST | {"discoveries": few}, viewer=True) == "9 permutations are too few."


MM = {"x_mm": -21.04, "y_mm": 2.0, "z_mm": 3.0}
PLACES = [
    (
        VERTICES,
        {"hemisphere": "left", "vertex": 7} | MM,
        "left hemisphere, vertex 7",
    ),
    (GRAYORDINATES, {"structure": "left thalamus"} | MM, "left thalamus"),
    (GRAYORDINATES, {"structure": "left cortex"} | dict.fromkeys(MM), "left cortex"),
    (PARCELS, {"parcel": "cuneus"}, "cuneus"),
    (EDGES, {"node_1": "V1", "node_2": "MT"}, "V1 \N{EN DASH} MT"),
    (PIXELS, {"frequency": 10.0, "time": 0.25}, "frequency 10, time 0.25"),
]


@pytest.mark.parametrize(("unit", "place", "where"), PLACES)
def test_an_answer_speaks_of_the_elements_of_its_maps(unit, place, where):
    contrast = of_unit(unit, place, CONTRAST | {"discoveries": BOUNDS})
    where += ", (-21, 2, 3) mm" if place.get("x_mm") else ""
    contrast["nulls"]["maxExtent"] = contrast["nulls"]["maxT"]
    text = " ".join([*answer(contrast), active(contrast, True), *(row["assumes"] for row in corrections(contrast))])
    assert text.startswith(f"No {unit.one} passes a family-wise error rate of 5 % by 999 permutations (t > 4.5).")
    assert f"The largest t is at {where}: t(6) = 3.21" in text
    assert f"that {unit.one} looks stronger than it is" in text
    assert f"At least 139 of 1,000 {unit.many} are truly active" in text
    assert f"holds for whole clusters, not for their {unit.many}" in text
    assert "voxel" not in text
    contrast["nulls"]["maxT"] |= {f"{unit.many}_above": 12}
    assert answer(contrast)[0].startswith(f"12 of 1,000 {unit.many} pass")
    assert [row["above"] for row in corrections(contrast)] == [12, 12, 0, 0]
    assert corrections(contrast)[0]["label"] == f"permutation, {unit.many}"
