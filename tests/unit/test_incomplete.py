"""Settings of maps that lack values or have variances: what is chosen by itself, and what is refused in words."""

import pytest

import settings  # noqa: I001
from conftest import REPO
from secondlevel.base.errors import InputError
from secondlevel.sample.holes import least_subjects
from study import config_of

SCHEMAS = [settings.read_yaml(REPO / "workflow" / "schemas" / f"{name}.yaml") for name in ("defaults", "config.schema")]
VARIANCES = {"variances": "maps/{participant_id}_variance.nii.gz"}
ANSWERS = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}


def analysed(**changes):
    given = settings.merged(config_of(**ANSWERS, coverage={"subjects": 0.8}), changes)
    return settings.analyses_of(given, *SCHEMAS, is_file=lambda path: path != "none.nii")[1]["a"]


@pytest.mark.parametrize("changes", [{}, {"coverage": None, "datasets": {"own": VARIANCES}}])
def test_the_weighted_statistic_is_chosen_by_itself(changes):
    assert analysed(**changes)["permutation"]["statistic"] == "weighted"
    assert analysed(coverage=None)["permutation"]["statistic"] == "t"


WRONG = [
    ({"coverage": {"subjects": 0}}, "coverage.subjects"),
    ({"coverage": {"subjects": 1.5}}, "coverage.subjects"),
    ({"coverage": {"subjects": True}}, "coverage.subjects"),
    ({"coverage": 0.8}, "'coverage': 0.8 is not"),
    ({"coverage": {"share": 0.8}}, "unknown key 'share'"),
    ({"coverage": {"subjects": 0.8, "wrong_variances": "missing"}}, "there are no variances"),
    ({"permutation": {"statistic": {"welch": "group"}}}, "with coverage, welch cannot be had"),
    ({"permutation": {"nuisance": "smith"}}, "smith is not defined for weighted"),
    ({"clusters": {"threshold": "t > 3", "connectivity": 6}}, "differ in degrees of freedom"),
    ({"calibration": 100}, "'calibration'"),
    ({"datasets": {"own": VARIANCES | {"standard_errors": "se"}}}, "there are standard_errors, too"),
    ({"datasets": {"own": VARIANCES}, "smoothing_fwhm": 5}, "variances of smoothed maps are not known"),
    ({"dataset": "simulated_localizer", "datasets": {"own": {"lesions": "x"}}}, "datasets.own.lesions"),
    ({"mask": {"nonzero": 0}}, "mask.nonzero"),
    ({"mask": {"above": 1, "in": "some"}}, "mask.in"),
    ({"mask": {"in": "all"}}, "a rule for a mask"),
    ({"mask": {"relative": True}}, "a rule for a mask"),
    ({"mask": {"above": 0.8, "relative": "SPM"}}, "mask.relative"),
    ({"mask": {"within": "mni"}}, "a rule for a mask"),
    ({"mask": {"nonzero": 3, "within": "none.nii"}}, "none.nii does not exist"),
    ({"design": "age + map_mean", "map_mean": "none.nii"}, "config key 'map_mean': the file none.nii does not exist"),
    ({"map_mean": "mask"}, "config key 'map_mean' makes the variable 'map_mean', which no design uses; it uses"),
    ({"scale_maps": "mean"}, "config key 'scale_maps'"),
    ({"mask": {"nonzro": 3}}, "a rule has the keys nonzero, above, in and within"),
    ({"mask": {"nonzro": "3"}}, "or a rule of nonzero, above, in and within"),
]


@pytest.mark.parametrize(("changes", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_is_wrong_is_told(changes, words):
    with pytest.raises(settings.WrongConfig) as wrong:
        analysed(**changes)
    assert words in str(wrong.value)


def test_a_share_and_a_number_of_subjects():
    assert [least_subjects(wanted, 30) for wanted in (0.8, 0.81, 1, 12, 30)] == [24, 25, 30, 12, 30]
    with pytest.raises(InputError, match="only 30 are kept"):
        least_subjects(31, 30)
