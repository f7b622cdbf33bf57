"""The examples of docs/other_designs.md run as they stand there, with the files that stand beside them."""

import re

import pandas as pd
import pytest
import yaml

from conftest import REPO
from study import QUICK, write_maps
from worked import worked

PAGE = (REPO / "docs" / "other_designs.md").read_text(encoding="utf-8")
CONFIGS = {config["analysis"]: config for config in map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", PAGE, re.S))}
FILES = dict(re.findall(r"^`([\w.-]+)`[^\n]*(?:\n[^\n`]+)*:\n\n```(?:json)?\n(.*?)```", PAGE, re.M | re.S))
# What each example is to test, of how many subjects.
EXAMPLES = {"recovery": (8, {"readingScore t", "age2 t", "age3 t", "fstat1 F"})}


def test_all_examples_are_here():
    assert CONFIGS.keys() == EXAMPLES.keys()
    assert len(FILES) == 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_as_it_stands(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file, text in FILES.items():
        (tmp_path / file).write_text(text)
    config, (n, tests) = CONFIGS[name], EXAMPLES[name]
    own = config["datasets"]["own"]
    write_maps(tmp_path, pd.read_csv(own["participants"], sep="\t", dtype=str), own["maps"])
    (found,) = worked(QUICK | config).values()
    assert found["design.tsv"].count("\n") == n + 1
    of_statistics = {f"{contrast} {about['statistic']['name']}" for contrast, about in found["about"].items()}
    assert of_statistics == tests
