"""What is said of maps that lack values: how many, and whether holes go with what is tested."""

import numpy as np
import pytest

from secondlevel.inference.missing import of_missing
from secondlevel.model.glm import partition
from secondlevel.space.units import VERTICES

N, SIZE = 40, 60


def splits():
    """Of a score and of a group, each beside the other."""
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(N), rng.normal(size=N), np.arange(N) % 2])
    return design, {name: partition(design, row) for name, row in [("score", [0, 1, 0]), ("group", [0, 0, 1])]}


def told(missing):
    """The sentences on maps that lack some values."""
    maps = np.where(missing, np.nan, np.random.default_rng(5).normal(size=(N, SIZE)))
    return of_missing(maps, splits()[1], VERTICES)


@pytest.mark.parametrize(("column", "name"), [(1, "score"), (2, "group")])
def test_holes_that_go_with_what_is_tested_are_warned_of(column, name):
    design, missing = splits()[0], np.zeros((N, SIZE), dtype=bool)
    missing[:, :9] = (design[:, column] > np.median(design[:, column]))[:, None]
    measures, ((counted, _), (warning, _)) = told(missing)
    assert counted.startswith("9 of 60 vertices (15 %) have values of some subjects only")
    assert warning.startswith(f"Who has a value goes with {name}: ")
    assert measures["Missing"]["Vertices"] == 9
    assert max(measures["Missing"]["LargestStatistic"], key=measures["Missing"]["LargestStatistic"].get) == name


def test_holes_at_random_and_none_are_not():
    rng = np.random.default_rng(6)
    warned = [len(told(rng.random((N, SIZE)) < 0.15)[1]) - 1 for _ in range(20)]
    assert sum(warned) <= 3  # of all patterns together 5 %
    assert told(np.zeros((N, SIZE), dtype=bool)) == ({}, [])
