"""The examples of docs/other_designs.md run as they stand there, with the files that stand beside them."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

from conftest import REPO
from study import QUICK, write_maps
from worked import worked

PAGE = (REPO / "docs" / "other_designs.md").read_text(encoding="utf-8")
CONFIGS = {config["analysis"]: config for config in map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", PAGE, re.S))}
FILES = dict(re.findall(r"^`([\w.-]+)`[^\n]*(?:\n[^\n`]+)*:\n\n```(?:json)?\n(.*?)```", PAGE, re.M | re.S))
# How many subjects each example is to have, and what its analyses test.
TREATMENT = {"age t", "drugVsOthers t", "groups F"}
EXAMPLES = {
    "recovery": (8, {"recovery": {"readingScore t", "age2 t", "age3 t", "fstat1 F"}}),
    "treatment": (9, {"treatment": TREATMENT}),
    "treatment_by_hand": (9, {"treatment_by_hand": TREATMENT}),
    "emotion": (10, {"emotion_fearfulVsNeutral": {"intercept t"}, "emotion_happyVsNeutral": {"intercept t"}}),
}


def test_all_examples_are_here():
    assert CONFIGS.keys() == EXAMPLES.keys()
    assert len(FILES) == 9


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that works out an example by its name, with its files and maps in the working directory."""
    monkeypatch.chdir(tmp_path)
    for file, text in FILES.items():
        (tmp_path / file).write_text(text)

    def run(name):
        own = CONFIGS[name]["datasets"]["own"]
        table = pd.read_csv(own["participants"], sep="\t", dtype=str)
        for seed, contrast in enumerate(["fearfulVsNeutral", "happyVsNeutral"]):
            write_maps(tmp_path, table, own["maps"].replace("{contrast}", contrast), seed)
        return worked(QUICK | CONFIGS[name])

    return run


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_as_it_stands(run, name):
    n, tests = EXAMPLES[name]
    found = run(name)
    assert all(analysis["design.tsv"].count("\n") == n + 1 for analysis in found.values())
    tested = {
        name: {f"{contrast} {about['statistic']['name']}" for contrast, about in analysis["about"].items()}
        for name, analysis in found.items()
    }
    assert tested == tests


def test_the_model_has_the_numbers_of_the_config_by_hand(run):
    (model,), (by_hand,) = run("treatment").values(), run("treatment_by_hand").values()
    for name in ("design.tsv", "contrasts.tsv"):
        assert model[name].partition("\n")[2] == by_hand[name].partition("\n")[2]
    for name in by_hand.keys() - {"design.tsv", "contrasts.tsv", "about"}:
        np.testing.assert_array_equal(model[name], by_hand[name])
