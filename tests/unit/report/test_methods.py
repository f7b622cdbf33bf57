"""What the methods and the answer say, for tests that the integration tests do not run."""

import copy

import pytest

from secondlevel.report import answer as answers
from secondlevel.report.answer import answer, corrections, in_words
from secondlevel.report.citations import references
from secondlevel.report.methods import methods

NULL = {
    "method": "maxT",
    "voxels": 1000,
    "statistic": {"name": "t", "rank": 1},
    "degrees_of_freedom": 6,
    "two_sided": False,
    "scheme": "permute",
    "blocks": {"number": 1, "whole": False},
    "permutations": 999,
    "distinct_permutations": None,
    "exhaustive": False,
    "seed": 3,
    "tail": None,
    "warnings": [],
    "alpha": 0.05,
    "threshold": 4.5,
    "voxels_above": 0,
    "p_of_observed_maximum": 0.2,
    "interval_of_p_of_observed_maximum": [0.17, 0.23],
}
ENTRY = {"alpha": 0.05, "two_sided": False, "threshold": None, "voxels_above": 0}
CONTRAST = {
    "name": "age",
    "rows": [{"age": 1.0}],
    "thresholds": {"fdr": ENTRY, "bonferroni": ENTRY | {"threshold": 4.8}},
    "nulls": {"maxT": NULL},
    "peak": {"name": "t", "statistic": 3.21, "z": 2.5, "df": 6, "mm": [1.0, 2, 3], "logp_desc-maxT": 0.69897},
}
FOUND = {
    "settings": {
        "dataset": "own",
        "datasets": {"localizer": {"contrast": "button"}},
        "smoothing_fwhm": 0,
        "resample_to": None,
        "alpha": {"fdr": 0.05, "fwe": 0.05, "uncorrected": 0.001},
        "permutation": {
            "blocks": None,
            "variance_groups": None,
            "variance_fwhm": 0,
            "across_contrasts": False,
        },
    },
    "mask": {"Source": "mine.nii", "Voxels": 1000},
    "design": {"design": "age", "centered": {}, "factors": {}},
    "columns": [{"name": "intercept", "minimum": 1, "maximum": 1}, {"name": "age", "minimum": 20, "maximum": 40}],
    "kept": [{}] * 8,
    "excluded": [],
    "quality": [{}] * 8,
    "outliers": [],
    "record": {"software": {"secondlevel": "0.1.0", "python": "3.11", "snakemake": "9", "numpy": None}},
    "contrasts": [CONTRAST],
}


def changed(**changes):
    """FOUND with parts replaced; dots in the names go into it."""
    found = copy.deepcopy(FOUND)
    for name, value in changes.items():
        *way, last = name.split("__")
        part = found
        for step in way:
            part = part[int(step)] if step.isdigit() else part[step]
        part[last] = value
    return found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "999 random permutations (seed 3) reordered the subjects, once"),
        ({"contrasts__0__nulls__maxT__exhaustive": True}, "All 999 distinct permutations reordered the subjects"),
        ({"contrasts__0__nulls__maxT__scheme": "both"}, "reordered the subjects and turned the signs of their maps"),
        (
            {
                "contrasts__0__nulls__maxT__blocks": {"number": 4, "whole": True},
                "settings__permutation__blocks": {"variable": "family"},
            },
            ", the 4 exchangeability blocks of family moving as wholes (Winkler et al. 2015)",
        ),
        (
            {"contrasts__0__nulls__maxT__statistic__name": "v", "settings__permutation__variance_groups": "site"},
            "Aspin and Welch's v, which gives each level of site a variance of its own (Winkler et al. 2014)",
        ),
        (
            {"contrasts__0__nulls__maxT__statistic__name": "pseudo-t", "settings__permutation__variance_fwhm": 8},
            "pseudo-t, with the variance smoothed at a FWHM of 8 mm (Nichols and Holmes 2002)",
        ),
        ({"contrasts__0__nulls__maxT__tail": {"share": 0.1}}, "a generalised Pareto distribution fitted to the upper"),
        ({"settings__permutation__across_contrasts": True}, "the maximum over voxels and contrasts"),
        ({"settings__resample_to": "grid.nii"}, "resampled linearly"),
        ({"settings__dataset": "localizer"}, 'Papadopoulos Orfanos et al. 2017), contrast "button".'),
        ({"settings__dataset": "emotion_regulation"}, "(Wager et al. 2008)"),
        (
            {"design__factors": {"site": ["Ulm", "Bath"]}},
            "The levels of site were Ulm and Bath, Ulm being the reference.",
        ),
        (
            {"outliers": [{"outlier": "sd"}]},
            "1 map stood apart by mean, spread or correlation with the others (robust z beyond 3.5; "
            "Iglewicz and Hoaglin 1993) and was kept.",
        ),
        ({"mask__Source": "MNI152 brain"}, "1,000 voxels in the MNI152 brain"),
        ({"mask__Source": "background of the maps' mean"}, "differ from the background of the mean map"),
    ],
)
def test_the_methods_say_what_was_run(changes, said):
    text = " ".join(methods(changed(**changes)))
    assert said in text
    if changes:
        assert said not in " ".join(methods(FOUND))
    names = [work["name"] for work in references(text)]
    assert names == sorted(names)
    assert ("Winkler et al. 2016" in names) == ("generalised Pareto" in text)


def test_contrasts_with_unlike_permutations_are_told_apart():
    found = changed()
    found["contrasts"].append(copy.deepcopy(CONTRAST) | {"name": "mean"})
    found["contrasts"][1]["nulls"]["maxT"]["scheme"] = "flip"
    text = methods(found)[2]
    assert "For age: 999 random permutations (seed 3) reordered" in text
    assert "For mean: 999 random permutations (seed 3) turned" in text


def test_software_that_is_not_there_is_not_named():
    assert "numpy" not in methods(FOUND)[3]
    assert "snakemake 9 (Mölder et al. 2021)" in methods(FOUND)[3]


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
    assert "12 of 1,000 voxels pass a family-wise error rate of 5 % by all 999 permutations (t > 4.5)." in text
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
