"""A small study of each form in which maps are given, written by nibabel and pandas and not by the core.

A writer puts files into a folder, and gives what a config says of them. They hold a matrix, a row for each subject; its
columns are the elements in the order in which the workflow has them.
"""

import nibabel as nib
import numpy as np
import pandas as pd
from nibabel.cifti2 import BrainModelAxis, ParcelsAxis, ScalarAxis

from study import AFFINE, people, write_table
from surfaces import cifti, dense, gifti, grayordinates, sphere, surface

LEFT, RIGHT = sphere(2), sphere(1)
N_LEFT, N_RIGHT = len(LEFT[0]), len(RIGHT[0])
PARCELS = ["V1", "V2", "M1", "insula", "7Networks_LH_Vis_1"]
NODES = ["V1", "V2", "M1", "insula", "thalamus", "pons"]
PAIRS = np.column_stack(np.triu_indices(len(NODES), 1))
STRUCTURES = {"left": "CortexLeft", "right": "CortexRight"}
OCTAHEDRON = sphere(0)
PARCELLATED = "NIFTI_INTENT_CONNECTIVITY_PARCELLATED_SCALAR"
INSIDE = 3, 4, 2  # of volumes, with a background around


def put(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def vertices(path, values, structure=None):
    """Write a value for each vertex, as the name of the file tells."""
    values = np.asarray(values, np.float32)
    if path.name.endswith(".gii"):
        meta = {"AnatomicalStructurePrimary": structure} if structure else None
        gifti(put(path), (values, "NIFTI_INTENT_SHAPE"), meta=meta)
    elif path.suffix in (".mgh", ".mgz"):
        nib.save(nib.MGHImage(values[:, None, None], np.eye(4)), put(path))
    else:
        nib.freesurfer.write_morph_data(put(path), values)


def of_parts(names, meshes, surfaces=None, told=True):
    """A writer of maps of several meshes: the names of their files, the meshes, and what the config says of those."""

    def write(folder, ids, values):
        begins = np.cumsum([len(points) for points, _ in meshes.values()])[:-1]
        for row, subject in zip(values, ids, strict=True):
            for part, of_part in zip(names, np.split(row, begins), strict=True):
                path = folder / names[part].format(participant_id=subject)
                vertices(path, of_part, STRUCTURES.get(part) if told else None)
        for part, mesh in meshes.items():
            surface(folder / f"{part}.surf.gii", *mesh, structure=STRUCTURES.get(part) if told else None)
        return {"maps": names, "surfaces": surfaces or {part: f"{part}.surf.gii" for part in names}}

    return write


def one_mesh(folder, ids, values):
    for row, subject in zip(values, ids, strict=True):
        vertices(folder / "m" / f"{subject}.shape.gii", row)
    surface(folder / "mesh.surf.gii", *LEFT)
    return {"maps": "m/{participant_id}.shape.gii", "surfaces": "mesh.surf.gii"}


def morphometry(folder, ids, values):
    for row, subject in zip(values, ids, strict=True):
        vertices(folder / "fs" / subject / "surf" / "lh.thickness", row[:N_LEFT])
        vertices(folder / "fs" / subject / "surf" / "rh.thickness", row[N_LEFT:])
    for side, mesh in (("lh", LEFT), ("rh", RIGHT)):
        nib.freesurfer.write_geometry(folder / f"{side}.white", *mesh)
    names = {part: f"fs/{{participant_id}}/surf/{side}.thickness" for part, side in (("left", "lh"), ("right", "rh"))}
    return {"maps": names, "surfaces": {"left": "lh.white", "right": "rh.white"}}


def bids_surface(folder, ids, values):
    """Beside the wanted files lie some of another density, another space, of what is no map, and of nobody."""
    for row, subject in zip(values, ids, strict=True):
        start = folder / "deriv" / subject / "anat" / subject
        for side, of_side in (("L", row[:N_LEFT]), ("R", row[N_LEFT:])):
            for more, other in (
                ("space-fsLR_den-32k_thickness.shape.gii", of_side),
                ("space-fsLR_den-164k_thickness.shape.gii", np.ones(9)),
                ("thickness.shape.gii", np.ones(7)),
                ("space-fsLR_den-32k_thickness.func.gii", np.ones(7)),
                ("space-fsLR_den-32k_sulc.shape.gii", np.ones(7)),
            ):
                vertices(start.with_name(f"{subject}_hemi-{side}_{more}"), other)
    vertices(folder / "deriv" / "sub-99_hemi-L_space-fsLR_den-32k_thickness.shape.gii", np.ones(N_LEFT))
    surface(folder / "left.surf.gii", *LEFT), surface(folder / "right.surf.gii", *RIGHT)
    wanted = {"folder": "deriv", "suffix": "thickness", "extension": ".shape.gii", "space": "fsLR", "den": "32k"}
    return {"maps": wanted, "surfaces": {"left": "left.surf.gii", "right": "right.surf.gii"}}


def bids_hemisphere(folder, ids, values):
    both = np.hstack([np.zeros((len(values), N_LEFT), np.float32), values])
    own = bids_surface(folder, ids, both)
    return own | {"surfaces": {"right": own["surfaces"]["right"]}}


def dscalars(name, **own):
    def write(folder, ids, values):
        for row, subject in zip(values, ids, strict=True):
            dense(put(folder / name.format(subject=subject)), row[np.newaxis])
        surface(folder / "left.surf.gii", *OCTAHEDRON), surface(folder / "right.surf.gii", *OCTAHEDRON)
        return {"maps": "m/{participant_id}_thickness.dscalar.nii"} | own

    return write


def parcels_axis():
    """Each parcel has a vertex of the left cortex, and the last one a voxel too."""
    axis = grayordinates()
    models = [(name, axis[[min(number, 3)]]) for number, name in enumerate(PARCELS[:4])]
    return ParcelsAxis.from_brain_models([*models, (PARCELS[4], axis[[7, 8]])])


def pscalars(name, **own):
    def write(folder, ids, values):
        for row, subject in zip(values, ids, strict=True):
            path = put(folder / name.format(subject=subject))
            cifti(path, row[np.newaxis], ScalarAxis(["a"]), parcels_axis(), intent=PARCELLATED)
        return {"maps": "m/{participant_id}.pscalar.nii"} | own

    return write


def wide(parcels, columns, name="values.tsv", **own):
    """All in one table, with columns that are no parcels, rows in another order and one of nobody."""

    def write(folder, ids, values):
        table = pd.DataFrame(values.astype(float), columns=columns)
        table.insert(0, own.get("id", "participant_id"), ids)
        table["site"], table["eTIV"] = "Ulm", 1.5e6
        table = pd.concat([table.iloc[::-1], table.iloc[:1].assign(**{own.get("id", "participant_id"): "sub-99"})])
        table.to_csv(folder / name, sep="," if name.endswith("csv") else "\t", index=False)
        return {"maps": {"table": name} | own, "parcels": parcels}

    return write


def tables(name, as_rows, **own):
    """A table for each subject, with a row for each parcel or a column for each."""

    def write(folder, ids, values):
        for row, subject in zip(values, ids, strict=True):
            table = pd.DataFrame({"parcel": PARCELS, "mean": row.astype(float)})
            table = table if as_rows else pd.DataFrame([row.astype(float)], columns=PARCELS)
            table.to_csv(put(folder / name.format(subject=subject)), sep="\t", index=False)
        return {"maps": "m/{participant_id}.tsv", "kind": "parcels"} | own

    return write


def matrix_of(row):
    """A square matrix with ones on its diagonal."""
    matrix = np.eye(len(NODES), dtype=np.float32)
    matrix[tuple(PAIRS.T)] = row
    return np.maximum(matrix, 0) + np.minimum(matrix, 0) + np.triu(matrix, 1).T


def matrices(name, header=True, sep="\t", **own):
    def write(folder, ids, values):
        for row, subject in zip(values, ids, strict=True):
            frame = pd.DataFrame(matrix_of(row).astype(float), columns=NODES)
            frame.to_csv(put(folder / name.format(subject=subject)), sep=sep, index=False, header=header)
        pd.DataFrame({"name": NODES, "module": list("AAABBB")}).to_csv(folder / "nodes.tsv", sep="\t", index=False)
        return {"maps": "m/{participant_id}_relmat.tsv"} | own

    return write


def edges(folder, ids, values):
    own = matrices("unused/{subject}_relmat.tsv")(folder, ids, values)
    for row, subject in zip(values, ids, strict=True):
        ends = [np.array(NODES)[PAIRS[::-1, which]] for which in (1, 0)]
        table = pd.DataFrame({"node_1": ends[0], "node_2": ends[1], "value": row[::-1].astype(float)})
        table.to_csv(put(folder / "m" / f"{subject}_edges.tsv"), sep="\t", index=False)
    return own | {"maps": "m/{participant_id}_edges.tsv", "nodes": "nodes.tsv"}


def volumes(shape, **own):
    def write(folder, ids, values):
        for row, subject in zip(values, ids, strict=True):
            volume = np.pad(row.reshape(shape), 1) if shape == INSIDE else row.reshape(shape)
            nib.save(nib.Nifti1Image(volume, AFFINE), put(folder / "m" / f"{subject}.nii.gz"))
        return {"maps": "m/{participant_id}.nii.gz"} | own

    return write


def series(folder, ids, values):
    """All volumes in one image, in an order that the table has in a column."""
    order = np.random.default_rng(4).permutation(len(ids))
    image = np.moveaxis([np.pad(values[row].reshape(INSIDE), 1) for row in np.argsort(order)], 0, -1)
    nib.save(nib.Nifti1Image(image, AFFINE), folder / "all.nii.gz")
    write_table(folder / "participants.tsv", people(len(ids)).assign(number=order))
    return {"maps": {"series": "all.nii.gz", "volume": "number"}}


GII = "m/{participant_id}_hemi-%s_thickness.shape.gii"
MGH = "m/{participant_id}.%s.thickness.fwhm0.mgh"
COLUMNS = [f"{name}_thickness" for name in PARCELS]
BOTH = {"left": LEFT, "right": RIGHT}
SURFACES = {"surfaces": {"left": "left.surf.gii", "right": "right.surf.gii"}}
BIDS_TABLE = {"folder": "d", "suffix": "bold", "extension": ".tsv", "seg": "Glasser", "stat": "reho"}
BIDS_DENSE = {"folder": "d", "suffix": "thickness", "extension": ".dscalar.nii", "den": "91k", "space": "fsLR"}
BIDS_RELMAT = {"folder": "d", "suffix": "relmat", "seg": "4S156Parcels", "stat": "pearsoncorrelation"}
EDGES = len(PAIRS)
G = len(grayordinates())
P = len(PARCELS)
N_BOTH = N_LEFT + N_RIGHT
# By a form's name: what writes it, the number of elements, the kind, how results end, and their parts.
FORMS = {
    "both hemispheres": (
        of_parts({"left": GII % "L", "right": GII % "R"}, BOTH),
        N_BOTH,
        "surface",
        ".shape.gii",
        BOTH,
    ),
    "one hemisphere": (
        of_parts({"right": "m/{participant_id}.R.func.gii"}, {"right": RIGHT}),
        N_RIGHT,
        "surface",
        ".func.gii",
        ["right"],
    ),
    "other meshes": (
        of_parts(
            {"thalamus": "m/{participant_id}_t.shape.gii", "putamen": "m/{participant_id}_p.shape.gii"},
            {"thalamus": LEFT, "putamen": RIGHT},
        ),
        N_BOTH,
        "surface",
        ".shape.gii",
        ["thalamus", "putamen"],
    ),
    "one mesh without a name": (one_mesh, N_LEFT, "surface", ".shape.gii", ["surface"]),
    "mgh": (of_parts({"left": MGH % "lh", "right": MGH % "rh"}, BOTH, told=False), N_BOTH, "surface", ".mgh", BOTH),
    "morphometry": (morphometry, N_BOTH, "surface", ".mgh", BOTH),
    "BIDS, both hemispheres": (bids_surface, N_BOTH, "surface", ".shape.gii", BOTH),
    "BIDS, one hemisphere": (bids_hemisphere, N_RIGHT, "surface", ".shape.gii", ["right"]),
    "dscalar with surfaces": (
        dscalars("m/{subject}_thickness.dscalar.nii", **SURFACES),
        G,
        "grayordinates",
        ".dscalar.nii",
        [],
    ),
    "dscalar alone": (dscalars("m/{subject}_thickness.dscalar.nii"), G, "grayordinates", ".dscalar.nii", []),
    "BIDS, dscalar": (
        dscalars("d/{subject}/{subject}_space-fsLR_den-91k_thickness.dscalar.nii", maps=BIDS_DENSE),
        G,
        "grayordinates",
        ".dscalar.nii",
        [],
    ),
    "pscalar": (pscalars("m/{subject}.pscalar.nii"), P, "parcels", ".pscalar.nii", []),
    "BIDS, pscalar": (
        pscalars(
            "d/{subject}_seg-Glasser_stat-alff_boldmap.pscalar.nii",
            maps={"folder": "d", "suffix": "boldmap", "extension": ".pscalar.nii", "seg": "Glasser"},
        ),
        P,
        "parcels",
        ".pscalar.nii",
        [],
    ),
    "table, pattern": (wide("*_thickness", COLUMNS), P, "parcels", ".tsv", []),
    "table, list": (wide(COLUMNS, COLUMNS, name="values.csv"), P, "parcels", ".tsv", []),
    "table with another ID": (wide("*_thickness", COLUMNS, id="who"), P, "parcels", ".tsv", []),
    "tables of rows": (tables("m/{subject}.tsv", True), P, "parcels", ".tsv", []),
    "BIDS, tables of columns": (
        tables("d/{subject}_task-rest_seg-Glasser_stat-reho_bold.tsv", False, maps=BIDS_TABLE, kind=None),
        P,
        "parcels",
        ".tsv",
        [],
    ),
    "relmat with header": (matrices("m/{subject}_relmat.tsv"), EDGES, "connectome", ".tsv", []),
    "relmat without header": (
        matrices("m/{subject}_relmat.tsv", header=False, nodes="nodes.tsv"),
        EDGES,
        "connectome",
        ".tsv",
        [],
    ),
    "relmat of commas": (
        matrices("m/{subject}_relmat.csv", sep=",", maps="m/{participant_id}_relmat.csv"),
        EDGES,
        "connectome",
        ".tsv",
        [],
    ),
    "BIDS, relmat": (
        matrices("d/{subject}_seg-4S156Parcels_stat-pearsoncorrelation_relmat.tsv", maps=BIDS_RELMAT),
        EDGES,
        "connectome",
        ".tsv",
        [],
    ),
    "table of edges": (edges, EDGES, "connectome", ".tsv", []),
    "volumes": (volumes(INSIDE), 24, "volume", ".nii.gz", []),
    "one slice": (volumes((6, 4, 1), axes=["frequency", "time"]), 24, "volume", ".nii.gz", []),
    "one slice of a brain": (volumes((6, 4, 1)), 24, "volume", ".nii.gz", []),
    "two dimensions": (volumes((6, 4), axes=["frequency", "time"]), 24, "volume", ".nii.gz", []),
    "series": (series, 24, "volume", ".nii.gz", []),
}


def written(name, folder, n=12, seed=0):
    """Write a study of a form: what its config says below ``datasets.own``, the table, and the matrix."""
    write, n_elements, *_ = FORMS[name]
    folder.mkdir(exist_ok=True)
    table = people(n)
    write_table(folder / "participants.tsv", table)
    values = np.random.default_rng(seed).normal(2, 1, (n, n_elements)).astype(np.float32)
    return write(folder, list(table["participant_id"]), values), table, values


def cortex(n_left, n_right, voxels):
    """Grayordinates of all vertices of two meshes and some voxels of one structure, an array of bool."""
    left = BrainModelAxis.from_surface(np.arange(n_left), n_left, "CortexLeft")
    right = BrainModelAxis.from_surface(np.arange(n_right), n_right, "CortexRight")
    return left + right + BrainModelAxis.from_mask(voxels, "thalamus_left", AFFINE)
