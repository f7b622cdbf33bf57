"""The second real dataset, from a local server to its figures."""

import json

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from inspecting import VOLUMES
from secondlevel.sample.holes import least_subjects
from secondlevel.sample.reading import read_all
from secondlevel.space.holes import Holes
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.masking import mask_counts
from secondlevel.space.units import VOXELS

RESULTS = "results/emotion_regulation"


def test_the_analysis_runs_to_its_figures(emotion_regulation_run):
    figures = emotion_regulation_run / RESULTS / "figures"
    assert len(list(figures.glob("*.png"))) == 14
    assert len(pd.read_csv(emotion_regulation_run / RESULTS / "design.tsv", sep="\t")) == 30


def test_clusters_and_tfce_are_listed(emotion_regulation_run):
    results = emotion_regulation_run / RESULTS
    mask = Mask.load(results / "mask.nii.gz")
    tables = [results / f"contrast-success_desc-{kind}_table.tsv" for kind in ("clusters", "fdr", "maxT", "maxTFCE")]
    for path in tables:
        table, labels = pd.read_csv(path, sep="\t"), mask.read(str(path).replace("table.tsv", "dseg.nii.gz"))
        assert labels.max() == table["cluster"].max() if len(table) else labels.max() == 0
    clusters = pd.read_csv(tables[0], sep="\t").dropna(subset="voxels")
    assert (clusters["p_maxMass"] >= 1 / 1001).all()
    assert clusters["mm3"].to_numpy() == pytest.approx(clusters["voxels"] * abs(np.linalg.det(mask.affine[:3, :3])))


def test_voxels_that_are_not_finite_are_accounted_for(emotion_regulation_run, real_data):
    maps = np.stack([np.asarray(nib.load(path).dataobj)[..., 0] for path in sorted(real_data.glob("*.img"))])
    missing = ~np.isfinite(maps)
    quality = pd.read_csv(emotion_regulation_run / RESULTS / "quality.tsv", sep="\t")
    assert list(quality["n_not_finite"]) == list(missing.sum(axis=(1, 2, 3)))
    alone = missing & (missing.sum(axis=0) == 1)
    assert list(quality["n_not_finite_here_only"]) == list(alone.sum(axis=(1, 2, 3)))
    about = json.loads((emotion_regulation_run / RESULTS / "mask.json").read_text())
    assert about["VoxelsNotFiniteInSomeMap"] == missing.any(axis=0).sum() == 5673
    assert about["Voxels"] == (~missing.any(axis=0)).sum()
    assert about["VoxelsDroppedAsConstant"] == 0
    stored = np.load(emotion_regulation_run / RESULTS / "maps.npy", mmap_mode="r")
    assert stored.shape == (30, about["Voxels"])
    assert np.isfinite(stored).all()


def test_voxels_that_single_subjects_lack_come_back_with_coverage(real_data):
    paths = [str(path) for path in sorted(real_data.glob("*.img"))]
    _, common = read_all(paths, [[]] * len(paths), VOLUMES, holes=Holes(VOLUMES))
    counts = [
        mask_counts(common, common.counts > 0, "", VOXELS, least=least_subjects(share, 30))[1] for share in (1.0, 0.9)
    ]
    assert [found["VoxelsWithoutValueInSomeMaps"] for found in counts] == [0, 78901 - 75919]
    assert (common.counts == 29).sum() == 1236 + 656
    assert [found["VoxelsDroppedAsNotFinite"] for found in counts] == [
        (common.counts > 0).sum() - n for n in (75919, 78901)
    ]


def test_a_mask_that_fills_the_grid_is_pointed_out(emotion_regulation_run):
    log = (emotion_regulation_run / RESULTS / "logs" / "brain_mask.log").read_text()
    assert "these maps seem to have no background" in log
