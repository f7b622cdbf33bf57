"""What is said of the maps' values, and whose maps they are."""

import numpy as np
import pytest

from secondlevel.sample.notices import of_fill, of_smoothing, of_zeros
from secondlevel.sample.people import blocks_or_people, maps_and_people, people
from secondlevel.sample.quality import of_orientation
from secondlevel.space.units import VOXELS, Unit

VERTICES = Unit("vertex", "vertices")


@pytest.mark.parametrize(
    ("partly", "zeros", "told"), [(100, None, True), (20, None, False), (100, "value", False), (100, "missing", False)]
)
def test_zeros_in_some_maps_are_told_unless_they_are_few_or_known(partly, zeros, told):
    sentence = of_zeros({"Voxels": 1000, "VoxelsZeroInSomeMaps": partly}, VOXELS, 12, zeros)
    assert (sentence is not None) == told
    if told:
        assert sentence.startswith("100 of 1,000 voxels (10 %) are exactly 0 in some of 12 maps and not in others")
        assert "zeros: missing" in sentence
        assert "zeros: value" in sentence
        counts = {"Vertices": 1000, "VerticesZeroInSomeMaps": partly}
        assert of_zeros(counts, VERTICES, 12, zeros) == sentence.replace("voxels", "vertices")


def test_backgrounds_are_told():
    assert of_fill([None, None], VOXELS) is None
    fills = [-1000.0, None, -1000.0, -1.0]
    assert of_fill(fills, VOXELS).startswith("The background of 3 of 4 maps is -1000 and -1: voxels with that value")
    assert of_fill(fills, VERTICES).startswith("The background of 3 of 4 maps is -1000 and -1: vertices with that")


def test_maps_whose_axes_are_left_to_chance_are_told():
    assert of_orientation([], 12) is None
    sentence = of_orientation(["sub-1", "sub-2"], 12)
    assert sentence.startswith("The headers of 2 of 12 maps do not say how their axes lie")
    assert "sub-1, sub-2" in sentence


def test_smoothing_that_mixes_in_what_is_not_analysed_is_told():
    assert list(of_smoothing(5, 0.8, 0.9, VOXELS)) == []
    assert list(of_smoothing(0, 0.1, 0.1, VOXELS)) == []
    (skeleton,) = of_smoothing(5, 0.1, 0.1, VOXELS)
    assert "mixes mostly zeros into the maps: at the mean voxel of the mask, 90 % of the kernel's weight" in skeleton
    (thin,) = of_smoothing(5, 0.2, 0.9, VOXELS)
    assert "beyond a thin mask: at its mean voxel, 80 %" in thin
    assert list(of_smoothing(5, 0.2, 0.9, VERTICES)) == [thin.replace("voxel", "vertex")]


def of(**columns):
    return {name: np.array(cells) for name, cells in columns.items()}


@pytest.mark.parametrize(
    ("sample", "ids", "n"),
    [
        (of(participant_id=["sub-1", "sub-2", "sub-3"]), ["participant_id"], 3),
        (of(participant_id=["a_1", "a_2", "b_1"], subject=["a", "a", "b"]), ["participant_id", "session"], 2),
        (of(participant_id=["a_1", "a_2", "b_1"], scanner=["a", "a", "b"]), ["scanner", "visit"], 2),
        (of(participant_id=["a_1", "a_2", "b_1"], site=["x", "x", "x"]), ["participant_id"], 3),
        (of(participant_id=["sub-1_ses-a", "sub-1_ses-b", "sub-2_ses-a"]), ["participant_id"], 2),
        (of(participant_id=["i1", "i2", "i3"], person=["p", "p", "q"]), ["participant_id"], 2),
        (of(participant_id=["i1", "i2", "i3"], person=["p", "p", "n/a"]), ["participant_id"], 3),
    ],
)
def test_persons_are_counted_by_what_says_who_somebody_is(sample, ids, n):
    assert len(set(people(sample, ids))) == n


def test_maps_and_people_are_told_apart():
    assert maps_and_people(24, 24) == "24 subjects"
    assert maps_and_people(24, 12) == "24 maps of 12 people"
    assert maps_and_people(1, 1) == "1 subject"
    assert maps_and_people(3, 1, "first-level contrast map") == "3 first-level contrast maps of 1 person"


def test_rows_belong_together_by_blocks_or_else_by_person():
    sample = of(participant_id=["a_1", "a_2", "b_1"], subject=["a", "a", "b"], site=["x", "y", "x"])
    settings = {"dataset": "own", "datasets": {"own": {"id": ["participant_id", "visit"]}}}
    for blocks, labels in ((None, [0, 0, 1]), ({"variable": "site", "shuffle": "within"}, [0, 1, 0])):
        assert blocks_or_people(sample, settings | {"permutation": {"blocks": blocks}}).tolist() == labels
