"""What the methods say, for tests that the integration tests do not run."""

import copy

import pytest

from found import BOUNDS, CONTRAST, FOUND, NULL
from secondlevel.report.citations import references
from secondlevel.report.methods import methods

CLUSTERS = {"threshold": "p < 0.001", "connectivity": 18, "statistic_above": 3.4}
TFCE = {"statistic": "z", "extent_power": 0.5, "height_power": 2.0, "connectivity": 6}


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
        (
            {"contrasts__0__nulls__maxT__exhaustive": True},
            "All 1,000 distinct permutations, the observed order among them, reordered the subjects",
        ),
        ({"contrasts__0__nulls__maxT__scheme": "both"}, "reordered the subjects and turned the signs of their maps"),
        (
            {"contrasts__0__nulls__maxT__nuisance": "smith"},
            "reordered the subjects, once the rest of the design was regressed out of the maps, and out of the effect "
            "again after each permutation of it (Smith's scheme; Winkler et al. 2014); the statistic was t.",
        ),
        (
            {
                "contrasts__0__nulls__maxT__blocks": {"number": 4, "whole": True},
                "settings__permutation__blocks": {"variable": "family", "shuffle": "whole"},
            },
            ", the 4 exchangeability blocks of family moving as wholes (Winkler et al. 2015)",
        ),
        (
            {
                "contrasts__0__nulls__maxT__blocks": {"number": 4, "whole": True},
                "settings__permutation__blocks": [
                    {"variable": "site", "shuffle": "within"},
                    {"variable": "family", "shuffle": "both"},
                ],
                "tree__permute": "3 blocks of site: and so on",
            },
            ", as exchangeability blocks of site and family allow: 3 blocks of site: and so on (Winkler et al. 2015)",
        ),
        (
            {"contrasts__0__nulls__maxT__statistic__name": "v", "settings__permutation__statistic": {"welch": "site"}},
            "Aspin and Welch's v, which gives each level of site a variance of its own (Winkler et al. 2014)",
        ),
        (
            {
                "contrasts__0__nulls__maxT__statistic__name": "pseudo-t",
                "settings__permutation__statistic": {"pseudo_t": 8},
            },
            "pseudo-t, with the variance smoothed at a FWHM of 8 mm (Nichols and Holmes 2002)",
        ),
        ({"contrasts__0__nulls__maxT__tail": {"share": 0.1}}, "a generalised Pareto distribution fitted to the upper"),
        (
            {"contrasts__0__nulls__maxT__degrees_of_freedom": None},
            "The statistic that was permuted has no known distribution, and so no degrees of freedom: its p values",
        ),
        (
            {"settings__datasets__own": {"maps": {"difference": {"session": ["post", "pre"]}}}},
            "map was analysed of each of 8 subjects. A difference map is session post minus session pre.",
        ),
        ({"settings__permutation__across_contrasts": True}, "the maximum over voxels and contrasts"),
        ({"settings__tables__atlas": "aal"}, "Automated Anatomical Labeling (Tzourio-Mazoyer et al. 2002)"),
        ({"settings__resample_to": "grid.nii"}, "resampled linearly"),
        (
            {"design__scaled": {"age": 9.51234}},
            "of age were divided by their standard deviation over the subjects (9.512).",
        ),
        (
            {"settings__elsewhere": {"files": ["fsl/design.mat", "fsl/design.con", "/a/ids.txt"]}},
            "The design was read from design.mat, design.con and ids.txt.",
        ),
        ({"settings__dataset": "localizer"}, 'Papadopoulos Orfanos et al. 2017), contrast "button".'),
        ({"settings__dataset": "emotion_regulation"}, "(Wager et al. 2008)"),
        ({"settings__dataset": "simulated_localizer"}, "The maps are simulated, with one planted effect."),
        (
            {
                "contrasts__0__nulls__maxExtent": NULL | {"clusters": CLUSTERS},
                "contrasts__0__nulls__maxMass": NULL | {"clusters": CLUSTERS},
            },
            "Clusters were voxels above the forming threshold p < 0.001 that were connected to 18 neighbours, tested "
            "by their extent and by their mass (Bullmore et al. 1999).",
        ),
        (
            {"contrasts__0__nulls__maxTFCE": NULL | {"tfce": TFCE}},
            "Threshold-free cluster enhancement (Smith and Nichols 2009) had E = 0.5, H = 2 and 6 neighbours, on z.",
        ),
        (
            {"contrasts__0__discoveries": BOUNDS},
            "Lower bounds on the number of truly active voxels, which hold for all sets of voxels at once with 95 % "
            "confidence, came from the permutations' null of the Simes statistic of the 1,000 smallest p values "
            "(Blanchard et al. 2020; Andreella et al. 2023).",
        ),
        (
            {"design__factors": {"site": ["Ulm", "Bath"]}},
            "The levels of site were Ulm and Bath, Ulm being the reference.",
        ),
        (
            {"outliers": [{"outlier": "sd"}]},
            "1 map stood apart by mean, spread or correlation with the others (robust z beyond 3.5; "
            "Iglewicz and Hoaglin 1993) and was kept.",
        ),
        (
            {"people": 4},
            "8 maps of 4 people were analysed.",
        ),
        (
            {"contrasts__0__dependent": True},
            "The parametric p values, and with them z, false discovery rate and Bonferroni's correction, take the maps "
            "for independent of each other; the permutations do not.",
        ),
        (
            {"settings__datasets__own__maps": {"folder": "bids", "contrast": "faces"}},
            "One first-level contrast map was analysed of each of 8 subjects.",
        ),
        (
            {"settings__dataset": "localizer"},
            "One first-level contrast map was analysed of each of 8 subjects.",
        ),
        (
            {
                "contrasts__0__nulls__maxTFCE": NULL | {"tfce": TFCE | {"statistic": "t"}, "statistic": {"name": "v"}},
            },
            "and 6 neighbours, on v.",
        ),
        ({"mask__Source": "MNI152 brain"}, "1,000 voxels in the MNI152 brain"),
        ({"mask__Source": "background of the maps' mean"}, "differ from the background of the mean map"),
    ],
)
def test_the_methods_say_what_was_run(changes, said):
    text = " ".join(methods(changed(**changes)))
    assert text.count(said) == 1
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
