"""What results are called for BIDS and for NeuroVault."""

import os
from urllib.parse import unquote

import pytest

from secondlevel.model.maps import (
    ACROSS,
    OF_F,
    OF_T,
    P_PERMUTED,
    Q_PERMUTED,
    RESIDUAL_SD,
    Q,
    corrected_map,
    passing_maps,
)
from secondlevel.report.description import About, dataset_description, readme
from secondlevel.report.neurovault import neurovault_columns
from secondlevel.space.forms import Form, sidecar

MAPS = ["contrast-age_space-T1w_stat-t_statmap.json", "contrast-sex_stat-z_statmap.json"]
MAPS += [sidecar(RESIDUAL_SD.name(None, Form(space=space))) for space in (None, "T1w")]


def about(dataset="own", paths=("maps/1.nii", "maps/2.nii"), server=None, n_people=2, space=None):
    settings = {"dataset": dataset, "server": server, "smoothing_fwhm": 5.5, "difference": []}
    return About("mine", settings, list(paths), len(paths), n_people, space, MAPS)


def source(*arguments, **more):
    """The address of what the maps are from."""
    description = dataset_description(about(*arguments, **more), "results/mine", "/opt/secondlevel")
    (found,) = description["SourceDatasets"]
    return found["URL"]


def test_maps_come_from_their_server_or_from_the_folder_that_holds_all():
    assert source("localizer", server="https://osf.io") == "https://osf.io/vhtf6"
    assert source("emotion_regulation", server="https://server/at/a/commit") == "https://server/at/a/commit"
    assert source() == "../../maps"
    assert source(paths=["bids/sub-1/a.nii", "bids/sub-2/ses-1/a.nii"]) == "../../bids"
    assert source(paths=["1.nii", "2.nii"]) == "../.."
    assert source(paths=["../other place/1 #2.nii"]) == "../../../other%20place"
    assert source(paths=["/data/a b/1.nii", "/data/a b/c/2.nii"]) == "file:///data/a%20b"


def test_a_relative_address_leads_from_the_results_to_the_maps(tmp_path, monkeypatch):
    (tmp_path / "some maps").mkdir()
    (tmp_path / "results" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    found = unquote(source(paths=["some maps/1.nii"]))
    assert (tmp_path / "results" / "mine" / found).samefile(tmp_path / "some maps")
    assert os.fspath(tmp_path) not in found


def test_the_address_of_a_workflow_from_elsewhere_is_told():
    for workflow, url in (("https://host/it/", "https://host/it"), ("/home/me/secondlevel", None)):
        (made_by,) = dataset_description(about(), "results/mine", workflow)["GeneratedBy"]
        assert made_by.get("CodeURL") == url
    cited = dataset_description(about("emotion_regulation", server="https://x"), "results/mine", "")
    assert cited["ReferencesAndLinks"] == ["https://doi.org/10.1016/j.neuron.2008.09.006"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "brain maps of 2 subjects, made by"),
        ({"n_people": 1}, "analysis of 2 maps of 1 person, made by"),
        ({"space": "T1w"}, "All images lie in the space T1w."),
        ({}, "All images lie where their headers say"),
        ({"dataset": "localizer"}, "for non-commercial use only"),
        ({}, "Contrasts: age and sex."),
    ],
)
def test_the_readme_says_whose_maps_where_and_on_what_terms(more, said):
    assert said in readme(about(**more))


# What NeuroVault's own interface lists.
WORDS = {
    "T map", "Z map", "F map", "Chi squared map", "P map (given null hypothesis)", '1-P map ("inverted" probability)',
    "multivariate-beta map", "univariate-beta map", "ROI/mask", "parcellation", "anatomical", "variance", "other",
}  # fmt: skip


def test_every_map_has_one_of_the_kinds_of_neurovault():
    of_permutation = [Q, P_PERMUTED, Q_PERMUTED, ACROSS, corrected_map("maxTFCE")]
    passing = list(passing_maps(["fdr", "maxT"]).values())
    content = {}
    for contrast, df, kinds in (("age", 9, OF_T), ("both", [2, 9], OF_F)):
        for kind in (*kinds.values(), *of_permutation, *passing):
            rate = {"ErrorRate": 0.05} if kind in passing else {}
            content[sidecar(kind.name(contrast, Form()))] = {
                "Description": kind.what,
                "DegreesOfFreedom": df,
            } | rate
    content[sidecar(RESIDUAL_SD.name(None, Form()))] = {"Description": RESIDUAL_SD.what}
    table = neurovault_columns(about(), content)
    assert {len(column) for column in table.values()} == {len(content)}
    assert set(table["map_type"]) <= WORDS
    found = dict(zip(table["name"], table["map_type"], strict=True))
    assert found["age, effect"] == "univariate-beta map"
    assert found["age, effect, lower95"] == "other"
    assert (found["age, t"], found["both, F"], found["age, z, fdr"]) == ("T map", "F map", "Z map")
    assert found["sd, residuals"] == "other"
    assert found["both, p, permutation"] == "P map (given null hypothesis)"
    assert found["age, logp, maxTFCE"] == found["age, q"] == found["both, r2"] == "other"
    df = dict(zip(table["name"], table["statistic_parameters"], strict=True))
    assert (df["age, t"], df["both, F"], df["age, z"], df["age, r"]) == ("9", "2, 9", "n/a", "n/a")
    limited = dict(zip(table["name"], table["is_thresholded"], strict=True))
    assert [name for name, value in limited.items() if value == "true"] == [
        f"{contrast}, z, {method}" for contrast in ("age", "both") for method in ("fdr", "maxT")
    ]
    assert set(table["smoothing_fwhm"]) == {"5.5"}
    assert set(table["modality"]) == set(table["smoothness_fwhm"]) == {"n/a"}
