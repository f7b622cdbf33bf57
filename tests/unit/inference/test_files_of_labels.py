"""Files of labels name the places of vertices, grayordinates and parcels, or are refused."""

import nibabel as nib
import numpy as np
import pytest
from nibabel.cifti2 import LabelAxis
from nibabel.gifti import GiftiLabel, GiftiLabelTable

import settings as configs
from analysed import analysed
from foretold import foretold
from kinds import N_LEFT, N_RIGHT, parcels_axis, written
from secondlevel.base.errors import InputError
from secondlevel.inference.atlas import regions_on
from study import config_of
from surfaces import cifti, gifti, grayordinates

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
NAMES = {0: "???", 1: "V1", 2: "insula", 5: "M1"}
OF_LEFT = NAMES | {5: "cuneus"}
DENSE = "NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS"
PARCELLATED = "NIFTI_INTENT_CONNECTIVITY_UNKNOWN"  # regions of parcels have no code of their own


@pytest.fixture
def study(tmp_path, monkeypatch):
    """What writes a study of a form into the working folder, and gives what its config says."""
    monkeypatch.chdir(tmp_path)
    return lambda name: written(name, tmp_path, 4)[0]


def numbers(n, seed=0):
    return np.random.default_rng(seed).choice([0, 1, 2, 5], n).astype(np.int32)


def label_gii(path, values, names=NAMES, structure=None):
    table = GiftiLabelTable()
    for key, name in names.items():
        table.labels.append(GiftiLabel(key, 0.1 * key, 0, 0, 1))
        table.labels[-1].label = name
    meta = {"AnatomicalStructurePrimary": structure} if structure else None
    gifti(path, (np.int32(values), "NIFTI_INTENT_LABEL"), labels=table, meta=meta)


def annot(path, values):
    """The regions of a file of FreeSurfer, by their place in its table."""
    places = np.searchsorted(sorted(NAMES), values)
    colours = np.array([[10 * k, 5 * k + 1, 7, 0] for k in range(len(NAMES))])
    nib.freesurfer.write_annot(path, places, colours, [NAMES[key] for key in sorted(NAMES)], fill_ctab=True)


def labels_cifti(path, values, axis, intent=DENSE):
    table = {key: (name, (0.1 * key, 0, 0, 1)) for key, name in NAMES.items()}
    cifti(path, np.int32(values)[np.newaxis], LabelAxis(["a"], [table]), axis, intent=intent)


def named(labels, size):
    return [labels(element) for element in range(size)]


def test_vertices_are_named_by_files_of_both_formats_and_equal_names_told_apart(study, tmp_path):
    own = study("both hemispheres")
    left, right = numbers(N_LEFT), numbers(N_RIGHT, 1)
    label_gii(tmp_path / "lh.label.gii", left, OF_LEFT, structure="CortexLeft")
    annot(tmp_path / "rh.aparc.annot", right)
    atlas = {"right": "rh.aparc.annot", "left": "lh.label.gii"}
    (line,) = (line for line in foretold(config_of(own=own, tables={"atlas": atlas}, **AGE)) if "Places of" in line)
    assert line == "Places of peaks: named by lh.label.gii, rh.aparc.annot"
    space = analysed(own).space
    found = named(regions_on(["lh.label.gii", "rh.aparc.annot"], space), space.size)
    expected = [OF_LEFT[n] if n == 5 else n and f"{NAMES[n]} (left)" for n in left]
    expected += [NAMES[n] if n == 5 else n and f"{NAMES[n]} (right)" for n in right]
    assert found == [name or None for name in expected]


def test_an_atlas_of_all_names_the_elements_of_a_mask(study, tmp_path):
    own = study("one mesh without a name")
    values = numbers(N_LEFT)
    label_gii(tmp_path / "a.label.gii", values)
    gifti(tmp_path / "mask.shape.gii", (np.float32(np.arange(N_LEFT) % 3 > 0), "NIFTI_INTENT_SHAPE"))
    space = analysed(own, mask="mask.shape.gii", tables={"atlas": "a.label.gii"}).space
    found = named(regions_on(["a.label.gii"], space), space.size)
    assert found == [NAMES[n] if n else None for n in values[np.arange(N_LEFT) % 3 > 0]]


@pytest.mark.parametrize(
    ("form", "axis", "intent", "ending"),
    [
        ("dscalar with surfaces", grayordinates(), DENSE, ".dlabel.nii"),
        ("pscalar", parcels_axis(), PARCELLATED, ".plabel.nii"),
    ],
)
def test_elements_of_cifti_are_named(study, tmp_path, form, axis, intent, ending):
    own, values = study(form), numbers(len(axis))
    labels_cifti(tmp_path / f"a{ending}", values, axis, intent)
    for atlas in (f"a{ending}", {"image": f"a{ending}"}):
        lines = foretold(config_of(own=own, tables={"atlas": atlas}, **AGE))
        assert f"Places of peaks: named by a{ending}" in lines
    space = analysed(own, tables={"atlas": f"a{ending}"}).space
    assert named(regions_on([f"a{ending}"], space), space.size) == [NAMES[n] if n else None for n in values]


def refused(own, atlas):
    """What is said of an atlas, by the check of the config or by the dry run."""
    try:
        foretold(config_of(own=own, tables={"atlas": atlas}, **AGE))
    except (InputError, configs.WrongConfig) as why:
        (told,) = str(why).splitlines()
        return told
    raise AssertionError("it is accepted")


def test_atlases_that_do_not_fit_surfaces_are_refused(study, tmp_path):
    own = study("both hemispheres")
    label_gii(tmp_path / "left.label.gii", numbers(N_LEFT), structure="CortexLeft")
    label_gii(tmp_path / "small.label.gii", numbers(9))
    label_gii(tmp_path / "gap.label.gii", numbers(N_RIGHT), {0: "???", 1: "V1"})
    annot(tmp_path / "lh.annot", numbers(N_RIGHT))

    def of_right(path):
        return refused(own, {"left": "left.label.gii", "right": path})

    assert "small.label.gii is of 9 vertices, and the mesh of the right hemisphere has 18; take" in of_right(
        "small.label.gii"
    )
    assert "its header says CortexLeft" in of_right("left.label.gii")
    assert "by its name it is of the left" in of_right("lh.annot")
    assert "gap.label.gii holds the number 2, which its own table of labels does not name" in of_right("gap.label.gii")
    assert "config key 'tables.atlas.right': the file no.annot does not exist" in of_right("no.annot")
    assert "it has left, and these maps need '{left: FILE, right: FILE}'" in refused(own, {"left": "left.label.gii"})
    assert "it is a file of labels, .label.gii or" in refused(own, "aal")
    assert "it is a file of labels, .label.gii or" in refused(
        own, {"image": "participants.tsv", "labels": "participants.tsv"}
    )


def test_atlases_that_do_not_fit_other_kinds_are_refused(study, tmp_path):
    own = study("dscalar alone")
    other = grayordinates((4, 3, 2))[[0, 1, 2]]
    labels_cifti(tmp_path / "cortex.dlabel.nii", numbers(3), other)
    assert "cortex.dlabel.nii" in "\n".join(foretold(config_of(own=own, tables={"atlas": "cortex.dlabel.nii"}, **AGE)))
    grid = grayordinates((5, 3, 2))
    labels_cifti(tmp_path / "grid.dlabel.nii", numbers(len(grid)), grid)
    assert "The atlas grid.dlabel.nii does not fit the maps: its voxels lie on another grid" in refused(
        own, "grid.dlabel.nii"
    )
    labels_cifti(tmp_path / "a.plabel.nii", numbers(5), parcels_axis(), PARCELLATED)
    assert "it is a file of labels, .dlabel.nii" in refused(own, "a.plabel.nii")
    assert "'tables.atlas': the file no.dlabel.nii does not exist" in refused(own, "no.dlabel.nii")
    for form in ("tables of rows", "relmat with header"):
        assert "have names of their own; write null" in refused(study(form), "grid.dlabel.nii")
    assert "for volumes it is written '{image: FILE, labels: FILE}'" in refused(study("volumes"), "grid.dlabel.nii")
