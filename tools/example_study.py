"""Make a small simulated study whose maps are of one kind, to try the workflow on.

    PYTHONPATH=workflow/scripts python tools/example_study.py KIND FOLDER

FOLDER, which must not be there yet, gets the table participants.tsv and the maps that config/examples/KIND.yaml names.
Half of the people are patients. Values are smooth noise; in patients they are lower at one place, and nowhere else.
"""

import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from nibabel.cifti2 import BrainModelAxis
from scipy.ndimage import gaussian_filter

from secondlevel.base.columns import write_rows
from secondlevel.base.errors import InputError
from secondlevel.base.packages import in_package
from secondlevel.base.tables import write_table
from secondlevel.space.cifti import write_scalar
from secondlevel.space.gifti import read_values, write_values
from secondlevel.space.mesh import smooth, vertex_areas
from secondlevel.space.meshes import mesh_of
from secondlevel.space.written_tables import edges_of, write_relmat
from verify import give_up

SEED, PEOPLE = 7, 30
SIDES = {"left": "hemi-L", "right": "hemi-R"}
DENSITY, THIN = "fsaverage5", 0.5  # mm
PLACE, WIDTH = (-55, -25, 0), 35.0  # mm: where patients differ, in the left temporal lobe, and how far it reaches
VOXEL, LOWEST = 3.0, (-30.0, -40.0, -6.0)  # mm: of the voxels below the cortex
STRUCTURES = {"THALAMUS_LEFT": (-11, -18, 7), "THALAMUS_RIGHT": (11, -18, 7), "PUTAMEN_LEFT": (-25, 3, 2)}
STRUCTURES |= {"PUTAMEN_RIGHT": (25, 3, 2)}  # their middles in mm
# Regions of the cortex, as the atlas of Desikan et al. (2006) calls them.
REGIONS = [
    "bankssts", "caudalanteriorcingulate", "caudalmiddlefrontal", "cuneus", "entorhinal", "fusiform",
    "inferiorparietal", "inferiortemporal", "isthmuscingulate", "lateraloccipital", "lateralorbitofrontal", "lingual",
    "medialorbitofrontal", "middletemporal", "parahippocampal", "paracentral", "parsopercularis", "parsorbitalis",
    "parstriangularis", "pericalcarine", "postcentral", "posteriorcingulate", "precentral", "precuneus",
    "rostralanteriorcingulate", "rostralmiddlefrontal", "superiorfrontal", "superiorparietal", "superiortemporal",
    "supramarginal", "frontalpole", "temporalpole", "transversetemporal", "insula",
]  # fmt: skip
LOWER = ("lh_superiortemporal", "lh_middletemporal", "lh_bankssts", "lh_transversetemporal")
MODULES = {"visual": 8, "motor": 8, "attention": 7, "default": 7}  # and how many nodes each has


def people(rng):
    """The table of people."""
    number = np.arange(PEOPLE)
    return pd.DataFrame(
        {
            "participant_id": [f"sub-{i + 1:02}" for i in number],
            "group": np.where(number % 2, "patient", "control"),
            "age": rng.integers(20, 61, PEOPLE),
            "sex": np.where(number // 2 % 2, "m", "f"),
        }
    )


def patients(table):
    """1 for each patient, 0 for others, shape (n_people, 1)."""
    return (table["group"] == "patient").to_numpy(float)[:, np.newaxis]


def near(points, middle, width):
    """1 at a point in mm, and less the farther from it; shape (n_points,)."""
    apart = np.linalg.norm(points - np.array(middle), axis=1)
    return np.exp(-4 * np.log(2) * apart**2 / width**2)


def scaled(noise):
    """Noise whose standard deviation is 1."""
    return noise / noise.std()


def cortex(table, rng, mean, sd, difference):
    """Values of the vertices of each hemisphere, by its name, shape (n_people, n_vertices): 0 on the medial wall."""
    found = {}
    for part in SIDES:
        mesh = mesh_of(DENSITY, part)
        white = rng.standard_normal((mesh.size, PEOPLE)) / np.sqrt(vertex_areas(mesh.vertices, mesh.triangles))[:, None]
        noise = scaled(smooth(white, mesh.vertices, mesh.triangles, 10.0)).T
        values = mean + sd * noise + difference * patients(table) * near(mesh.vertices, PLACE, WIDTH)
        found[part] = np.where(walls()[part], 0, values)
    return found


def walls():
    """Which vertices of each hemisphere are on its medial wall: where the mean cortex of fsaverage has no thickness."""
    files = {part: in_package("nilearn", f"datasets/data/{DENSITY}/thick_{part}.gii.gz") for part in SIDES}
    return {part: read_values(path)[0] < THIN for part, path in files.items()}


def surface(folder, rng):
    """Thickness of the cortex in mm, a GIFTI file for each hemisphere."""
    table = people(rng)
    (folder / "maps").mkdir()
    for part, values in cortex(table, rng, 2.6, 0.2, -0.25).items():
        for subject, of_subject in zip(table["participant_id"], values, strict=True):
            path = folder / "maps" / f"{subject}_{SIDES[part]}_space-{DENSITY}_thickness.shape.gii"
            write_values(path, of_subject.astype(np.float32), f"Cortex{part.title()}", "thickness")
    return table


def grayordinates(folder, rng):
    """A contrast of first-level models at the vertices of the cortex and the voxels below, a CIFTI file each."""
    table, wall = people(rng), walls()
    of_cortex = cortex(table, rng, 0.3, 1.0, -1.2)
    axes = [BrainModelAxis.from_mask(~wall[part], name=f"CIFTI_STRUCTURE_CORTEX_{part.upper()}") for part in SIDES]
    values = [of_cortex[part][:, ~wall[part]] for part in SIDES]
    shape, affine = (21, 20, 10), np.diag([VOXEL, VOXEL, VOXEL, 1])
    affine[:3, 3] = LOWEST
    points = nib.affines.apply_affine(affine, np.indices(shape).reshape(3, -1).T)
    noise = np.array([scaled(gaussian_filter(rng.standard_normal(shape), 1)).ravel() for _ in range(PEOPLE)])
    for name, middle in STRUCTURES.items():
        inside = np.linalg.norm((points - np.array(middle)) / (6, 11, 7), axis=1) < 1
        axes.append(BrainModelAxis.from_mask(inside.reshape(shape), name=f"CIFTI_STRUCTURE_{name}", affine=affine))
        lower = -1.5 * patients(table) * (name == "THALAMUS_LEFT")
        values.append(0.3 + noise[:, inside] + lower)
    axis = sum(axes[1:], axes[0])
    for subject, row in zip(table["participant_id"], np.concatenate(values, axis=1), strict=True):
        path = folder / "derivatives" / subject / f"{subject}_task-faces_contrast-faces_stat-effect_statmap.dscalar.nii"
        path.parent.mkdir(parents=True)
        write_scalar(path, row, axis, "faces")
    return table


def parcels(folder, rng):
    """Thickness of regions of the cortex in mm, as columns of one table."""
    table = people(rng)
    names = [f"{side}_{region}" for side in ("lh", "rh") for region in REGIONS]
    person = rng.standard_normal((PEOPLE, 1))
    values = 2.6 + 0.08 * person + 0.12 * rng.standard_normal((PEOPLE, len(names)))
    values -= 0.15 * patients(table) * np.isin(names, LOWER)
    wide = pd.DataFrame(values.round(3), columns=[f"{name}_thickness" for name in names])
    write_table(folder / "thickness.tsv", pd.concat([table[["participant_id"]], wide], axis=1))
    return table


def connectome(folder, rng):
    """Correlations of regions, z by Fisher, a square table each; and the table of the regions."""
    table = people(rng)
    modules = [module for module, n in MODULES.items() for _ in range(n)]
    names = [f"{module}{number + 1}" for module, n in MODULES.items() for number in range(n)]
    one, other = edges_of(len(names)).T
    same = np.array(modules)[one] == np.array(modules)[other]
    between = (np.array(modules)[one] == "motor") & (np.array(modules)[other] == "default")
    hub = between & (one % 8 < 2)  # edges of two of the motor nodes
    values = 0.1 + 0.35 * same + 0.18 * rng.standard_normal((PEOPLE, one.size)) - 0.28 * patients(table) * hub
    (folder / "maps").mkdir()
    for subject, row in zip(table["participant_id"], values, strict=True):
        write_relmat(folder / "maps" / f"{subject}_task-rest_atlas-example_relmat.tsv", row.round(4), names)
    rows = [{"name": name, "module": module} for name, module in zip(names, modules, strict=True)]
    write_rows(folder / "regions.tsv", rows, ["name", "module"])
    return table


def time_frequency(folder, rng):
    """Power by frequency and time, all people as volumes of one image, in another order than the table's."""
    table = people(rng)
    frequencies, times = 4 + 2 * np.arange(20), -200 + 20 * np.arange(50)  # Hz, ms
    lower = near(np.array([(f * 10, t) for f in frequencies for t in times]), (200, 350), 200).reshape(20, 50)
    noise = [scaled(gaussian_filter(rng.standard_normal((20, 50)), 1.5)) for _ in range(PEOPLE)]
    values = np.array(noise) - 1.2 * patients(table)[:, :, np.newaxis] * lower
    table["volume"] = rng.permutation(PEOPLE)
    series = np.zeros((20, 50, 1, PEOPLE), dtype=np.float32)
    series[..., table["volume"]] = np.moveaxis(values, 0, -1)[:, :, np.newaxis]
    affine = np.diag([2.0, 20.0, 1.0, 1.0])  # from numbers of cells to Hz and ms
    affine[:2, 3] = frequencies[0], times[0]
    nib.save(nib.Nifti1Image(series, affine), folder / "power.nii.gz")
    return table


KINDS = {made.__name__: made for made in (surface, grayordinates, parcels, connectome, time_frequency)}


def make(kind, folder):
    """Make the study of a kind in a folder that must not be there yet."""
    if kind not in KINDS:
        raise InputError(f"KIND={kind} is none of {', '.join(KINDS)}.")
    if folder.exists():
        raise InputError(f"{folder} is there already; choose another FOLDER.")
    folder.mkdir(parents=True)
    table = KINDS[kind](folder, np.random.default_rng(SEED))
    write_table(folder / "participants.tsv", table)


def main(arguments):
    kind, folder = arguments
    try:
        make(kind, Path(folder))
    except InputError as error:
        give_up(error)
    print(f"{folder} holds the maps of {PEOPLE} people. See what would be done, and do it:")
    for what in ("-n", "--cores all"):
        print(f"  .venv/bin/snakemake {what} --directory {folder} --configfile config/examples/{kind}.yaml")


if __name__ == "__main__":
    main(sys.argv[1:])
