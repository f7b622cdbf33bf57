"""The mean of each map as a variable."""

from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from inspecting import VOLUMES
from secondlevel.base.errors import InputError
from secondlevel.sample.map_means import with_map_means
from secondlevel.space.holes import Holes
from secondlevel.space.partial import PartialSurveyor
from secondlevel.space.survey import survey

SHAPE = (6, 5, 4)


@pytest.fixture
def study(tmp_path):
    """Maps of three, of whom one lacks a slab and one is 0 at a voxel, the table, and a region of two slabs."""
    maps = np.random.default_rng(0).normal(5, 1, (3, *SHAPE)).astype(np.float32)
    maps[1, 0], maps[2, 1, 2, 3] = np.nan, 0
    region = np.zeros(SHAPE, np.float32)
    region[:2] = 1
    for name, values in [*zip("abc", maps, strict=True), ("region", region)]:
        nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / f"{name}.nii")
    table = pd.DataFrame({"participant_id": list("abc"), "map": [str(tmp_path / f"{name}.nii") for name in "abc"]})
    return maps, table.set_axis([4, 7, 9]), str(tmp_path / "region.nii")


def found(study, coverage=None, zeros=None, common=None):
    maps, table, region = study
    settings = SimpleNamespace(zeros=zeros, coverage=coverage)
    if coverage:
        surveyor = PartialSurveyor()
        for values in maps:
            surveyor.add(values)
        common = surveyor.survey()
    out = with_map_means(table, common or survey(maps), region, region, settings, Holes(VOLUMES))
    return out["map_mean"].astype(float).to_numpy()


def test_the_mean_is_over_what_is_analysed_of_a_region(study):
    maps = study[0].astype(float)
    np.testing.assert_allclose(found(study), maps[:, 1].mean(axis=(1, 2)), rtol=1e-9)  # the other slab is lost
    there = np.ones((5, 4), dtype=bool)
    there[2, 3] = False
    np.testing.assert_allclose(found(study, zeros="missing"), maps[:, 1][:, there].mean(axis=1), rtol=1e-9)
    of_two = found(study, coverage={"subjects": 2})
    np.testing.assert_allclose(of_two, np.nanmean(maps[:, :2], axis=(1, 2, 3)), rtol=1e-9)  # each by its own values


def test_what_cannot_be_is_told(study):
    maps, table, region = study
    with pytest.raises(InputError, match="has a column 'map_mean'"):
        found((maps, table.assign(map_mean="1"), region))
    maps[1, 1] = np.nan
    nib.save(nib.Nifti1Image(maps[1], np.eye(4)), table["map"].iloc[1])
    with pytest.raises(InputError, match="'map_mean': the map of b has no value in the mask"):
        found(study, coverage={"subjects": 2})


def test_without_such_a_variable_nothing_is_read():
    table = pd.DataFrame({"participant_id": ["a"], "map": ["none.nii"]})
    assert with_map_means(table, None, None, [], None, None) is table
