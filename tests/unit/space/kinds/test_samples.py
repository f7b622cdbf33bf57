"""Who and what is analysed of maps of each kind: masks, zeros, missing and constant values, people left out."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from nibabel.cifti2 import LabelAxis, ScalarAxis

import settings as configs
from analysed import analysed
from foretold import SCHEMAS, foretold
from kinds import FORMS, LEFT, N_LEFT, NODES, PARCELLATED, PARCELS, matrix_of, parcels_axis, vertices, written
from secondlevel.base.errors import InputError
from study import AFFINE, config_of
from surfaces import cifti, dense, grayordinates, surface

# A form of each kind.
KINDS = ["both hemispheres", "morphometry", "dscalar alone", "pscalar", "table, list", "BIDS, relmat", "volumes"]
AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}


@pytest.fixture
def study(tmp_path, monkeypatch):
    """What writes a study of a form into the working folder, its values changed by a function."""
    monkeypatch.chdir(tmp_path)

    def make(name, change=None, n=6):
        write, *_ = FORMS[name]
        own, table, values = written(name, tmp_path, n)
        if change:
            change(values)
            own = write(tmp_path, list(table["participant_id"]), values)
        return own, list(table["participant_id"]), values

    return make


def write_mask(name, chosen, base):
    """Write a mask of a form, as files of its own kind, and give what the config says of it."""
    numbers = chosen.astype(np.float32)
    if name == "both hemispheres":
        for side, part in (("left", numbers[:N_LEFT]), ("right", numbers[N_LEFT:])):
            vertices(base / f"{side}.mask.shape.gii", part)
        return {"right": "right.mask.shape.gii", "left": "left.mask.shape.gii"}
    if name == "morphometry":
        for side, part in (("lh", numbers[:N_LEFT]), ("rh", numbers[N_LEFT:])):
            vertices(base / f"{side}.mask.mgh", part)
        return {"left": "lh.mask.mgh", "right": "rh.mask.mgh"}
    if name == "dscalar alone":
        return str(dense(base / "mask.dscalar.nii", numbers[np.newaxis]))
    if name == "pscalar":
        path = base / "mask.pscalar.nii"
        return str(cifti(path, numbers[np.newaxis], ScalarAxis(["a"]), parcels_axis(), intent=PARCELLATED))
    if name == "table, list":
        columns = [f"{parcel}_thickness" for parcel in PARCELS]
        pd.DataFrame({"parcel": columns, "value": numbers}).to_csv(base / "mask.tsv", sep="\t", index=False)
        return "mask.tsv"
    if name == "BIDS, relmat":
        pd.DataFrame(matrix_of(numbers), columns=NODES).to_csv(base / "mask_relmat.tsv", sep="\t", index=False)
        return "mask_relmat.tsv"
    nib.save(nib.Nifti1Image(np.pad(numbers.reshape(3, 4, 2), 1), AFFINE), base / "mask.nii.gz")
    return "mask.nii.gz"


@pytest.mark.parametrize("name", KINDS)
def test_a_mask_of_the_kind_chooses_elements(study, tmp_path, name):
    own, _, values = study(name)
    wanted = np.random.default_rng(3).random(values.shape[1]) < 0.6
    mask = write_mask(name, wanted, tmp_path)
    found = analysed(own, mask=mask)
    np.testing.assert_array_equal(found.matrix, values[:, wanted])
    assert found.space.size == wanted.sum()
    assert f"{len(values)} kept" in "\n".join(foretold(config_of(own=own, mask=mask, **AGE)))


@pytest.mark.parametrize("name", KINDS)
def test_values_that_are_missing_constant_or_zero_are_left_out_for_all_and_counted(study, name):
    def change(values):
        values[2, 0] = np.nan
        values[:, 1] = 1.5
        values[4, 2] = 0

    own, subjects, values = study(name, change)
    for zeros, lost in ((None, [0, 1]), ("missing", [0, 1, 2])):
        found = analysed(own, zeros=zeros, mask=whole(name, values))
        np.testing.assert_array_equal(found.matrix, np.delete(values, lost, axis=1))
        many = found.space.unit.title
        assert found.counts[f"{many}DroppedAsNotFinite"] == 1
        assert found.counts[f"{many}DroppedAsConstant"] == 1
        assert found.counts[f"{many}DroppedAsZero"] == len(lost) - 2
    assert found.selection.kept.all()
    assert found.selection.qualities[2].figures["n_not_finite"] == 1
    assert subjects[2] == "sub-03"


def whole(name, values):
    """The background; of volumes a mask of all voxels, since values that are no number would be their background."""
    return write_mask(name, np.ones(values.shape[1], bool), Path()) if name == "volumes" else "background"


@pytest.mark.parametrize("name", KINDS)
def test_people_are_left_out_by_the_config_and_for_empty_maps(study, name):
    def change(values):
        values[3] = 0

    own, subjects, values = study(name, change)
    found = analysed(own, exclude=[subjects[1]])
    np.testing.assert_array_equal(found.matrix, values[[0, 2, 4, 5]])
    reasons = dict(found.selection.excluded.itertuples(index=False))
    assert reasons.keys() == {subjects[1], subjects[3]}
    assert reasons[subjects[1]] == "left out by the config"
    assert "is empty" in reasons[subjects[3]]


LACKING = {
    "both hemispheres": ("m/sub-03_hemi-R_thickness.shape.gii", "its map of the right hemisphere is not there"),
    "other meshes": ("m/sub-03_t.shape.gii", "its map of the mesh 'thalamus' is not there"),
    "morphometry": ("fs/sub-03/surf/lh.thickness", "its map of the left hemisphere is not there"),
    "one hemisphere": ("m/sub-03.R.func.gii", "its map is not there"),
    "BIDS, both hemispheres": (
        "deriv/sub-03/anat/sub-03_hemi-L_space-fsLR_den-32k_thickness.shape.gii",
        "its map of the left hemisphere is not there",
    ),
    "dscalar alone": ("m/sub-03_thickness.dscalar.nii", "its map is not there"),
    "tables of rows": ("m/sub-03.tsv", "its map is not there"),
    "table of edges": ("m/sub-03_edges.tsv", "its map is not there"),
}


@pytest.mark.parametrize("name", LACKING)
def test_a_file_that_one_subject_lacks_leaves_this_subject_out(study, tmp_path, name):
    own, subjects, values = study(name)
    path, why = LACKING[name]
    (tmp_path / path).unlink()
    lines = foretold(config_of(own=own, **AGE))
    assert [line for line in lines if "sub-03" in line and why in line]
    found = analysed(own)
    np.testing.assert_array_equal(found.matrix, np.delete(values, 2, axis=0))
    ((subject, reason),) = found.selection.excluded.itertuples(index=False)
    assert subject == "sub-03"
    part = why.split(" of ")[-1].split(" is ")[0].removeprefix("the ")
    assert path in reason or part in reason


def test_a_subject_whom_a_table_or_series_of_all_does_not_have_is_left_out(study, tmp_path):
    own, subjects, values = study("table, pattern")
    table = pd.read_csv(tmp_path / "values.tsv", sep="\t")
    table[table["participant_id"] != "sub-03"].to_csv(tmp_path / "values.tsv", sep="\t", index=False)
    found = analysed(own)
    np.testing.assert_array_equal(found.matrix, np.delete(values, 2, axis=0))
    assert list(found.selection.excluded["reason"]) == ["values.tsv has no row for sub-03"]
    own, subjects, values = study("series")
    table = pd.read_csv(tmp_path / "participants.tsv", sep="\t")
    table["number"] = table["number"].astype(str)
    table.loc[2, "number"] = "6"
    table.to_csv(tmp_path / "participants.tsv", sep="\t", index=False)
    found = analysed(own)
    np.testing.assert_array_equal(found.matrix, np.delete(values, 2, axis=0))
    assert "has 6 volumes, numbered from 0 to 5, and none of the number 6" in found.selection.excluded["reason"].iloc[0]


def test_a_vertex_in_no_triangle_is_not_analysed(study, tmp_path):
    own, _, values = study("one mesh without a name")
    surface(tmp_path / "mesh.surf.gii", LEFT[0], LEFT[1][(LEFT[1] != 5).all(axis=1)])
    found = analysed(own)
    np.testing.assert_array_equal(found.matrix, np.delete(values, 5, axis=1))
    assert any("1 vertex in no triangle" in words for words in found.warnings)


def refused(own, **more):
    """What is said of a study, by the check of its config or by the dry run."""
    try:
        foretold(config_of(own=own, **(AGE | more)))
    except (InputError, configs.WrongConfig) as why:
        (told,) = str(why).splitlines()
        return told
    raise AssertionError("it is accepted")


def test_masks_that_do_not_fit_are_refused_in_the_dry_run(study, tmp_path):
    own, _, values = study("both hemispheres")
    vertices(tmp_path / "hemi-L_mask.shape.gii", np.ones(N_LEFT))
    vertices(tmp_path / "hemi-R_mask.shape.gii", np.ones(values.shape[1] - N_LEFT))
    left, right = (f"hemi-{side}_mask.shape.gii" for side in "LR")
    assert "are left and right swapped" in refused(own, mask={"left": right, "right": left})
    assert "give the mask of each" in refused(own, mask=left)
    assert "has masks of left, and" in refused(own, mask={"left": left})
    vertices(tmp_path / "small.shape.gii", np.ones(9))
    assert "has 9 values, and the surface" in refused(own, mask={"left": left, "right": "small.shape.gii"})
    assert "the file no.gii does not exist" in refused(own, mask={"left": left, "right": "no.gii"})
    assert "mni is for volumes" in refused(own, mask="mni")
    assert "'resample_to': it is for volumes" in refused(own, resample_to=left)
    own, *_ = study("dscalar alone")
    assert "have one mask; write its path" in refused(own, mask={"left": left})
    other = grayordinates((3, 3, 2))
    assert "mask.dscalar.nii" in refused(own, mask=str(dense(tmp_path / "mask.dscalar.nii", axis=other)))
    labels = LabelAxis(["a"], {0: ("???", (0, 0, 0, 0)), 1: ("in", (1, 0, 0, 1))})
    ones = np.ones((1, len(other)), np.int32)
    path = cifti(tmp_path / "mask.dlabel.nii", ones, labels, other, intent="NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS")
    assert "mask.dlabel.nii" in refused(own, mask=str(path))
    own, *_ = study("tables of rows")
    pd.DataFrame({"parcel": ["V1", "V9"], "value": 1}).to_csv(tmp_path / "mask.tsv", sep="\t", index=False)
    assert "The mask mask.tsv lacks V2" in refused(own, mask="mask.tsv")
    own, *_ = study("relmat with header")
    pd.DataFrame(np.ones((3, 3)), columns=list("abc")).to_csv(tmp_path / "mask_relmat.tsv", sep="\t", index=False)
    assert "The mask mask_relmat.tsv lacks V1" in refused(own, mask="mask_relmat.tsv")


def test_labels_are_masks_too(study, tmp_path):
    own, _, values = study("dscalar alone")
    wanted = np.arange(values.shape[1]) % 3 > 0
    labels = LabelAxis(["a"], {0: ("???", (0, 0, 0, 0)), 1: ("in", (1, 0, 0, 1))})
    data = np.int32(wanted)[np.newaxis]
    intent = "NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS"
    cifti(tmp_path / "mask.dlabel.nii", data, labels, grayordinates(), intent=intent)
    np.testing.assert_array_equal(analysed(own, mask="mask.dlabel.nii").matrix, values[:, wanted])


# What is wrong below datasets.own, from a form that is right, and what is said of it.
WRONG = {
    "no surfaces": ("both hemispheres", {"surfaces": None}, "maps of vertices need the mesh that they are on"),
    "surfaces of others": ("both hemispheres", {"surfaces": {"left": "left.surf.gii"}}, "has meshes of left, and"),
    "one for both": ("both hemispheres", {"surfaces": "left.surf.gii"}, "give the mesh of each"),
    "surfaces of tables": ("tables of rows", {"surfaces": {"left": "fsaverage5"}}, "are on no surface; take it out"),
    "named surfaces of CIFTI": ("dscalar alone", {"surfaces": {"cortex": "left.surf.gii"}}, "named left and right"),
    "parts of tables": (
        "tables of rows",
        {"maps": {"left": "m/{participant_id}.tsv"}},
        "which has one file for each subject; write its path",
    ),
    "parcels of volumes": ("volumes", {"parcels": "*"}, "it is for maps of the kind parcels"),
    "parcels of CIFTI": ("pscalar", {"parcels": "V*"}, "CIFTI files have none; take it out"),
    "parcels of surfaces": ("both hemispheres", {"parcels": "V*"}, "it is for maps of the kind parcels"),
    "nodes of surfaces": ("both hemispheres", {"nodes": "participants.tsv"}, "it is for maps of the kind connectome"),
    "nodes of a table": ("table, list", {"nodes": "participants.tsv"}, "it is for maps of the kind connectome"),
    "axes of parcels": ("tables of rows", {"axes": ["time"]}, "it is for maps of the kind volume"),
    "a table of volumes": ("table, list", {"kind": "volume", "parcels": None}, "holds maps of the kind parcels"),
    "a table that is not there": ("table, list", {"maps": {"table": "no.tsv"}}, "the file no.tsv does not exist"),
    "nodes that are not there": ("relmat with header", {"nodes": "no.tsv"}, "the file no.tsv does not exist"),
    "no such kind": ("volumes", {"kind": "mesh"}, "'mesh' is not one of"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_config_says_of_other_kinds_is_refused(study, case):
    name, change, why = WRONG[case]
    own, *_ = study(name)
    assert why in refused(own | change)


def test_settings_that_a_kind_has_no_use_for_are_refused(study):
    own, *_ = study("tables of rows")
    assert "maps of the kind parcels cannot be smoothed" in refused(own, smoothing_fwhm=4)
    assert "parcels have no neighbours" in refused(own, tfce={"connectivity": 6})
    assert "parcels have no neighbours" in refused(own, clusters={"threshold": "t > 3"})
    assert "pseudo_t smooths variances" in refused(own, permutation={"statistic": {"pseudo_t": 8}})
    own, *_ = study("BIDS, relmat")
    assert "maps of the kind connectome cannot be smoothed" in refused(own, smoothing_fwhm=4)


def test_what_a_kind_need_not_say_is_what_suits_it():
    parcels = {"participants": "participants.tsv", "maps": "{participant_id}.tsv"}
    bare = {"analysis": "a", "design": "1", "contrasts": [{"name": "mean", "weights": "Intercept"}]}

    def completed(own):
        (found,) = configs.analyses_of(bare | {"datasets": {"own": own}}, *SCHEMAS, lambda path: True)[1].values()
        return found

    found = completed(parcels)
    assert (found["smoothing_fwhm"], found["clusters"], found["tfce"]) == (0, None, None)
    found = completed(parcels | {"maps": "{participant_id}_relmat.tsv"})
    assert (found["smoothing_fwhm"], found["tfce"]["extent_power"]) == (0, 0.5)
    assert found["clusters"]["threshold"] == "p < 0.001"


def test_analyses_of_one_config_are_of_one_kind(study):
    own, *_ = study("tables of rows")
    given = {key: value for key, value in config_of(own=own, **AGE).items() if key != "analysis"}
    for dataset in ("own", "simulated_localizer"):
        analyses = {"one": {}, "two": {"dataset": dataset, "smoothing_fwhm": 0}}
        if dataset == "own":
            configs.analyses_of(given | {"analyses": analyses}, *SCHEMAS)
            continue
        with pytest.raises(configs.WrongConfig, match="maps of more than one kind, one of parcels .*, two of volume"):
            configs.analyses_of(given | {"analyses": analyses}, *SCHEMAS)
