"""What is wrong with maps of each kind is told by the dry run, each in one sentence that says what and whose."""

import shutil

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from nibabel.cifti2 import LabelAxis, ScalarAxis, SeriesAxis
from nibabel.gifti import GiftiLabel, GiftiLabelTable

import settings as configs
from foretold import foretold
from kinds import LEFT, N_LEFT, N_RIGHT, NODES, RIGHT, matrix_of, parcels_axis, vertices, written
from secondlevel.base.errors import InputError
from study import config_of
from surfaces import cifti, dense, gifti, grayordinates, surface

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
LEFT_2 = "m/sub-02_hemi-L_thickness.shape.gii"
RIGHT_2 = "m/sub-02_hemi-R_thickness.shape.gii"


def swapped(folder):
    for subject in ("sub-01", "sub-02", "sub-03", "sub-04"):
        left, right = (folder / "m" / f"{subject}_hemi-{side}_thickness.shape.gii" for side in "LR")
        left.rename(folder / "kept"), right.rename(left), (folder / "kept").rename(right)


def mesh(folder, vertices=LEFT[0], triangles=LEFT[1], name="left.surf.gii", structure="CortexLeft"):
    surface(folder / name, vertices, triangles, structure)


def changed(values, row, column, value):
    values = np.array(values)
    values[row, column] = value
    return values


def square(folder, frame, **more):
    frame.to_csv(folder / "m" / "sub-02_relmat.tsv", sep="\t", **({"index": False} | more))


def frame(nodes=NODES):
    return pd.DataFrame(matrix_of(np.arange(15.0))[: len(nodes), : len(nodes)], columns=nodes)


def doubled(folder):
    table = pd.read_csv(folder / "values.tsv", sep="\t")
    table.columns = [name.replace("M1_", "V1_") for name in table.columns]
    table.to_csv(folder / "values.tsv", sep="\t", index=False)


def text_cell(folder):
    table = pd.read_csv(folder / "values.tsv", sep="\t", dtype=str)
    table.loc[1, "V2_thickness"] = "2,5"
    table.to_csv(folder / "values.tsv", sep="\t", index=False)


def twice(folder):
    table = pd.read_csv(folder / "values.tsv", sep="\t", dtype=str)
    pd.concat([table, table.iloc[:1]]).to_csv(folder / "values.tsv", sep="\t", index=False)


def labels(folder, side, n_vertices, number=1):
    """An atlas whose table names the region 1."""
    table, region = GiftiLabelTable(), GiftiLabel(1)
    region.label = "V1"
    table.labels.append(region)
    gifti(folder / f"{side}.label.gii", (np.full(n_vertices, number, np.int32), "NIFTI_INTENT_LABEL"), labels=table)


def series(folder):
    axis = grayordinates()
    data = np.ones((5, len(axis)), np.float32)
    path = folder / "m" / "sub-02_thickness.dscalar.nii"
    cifti(path, data, SeriesAxis(0, 2, 5), axis, intent="NIFTI_INTENT_CONNECTIVITY_DENSE_SERIES")


def other_cifti(folder, name, data, maps, what):
    for subject in ("sub-01", "sub-02", "sub-03", "sub-04"):
        path = folder / "m" / f"{subject}.{name}.nii"
        cifti(path, data, maps, grayordinates(), intent=f"NIFTI_INTENT_CONNECTIVITY_DENSE_{what}")


REGIONS = LabelAxis(["a"], [{0: ("???", (0, 0, 0, 0)), 1: ("V1", (1, 0, 0, 1))}])


def parcels_of_one(folder, axis):
    data = np.ones((1, len(axis)), np.float32)
    intent = "NIFTI_INTENT_CONNECTIVITY_PARCELLATED_SCALAR"
    cifti(folder / "m" / "sub-02.pscalar.nii", data, ScalarAxis(["a"]), axis, intent=intent)


def rows(folder, names):
    pd.DataFrame({"parcel": names, "mean": 1.5}).to_csv(folder / "m" / "sub-02.tsv", sep="\t", index=False)


SOME = "sub-02"
# What is made of a study of a form, what is changed below datasets.own, what is said, and what else the config has.
WRONG = {
    "swapped files": ("both hemispheres", swapped, {}, "are left and right swapped?"),
    "swapped in the config": (
        "both hemispheres",
        None,
        {"surfaces": {"left": "right.surf.gii", "right": "left.surf.gii"}},
        "are left and right swapped?",
    ),
    "another density": (
        "both hemispheres",
        lambda folder: vertices(folder / LEFT_2, np.ones(N_RIGHT)),
        {},
        f"has {N_RIGHT} values, and the surface left.surf.gii has {N_LEFT} vertices; is its mesh another one?",
    ),
    "fsaverage5 for others": (
        "both hemispheres",
        None,
        {"surfaces": {"left": "fsaverage5", "right": "fsaverage5"}},
        "has 66 values, and the surface fsaverage5 has 10,242 vertices",
    ),
    "no such surface": (
        "both hemispheres",
        None,
        {"surfaces": {"left": "no.surf.gii", "right": "right.surf.gii"}},
        "no.surf.gii",
    ),
    "coordinates that are no numbers": (
        "both hemispheres",
        lambda folder: mesh(folder, changed(LEFT[0], 3, 1, np.nan)),
        {},
        "The surface left.surf.gii is broken: vertex 3 and 0 others have coordinates that are no numbers",
    ),
    "a triangle of other vertices": (
        "both hemispheres",
        lambda folder: mesh(folder, triangles=changed(LEFT[1], 0, 0, 99)),
        {},
        "is broken: a triangle has the corner 99",
    ),
    "a folded triangle": (
        "both hemispheres",
        lambda folder: mesh(folder, triangles=changed(LEFT[1], 2, 0, LEFT[1][2, 1])),
        {},
        "is broken: triangle 2 has a corner twice",
    ),
    "a triangle twice": (
        "both hemispheres",
        lambda folder: mesh(folder, triangles=np.concatenate([LEFT[1], LEFT[1][:1, [1, 2, 0]]])),
        {},
        "is broken: it has 1 triangles twice",
    ),
    "triangles that are no numbers": (
        "both hemispheres",
        lambda folder: gifti(
            folder / "left.surf.gii",
            (np.float32(LEFT[0]), "NIFTI_INTENT_POINTSET"),
            (np.float32(changed(LEFT[1].astype(float), 2, 1, np.nan)), "NIFTI_INTENT_TRIANGLE"),
        ),
        {},
        "left.surf.gii must hold whole numbers, the corners of its triangles, but it holds nan",
    ),
    "all vertices at one place": (
        "both hemispheres",
        lambda folder: mesh(folder, 0 * LEFT[0]),
        {},
        "The surface left.surf.gii is broken: its triangles have no area",
    ),
    "a mesh with holes": (
        "both hemispheres",
        lambda folder: mesh(folder, triangles=LEFT[1][5:]),
        {},
        "The surface left.surf.gii is open: 15 edges of triangles lead to no other one",
    ),
    "a vertex in no triangle": (
        "both hemispheres",
        lambda folder: mesh(folder, triangles=LEFT[1][(LEFT[1] != 7).all(axis=1)]),
        {},
        "The surface left.surf.gii has 1 vertex in no triangle, which no analysis includes",
    ),
    "a mesh in metres": (
        "both hemispheres",
        lambda folder: mesh(folder, LEFT[0] / 1000),
        {},
        "smoothing_fwhm is 8 mm, and the left hemisphere is 0.0346 mm across; write less, or name a surface whose",
        {"smoothing_fwhm": 8},
    ),
    "an atlas of another mesh": (
        "both hemispheres",
        lambda folder: [labels(folder, side, 9) for side in ("left", "right")],
        {},
        "The atlas left.label.gii is of 9 vertices, and the mesh of the left hemisphere has 66; take the atlas of",
        {"tables": {"atlas": {"left": "left.label.gii", "right": "right.label.gii"}}},
    ),
    "an atlas without a name": (
        "both hemispheres",
        lambda folder: [labels(folder, *of) for of in (("left", N_LEFT, 5), ("right", N_RIGHT, 5))],
        {},
        "The atlas left.label.gii holds the number 5, which its own table of labels does not name",
        {"tables": {"atlas": {"left": "left.label.gii", "right": "right.label.gii"}}},
    ),
    "smoothing without meshes": (
        "dscalar alone",
        None,
        {},
        "Neighbours and areas of the vertices of the left cortex are those of its mesh: name it in the config key",
        {"smoothing_fwhm": 4},
    ),
    "clusters without meshes": (
        "dscalar alone",
        None,
        {},
        "name it in the config key 'datasets.own.surfaces', or set smoothing_fwhm to 0, clusters and tfce to null",
        {"clusters": {"threshold": "p < 0.01"}},
    ),
    "a surface as a map": (
        "both hemispheres",
        lambda folder: shutil.copy(folder / "left.surf.gii", folder / LEFT_2),
        {},
        "sub-02_hemi-L_thickness.shape.gii",
    ),
    "a map that is cut off": (
        "both hemispheres",
        lambda folder: (folder / RIGHT_2).write_bytes((folder / RIGHT_2).read_bytes()[:-200]),
        {},
        "sub-02_hemi-R_thickness.shape.gii",
    ),
    "mgh of several frames": (
        "mgh",
        lambda folder: nib.save(
            nib.MGHImage(np.ones((N_LEFT, 1, 1, 3), np.float32), np.eye(4)),
            folder / "m" / "sub-02.lh.thickness.fwhm0.mgh",
        ),
        {},
        "sub-02.lh.thickness.fwhm0.mgh",
    ),
    "time series": (
        "dscalar alone",
        series,
        {},
        "holds a dense time series (dtseries) of 5 time points and not one map",
    ),
    "time series by their name": (
        "dscalar alone",
        lambda folder: other_cifti(folder, "dtseries", np.ones((5, 11), np.float32), SeriesAxis(0, 2, 5), "SERIES"),
        {"maps": "m/{participant_id}.dtseries.nii"},
        "sub-01.dtseries.nii is CIFTI, a dense time series (dtseries), and not a volume; make one map of it",
    ),
    "regions by their name": (
        "dscalar alone",
        lambda folder: other_cifti(folder, "dlabel", np.ones((1, 11), np.int32), REGIONS, "LABELS"),
        {"maps": "m/{participant_id}.dlabel.nii"},
        "is CIFTI, numbers of regions (dlabel), and not a volume; name the files of the values",
    ),
    "maps of grayordinates by another name": (
        "dscalar alone",
        lambda folder: other_cifti(folder, "map", np.ones((1, 11), np.float32), ScalarAxis(["a"]), "SCALARS"),
        {"maps": "m/{participant_id}.map.nii"},
        "is CIFTI, a map of grayordinates (dscalar), and not a volume; let the names of maps end in .dscalar.nii, or",
    ),
    "several maps": (
        "dscalar alone",
        lambda folder: dense(
            folder / "m" / "sub-02_thickness.dscalar.nii", np.ones((2, 12), np.float32)[:, :11], names=("a", "b")
        ),
        {},
        "holds 2 maps, and one is needed",
    ),
    "other brain models": (
        "dscalar alone",
        lambda folder: dense(folder / "m" / "sub-02_thickness.dscalar.nii", axis=grayordinates()[[0, 1, 2, 3]]),
        {},
        "Unlike sets of grayordinates are refused: bring all to one set, or exclude some",
    ),
    "a volume as CIFTI": (
        "dscalar alone",
        lambda folder: nib.save(
            nib.Nifti2Image(np.ones((3, 3, 3), np.float32), np.eye(4)), folder / "m" / "sub-02_thickness.dscalar.nii"
        ),
        {},
        "is a NIfTI volume and not CIFTI-2",
    ),
    "meshes of another density for CIFTI": (
        "dscalar with surfaces",
        lambda folder: mesh(folder, *RIGHT),
        {},
        "The surface left.surf.gii has 18 vertices, and that of the left cortex in the maps has 6; name one",
    ),
    "other parcels of CIFTI": (
        "pscalar",
        lambda folder: parcels_of_one(folder, parcels_axis()[[0, 1, 2, 3]]),
        {},
        "Unlike sets of parcels are refused: give all the same parcels, or exclude some",
    ),
    "doubled columns": ("table, pattern", doubled, {}, "V1_thickness"),
    "a cell with a comma": ("table, pattern", text_cell, {}, "'2,5' in line 3, column 'V2_thickness'"),
    "a row twice": ("table, pattern", twice, {}, "values.tsv has sub-04 in lines 2 and 7; keep one row"),
    "no such columns": ("table, pattern", None, {"parcels": "*_area"}, "values.tsv has no column that is '*_area'"),
    "a parcel that one lacks": (
        "tables of rows",
        lambda folder: rows(folder, ["V1", "V2", "M1", "insula"]),
        {},
        "Unlike sets of parcels are refused: give all the same parcels, or exclude some",
    ),
    "a parcel twice": (
        "tables of rows",
        lambda folder: rows(folder, ["V1", "V1", "V2", "M1", "insula"]),
        {},
        "m/sub-02.tsv has the parcel V1 in lines 2 and 3; keep one of them",
    ),
    "not square": (
        "relmat with header",
        lambda folder: square(folder, frame().iloc[:5]),
        {},
        "m/sub-02_relmat.tsv is not square",
    ),
    "not symmetric": (
        "relmat with header",
        lambda folder: square(folder, pd.DataFrame(changed(frame().to_numpy(), 1, 3, 50.0), columns=NODES)),
        {},
        "m/sub-02_relmat.tsv",
    ),
    "a node that one lacks": (
        "relmat with header",
        lambda folder: square(folder, frame(NODES[:5])),
        {},
        "Unlike sets of nodes are refused: give all the same nodes, or exclude some",
    ),
    "other nodes than the table": (
        "relmat without header",
        lambda folder: square(folder, frame(NODES[:5]), header=False),
        {"nodes": "nodes.tsv"},
        "m/sub-02_relmat.tsv has 5 nodes",
    ),
    "nodes of one name": (
        "relmat with header",
        lambda folder: square(folder, frame(["V1", "V1", *NODES[2:]])),
        {},
        "names 2 nodes 'V1'; names must differ",
    ),
    "a volume that is not there": (
        "series",
        None,
        {"maps": {"series": "all.nii.gz", "volume": "age"}},
        "none of the number",
    ),
    "a column that is not there": (
        "series",
        None,
        {"maps": {"series": "all.nii.gz", "volume": "volum"}},
        "participants.tsv, which the config key 'datasets.own.maps' asks for has no column 'volum'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_in_one_sentence(tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    name, change, own, words, *more = WRONG[case]
    right, *_ = written(name, tmp_path, 4)
    if change:
        change(tmp_path)
    try:
        told = foretold(config_of(own=right | own, **AGE, **dict(*more)))
    except (InputError, configs.WrongConfig) as why:
        told = [str(why)]
    assert [line for line in told if words in line and "\n" not in line], told
