"""The datasets: what the rules and the report take from the registry is what is on the server and in the config."""

import re

import pytest

from conftest import REPO
from secondlevel.datasets.registry import DATASETS, Files
from settings import read_yaml

DEFAULTS = read_yaml(REPO / "workflow" / "schemas" / "defaults.yaml")
SCHEMA = read_yaml(REPO / "workflow" / "schemas" / "config.schema.yaml")


def test_endings_are_those_of_the_files_of_a_map():
    assert DATASETS["emotion_regulation"].files.endings == [".img", ".hdr"]
    packed = Files("table.tsv", {"S1": ["a.b/map_1.nii.gz"], "S2": ["a.b/map_2.nii.gz"]}, "sums.txt")
    assert packed.endings == [".nii.gz"]


def test_the_files_of_the_emotion_regulation_dataset_are_those_with_a_checksum():
    files = DATASETS["emotion_regulation"].files
    lines = (REPO / "workflow" / "checksums" / files.checksums).read_text().splitlines()
    pinned = [name for _, name in map(str.split, lines)]
    named = [files.table, *(name for of_subject in files.maps.values() for name in of_subject)]
    assert sorted(named) == sorted(pinned)
    assert list(files.maps) == [f"S{number:02}" for number in range(1, 31)]
    # The number of an image is that of its subject.
    for subject, (image, header) in files.maps.items():
        assert re.fullmatch(rf"older/con_008100{subject[1:]}\.img", image)
        assert header == image.removesuffix(".img") + ".hdr"


def test_every_dataset_has_settings_and_can_be_chosen():
    assert set(DATASETS) == set(DEFAULTS["datasets"]) == set(SCHEMA["properties"]["dataset"]["enum"])


@pytest.mark.parametrize("name", DATASETS)
def test_what_a_sentence_names_is_a_setting_or_a_work(name):
    dataset, settings = DATASETS[name], DEFAULTS["datasets"][name]
    said = dataset.sentence.format(**{key: f"<{key}>" for key in dataset.works}, **settings)
    assert [f"<{key}>" in said for key in dataset.works] == [True] * len(dataset.works)
