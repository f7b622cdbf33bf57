"""The notices of an analysis, in one list, each with a section of docs/diagnostics.md."""

import re

import numpy as np
import pandas as pd

from conftest import REPO
from secondlevel.inference.assumptions import assumptions
from secondlevel.space.units import VOXELS

MASK = {"VoxelsZeroInSomeMaps": 0, "Voxels": 50}
PERSON = np.repeat([f"p{i}" for i in range(10)], 2)


def found(
    mask=None, maps=None, sd=None, design=None, blocks=None, scheme="auto", fwhm=5, weights=(0, 1), statistic="t"
):
    rng = np.random.default_rng(0)
    ids = np.char.add(PERSON, np.tile(["_1", "_2"], 10))
    design = pd.DataFrame({"intercept": 1.0, "score": rng.normal(size=20)}) if design is None else design
    settings = {
        "dataset": "own",
        "datasets": {"own": {"id": ["person", "visit"]}},
        "zeros": None,
        "coverage": None,
        "smoothing_fwhm": fwhm,
        "two_sided": False,
        "permutation": {"scheme": scheme, "blocks": blocks, "statistic": statistic},
    }
    about = {
        "ZerosInMask": dict.fromkeys(ids, 0),
        "BackgroundValue": {},
        "KernelInsideMask": 0.9,
        "KernelOnValues": 0.9,
    }
    return assumptions(
        settings,
        sample={"participant_id": ids, "person": PERSON},
        design=design,
        contrasts={"contrast": np.array(["a"])} | {c: np.array([str(w)]) for c, w in zip(design, weights, strict=True)},
        sd=np.ones(20) if sd is None else sd,
        maps=rng.normal(size=(20, 50)).astype(np.float32),
        statistics={"a": np.arange(50.0)},
        about_mask=MASK | (mask or {}),
        about_maps=about | (maps or {}),
        unit=VOXELS,
    )


def test_each_notice_comes_with_a_section_that_there_is():
    scale = np.ones(20)
    scale[3] = 20
    everything = found(
        mask={"VoxelsZeroInSomeMaps": 30},
        maps={"BackgroundValue": {"p0_1": -1000.0}, "KernelInsideMask": 0.1, "KernelOnValues": 0.2},
        sd=scale,
        design=pd.DataFrame({"score": np.r_[np.arange(19.0), 900], "more": np.r_[np.arange(19.0) + 0.01, 900.3]}),
        weights=(1, 0),
    )
    sections = [notice["section"] for notice in everything["notices"]]
    assert sections == ["rows", "zeros", "background", "smoothing", "scales", "collinearity", "leverage", "reach"]
    page = (REPO / "docs" / "diagnostics.md").read_text()
    assert set(sections) | {"clusters", "skewness", "variances"} <= set(re.findall(r"^## (\w+)$", page, re.M))
    assert everything["measures"].keys() >= {"Skewness", "VarianceInflation", "StandardDeviationOfMaps"}


def test_rows_of_one_person_are_told_with_what_heeds_them():
    (without,) = found()["notices"]
    assert without["sentence"].startswith("20 maps of 10 people: maps of one person are alike, but every p value here")
    within = found(blocks={"variable": "person", "shuffle": "whole"})["notices"][0]
    assert "20 maps of 10 people, shuffled in whole blocks of person: only the permutation" in within["sentence"]


def few(design, weights, statistic=None):
    """The sentences on clusters of a cluster-robust test of two visits each."""
    statistic = statistic or {"cluster_robust": "person"}
    everything = found(design=pd.DataFrame(design), weights=weights, statistic=statistic, scheme="flip")
    return [notice["sentence"] for notice in everything["notices"] if notice["section"] == "clusters"]


def test_clusters_that_are_few_are_told():
    visit, patient = np.tile([0.0, 1], 10), (PERSON < "p3").astype(float)
    design = {"one": np.ones(20), "patient": patient, "visit": visit, "both": patient * visit}
    (approximate,) = few({"one": np.ones(20), "visit": visit}, (0, 1))
    assert approximate.startswith("Contrast a: 10 of 10 clusters of person hold something of its effect; below 12")
    assert few({"one": np.ones(20), "visit": visit}, (0, 1), statistic="t") == []
    # The product weighs the group; next to it, the group's own column is its difference at the first visit.
    for weights in ((0, 0, 0, 1), (0, 1, 0, 0)):
        _, group = few(design, weights)
        assert group.startswith("Contrast a: 3 clusters of person on one side of patient")
    of_patients = {"one": np.ones(20), "visit": patient * visit, "other": (1 - patient) * visit, "patient": patient}
    least, _ = few(of_patients, (0, 1, 0, 0))
    assert "3 of 10 clusters" in least
    assert "4 distinct sizes of t: no two-sided p is below 0.25" in least
