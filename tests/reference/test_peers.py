"""docs/peers.md: its numbers are those of validation/peers.py, and its options those that there are."""

import importlib.util
import inspect
import re
import sys

import pandas as pd
import pytest
from nilearn.glm.second_level import non_parametric_inference

from conftest import REPO
from settings import read_yaml

PAGE = REPO / "docs" / "peers.md"


def load(name):
    """A script of the folder validation."""
    spec = importlib.util.spec_from_file_location(name, REPO / "validation" / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


error_rates = load("error_rates")  # which peers imports
peers = load("peers")
SLOW = {"enhancement", "signs"}  # whose hundred steps for each shuffle take long; of them the observed order alone
OF_SHUFFLES = {"p", "voxels that pass", "95 % point of the null"}


@pytest.mark.parametrize("topic", peers.TOPICS, ids=lambda topic: topic.__name__)
def test_the_numbers_are_found_again(topic, monkeypatch):
    left_out = OF_SHUFFLES if topic.__name__ in SLOW else set()
    if left_out:
        monkeypatch.setattr(peers, "SHUFFLES", 1)
    peers.shuffled.cache_clear()
    found = pd.DataFrame(peers.long_rows(topic))
    peers.shuffled.cache_clear()
    known = peers.stored()
    known = known[known["topic"] == topic.__name__]
    assert len(known) == len(found)
    for known_row, found_row in zip(known.itertuples(), found.itertuples(), strict=True):
        assert known_row[1:4] == (found_row.topic, str(found_row.row), found_row.column)
        if found_row.column in left_out:
            continue
        if isinstance(found_row.value, str):
            assert known_row.value == found_row.value
        else:
            assert float(known_row.value) == pytest.approx(float(found_row.value), rel=1e-4)


def test_the_page_has_the_tables_of_the_numbers():
    page = PAGE.read_text()
    for topic in peers.TOPICS:
        name = topic.__name__
        block = page.split(f"<!-- {name}: begin -->")[1].split(f"<!-- {name}: end -->")[0]
        assert block.strip() == peers.as_markdown(peers.stored(), name), "make it anew: validation/peers.py --docs"


def options(column):
    """What stands between backticks in a column of the table of options."""
    table = PAGE.read_text().split("## Options side by side")[1].split("Not here:")[0]
    cells = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("|")]
    assert len({len(row) for row in cells}) == 1
    number = [cell.strip() for cell in cells[0]].index(column)
    return {word for row in cells for word in re.findall(r"`([^`]+)`", row[number])}


def test_every_argument_of_nilearn_has_its_place():
    named = {word.split("=")[0] for word in options("nilearn")}
    assert set(inspect.signature(non_parametric_inference).parameters) <= named


def test_the_keys_are_those_of_the_config():
    schema = read_yaml(REPO / "workflow" / "schemas" / "config.schema.yaml")
    words = {word.split(":")[0] for word in options("here")} - {"null"}
    assert {"--cores", "--verbose"} <= words
    for word in words:
        part = schema
        for key in word.split(".") if not word.startswith("--") else ():
            assert key in part["properties"], f"{word}: the config has no such key"
            part = part["properties"][key]
