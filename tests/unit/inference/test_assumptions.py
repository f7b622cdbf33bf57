"""The notices of an analysis, in one list, each with a section of docs/diagnostics.md."""

import re

import numpy as np
import pandas as pd

from conftest import REPO
from secondlevel.inference.assumptions import assumptions

MASK = {"VoxelsZeroInSomeMaps": 0, "Voxels": 50}
PERSON = np.repeat([f"p{i}" for i in range(10)], 2)


def found(mask=None, maps=None, sd=None, design=None, blocks=None, scheme="auto", fwhm=5, weights=(0, 1)):
    rng = np.random.default_rng(0)
    ids = np.char.add(PERSON, np.tile(["_1", "_2"], 10))
    design = pd.DataFrame({"intercept": 1.0, "score": rng.normal(size=20)}) if design is None else design
    settings = {
        "dataset": "own",
        "datasets": {"own": {"id": ["person", "visit"]}},
        "zeros": None,
        "smoothing_fwhm": fwhm,
        "two_sided": False,
        "permutation": {"scheme": scheme, "blocks": blocks},
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
    assert set(sections) | {"skewness", "variances"} <= set(re.findall(r"^## (\w+)$", page, re.M))
    assert everything["measures"].keys() >= {"Skewness", "VarianceInflation", "StandardDeviationOfMaps"}


def test_rows_of_one_person_are_told_with_what_heeds_them():
    (without,) = found()["notices"]
    assert without["sentence"].startswith("20 maps of 10 people: maps of one person are alike, but every p value here")
    within = found(blocks={"variable": "person", "shuffle": "whole"})["notices"][0]
    assert "20 maps of 10 people, shuffled in whole blocks of person: only the permutation" in within["sentence"]
