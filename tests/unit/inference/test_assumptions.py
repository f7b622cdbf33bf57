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
    mask=None,
    maps=None,
    sd=None,
    design=None,
    blocks=None,
    scheme="auto",
    fwhm=5,
    weights=(0, 1),
    statistic="t",
    columns=None,
):
    rng, rows = np.random.default_rng(0), np.atleast_2d(weights).T.astype(str)
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
        sample={"participant_id": ids, "person": PERSON} | (columns or {}),
        design=design,
        contrasts={"contrast": np.full(rows.shape[1], "a")} | dict(zip(design, rows, strict=True)),
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


def few(design, weights, statistic=None, blocks=None, **more):
    """The sentences on clusters of a cluster-robust test of two visits each."""
    statistic = statistic or {"cluster_robust": "person"}
    blocks = blocks or {"variable": "person", "shuffle": "whole"}
    everything = found(
        design=pd.DataFrame(design), weights=weights, statistic=statistic, scheme="flip", blocks=blocks, **more
    )
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
        assert group.startswith("Contrast a: 3 clusters of person in patient")
    of_patients = {"one": np.ones(20), "visit": patient * visit, "other": (1 - patient) * visit, "patient": patient}
    (least,) = few(of_patients, (0, 1, 0, 0))  # the others do not count, on whichever side they are
    assert "3 of 10 clusters" in least
    assert "4 distinct sizes of t: no two-sided p is below 0.25" in least


def test_only_clusters_that_count_are_counted_on_a_side_of_a_group():
    visit = np.tile([0.0, 1], 10)
    site = np.repeat(["a", "a", "b", "b", "b", "b", "c", "c", "c", "c"], 2)
    marks = {f"site[{name}]": (site == name).astype(float) for name in "bc"}
    # site[b] compares b with the two persons of a; those of c say nothing of it.
    _, group = few({"one": np.ones(20)} | marks, (0, 1, 0))
    assert group.startswith("Contrast a: 2 clusters of person outside of site[b]")
    _, group = few({"one": np.ones(20)} | marks, ((0, 1, 0), (0, 0, 1)))
    assert group.startswith("Contrast a: 2 clusters of person outside of site[b] and site[c]")
    (approximate,) = few({"one": np.ones(20)} | marks, (0, 1, -1))
    assert "8 of 10 clusters" in approximate
    # Next to columns of the persons a group has none, but the products that it is in.
    persons = {f"person[{name}]": (name == PERSON).astype(float) for name in np.unique(PERSON)}
    few_of_c = {"visit": visit, "visit:late": visit * (PERSON > "p7")}
    _, group = few(few_of_c | persons, (0, 1, *np.zeros(10)))
    assert group.startswith("Contrast a: 2 clusters of person in visit:late")
    # A person with one visit has a column that explains it, and does not count.
    once = np.where((PERSON == "p0") | (PERSON == "p1"), 0, visit)
    (fewer,) = few({"visit": once} | persons, (1, *np.zeros(10)))
    assert "8 of 10 clusters" in fewer


def test_blocks_that_hold_several_clusters_are_counted_where_they_are_flipped():
    pair = np.repeat(np.arange(5), 4).astype(str)
    blocks = {"variable": "pair", "shuffle": "whole"}
    (least,) = few({"one": np.ones(20)}, (1,), blocks=blocks, columns={"pair": pair})
    assert least.startswith(
        "Contrast a: 5 of 5 clusters of pair hold something of its effect, which leaves 16 distinct"
    )
