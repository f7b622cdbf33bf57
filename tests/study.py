"""A small study of the user's own: maps, tables and configs, in a folder."""

import json

import nibabel as nib
import numpy as np
import pandas as pd

SHAPE = (10, 9, 8)
AFFINE = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -12], [0, 0, 3, -12], [0, 0, 0, 1]])
INSIDE = np.zeros(SHAPE, dtype=bool)
INSIDE[2:-2, 2:-2, 2:-2] = True
# What takes time and is not asked about.
QUICK = {
    "clusters": None,
    "tfce": None,
    "discoveries": None,
    "smoothing_fwhm": 0,
    "permutation": {"count": 99, "chunks": 1},
}


def write_maps(folder, table, name="maps/{participant_id}.nii.gz", seed=0, more=0):
    """Write a map of noise for each row, with more of it at the voxels farthest to the right; return the values.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_voxels)
    """
    rng = np.random.default_rng(seed)
    values = rng.normal(1, 1, (len(table), int(INSIDE.sum()))).astype(np.float32)
    values[:, :40] += np.reshape(more, (-1, 1))
    for row, (_, cells) in enumerate(table.iterrows()):
        path = folder / name.format(**cells)
        path.parent.mkdir(parents=True, exist_ok=True)
        volume = np.zeros(SHAPE, np.float32)
        volume[INSIDE] = values[row]
        nib.save(nib.Nifti1Image(volume, AFFINE), path)
    return values


def people(n=24):
    """A table of people."""
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "participant_id": [f"sub-{number:02}" for number in range(1, n + 1)],
            "group": np.where(np.arange(n) % 2, "patient", "control"),
            "site": np.array(["Ulm", "Bath", "Lund"])[np.arange(n) % 3],
            "age": rng.normal(40, 9, n).round(1),
            "reading score": rng.normal(100, 15, n).round(),
        }
    )


def write_table(path, table):
    table.to_csv(path, sep="\t", index=False, na_rep="n/a")


def config_of(**settings):
    """The config of a study of one's own."""
    own = {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"} | settings.pop("own", {})
    return QUICK | {"analysis": "a", "dataset": "own", "datasets": {"own": own}} | settings


def config(folder, name="mine.yaml", **settings):
    """Write such a config, and give the arguments that name it."""
    (folder / name).write_text(json.dumps(config_of(**settings)))
    return "--configfile", folder / name
