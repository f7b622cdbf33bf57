"""What the answer says, for results that the integration tests do not have."""

import copy

from found import CONTRAST, ENTRY, FOUND, NULL
from secondlevel.report import answer as answers
from secondlevel.report.answer import answer, corrections, in_words


def test_an_answer_without_survivors_says_so_and_claims_no_more():
    text = " ".join(answer(CONTRAST))
    assert text.startswith("No voxel passes a family-wise error rate of 5 % by 999 permutations (t > 4.5).")
    assert "The largest t is at (1, 2, 3) mm: t(6) = 3.21, z = 2.50, family-wise p = 0.2" in text
    assert "95 % Monte-Carlo interval 0.17 to 0.23" in text
    assert "By none of the other corrections does a voxel pass. That is no proof" in text


def test_an_answer_counts_what_passes():
    contrast = copy.deepcopy(CONTRAST)
    contrast["nulls"]["maxT"] |= {"voxels_above": 12, "exhaustive": True, "interval_of_p_of_observed_maximum": None}
    contrast["thresholds"]["fdr"] = ENTRY | {"threshold": 3.1, "voxels_above": 1}
    text = " ".join(answer(contrast))
    assert "12 of 1,000 voxels pass a family-wise error rate of 5 % by all 1,000 permutations, the observed" in text
    assert "By the other corrections, 1 voxel (false discovery rate, 0.05) passes." in text
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
        assert in_words({"rows": weights}, columns) == words
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
