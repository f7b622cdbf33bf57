"""A paired design as differences of two maps: beside differences made beforehand, and scipy."""

import json

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from conftest import snakemake
from secondlevel.space.kinds.volume import Mask
from study import config, people, write_maps, write_table

NAME = "maps/{participant_id}_{session}.nii.gz"
OWN = {
    "rows": {"participants": "long.tsv", "maps": {"of": NAME, "difference": {"session": ["post", "pre"]}}},
    "wide": {"maps": {"difference": [NAME.replace("{session}", session) for session in ("post", "pre")]}},
    "beforehand": {"maps": "differences/{participant_id}.nii.gz"},
}
PARTS = ("t", "z", "effect", "logp_desc-maxT")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with an analysis of each way to have differences, and the values of both maps."""
    folder = tmp_path_factory.mktemp("differences")
    table = people(9)
    write_table(folder / "participants.tsv", table)
    long = pd.concat([table.assign(session=session, mood=len(session)) for session in ("pre", "post", "mid")])
    long = pd.concat([long[:9], long[9:].sample(frac=1, random_state=2)])
    values = dict(zip(long["participant_id"] + long["session"], write_maps(folder, long, NAME), strict=True))
    write_table(folder / "long.tsv", long[long["participant_id"] + long["session"] != "sub-04pre"])
    (folder / NAME.format(participant_id="sub-04", session="pre")).unlink()
    kept = [subject for subject in table["participant_id"] if subject != "sub-04"]
    (folder / "differences").mkdir()
    for subject in kept:
        post, pre = (nib.load(folder / NAME.format(participant_id=subject, session=s)) for s in ("post", "pre"))
        image = nib.Nifti1Image(post.get_fdata() - pre.get_fdata(), post.affine)
        nib.save(image, folder / "differences" / f"{subject}.nii.gz")
    mean = {"design": "1", "contrasts": [{"name": "change", "weights": "intercept"}]}
    settings = config(folder, **mean, analyses={name: {"datasets": {"own": own}} for name, own in OWN.items()})
    files = [f"results/{name}/contrast-change_stat-{part}_statmap.nii.gz" for name in OWN for part in PARTS]
    snakemake(folder, *settings, "--", *files, "results/rows/report.html")
    post, pre = (np.array([values[subject + session] for subject in kept]) for session in ("post", "pre"))
    return folder / "results", post, pre


def map_of(results, name, part):
    mask = Mask.load(results / name / "mask.nii.gz")
    return mask.read(results / name / f"contrast-change_stat-{part}_statmap.nii.gz")


@pytest.mark.parametrize("name", ["rows", "wide"])
def test_results_are_those_of_differences_made_beforehand(study, name):
    results, *_ = study
    for part in PARTS:
        np.testing.assert_array_equal(map_of(results, name, part), map_of(results, "beforehand", part), part)
    null = [json.loads((results / n / "contrast-change_desc-maxT_null.json").read_text()) for n in (name, "beforehand")]
    assert null[0] == null[1]


def test_t_is_that_of_a_paired_test(study):
    results, post, pre = study
    expected = stats.ttest_rel(post.astype(float), pre.astype(float)).statistic
    np.testing.assert_allclose(map_of(results, "rows", "t"), expected, rtol=1e-4, atol=1e-5)


def test_what_was_subtracted_is_told_wherever_maps_are(study):
    results = study[0] / "rows"
    sample = pd.read_csv(results / "sample.tsv", sep="\t")
    one = "../../maps/sub-01_post.nii.gz minus ../../maps/sub-01_pre.nii.gz"
    assert sample["map"][0] in (one, one.replace("../../", ""))
    assert len(sample) == 8
    assert {"mood_post", "mood_pre"} < set(sample)
    assert "session" not in sample
    excluded = pd.read_csv(results / "excluded.tsv", sep="\t")
    assert excluded.to_numpy().tolist() == [["sub-04", "its map is not there (session pre)"]]
    for name in ("mask.json", "contrast-change_stat-effect_statmap.json"):
        assert json.loads((results / name).read_text())["Difference"] == "session post minus session pre"
    assert "of the brain difference maps of 8 subjects, session post minus session pre, made" in (
        (results / "README.md").read_text().replace("\n", " ")
    )
    page = (results / "report.html").read_text()
    assert "One difference map was analysed of each of 8 subjects." in page
    assert "A difference map is session post minus session pre." in page
    description = json.loads((results / "dataset_description.json").read_text())
    assert description["SourceDatasets"] == [{"URL": "../../maps"}]
    assert (results / "maps_without_participant.tsv").read_text().split() == ["map"]
