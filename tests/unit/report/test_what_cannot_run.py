"""What is wrong with a study's table, variables or contrasts is told in a sentence that names it."""

import gzip
import re

import numpy as np
import pandas as pd
import pytest
from nibabel import Nifti1Image, save

from foretold import foretold
from secondlevel.base.errors import InputError
from study import config_of, people, write_table

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
FACES = {"folder": "bids", "contrast": "faces"}


def contrast(weights, name="a"):
    return {"contrasts": [{"name": name, "weights": weights}]}


# What differs from a study that can run, and what is said of it. A word alone is the name of its table.
WRONG = {
    "no_id": ("no_id", "no_id.tsv has no column 'participant_id'; it has who, age"),
    "twice": ("twice", "twice.tsv has more than one row for sub-03; keep one of them"),
    "prefix": ("prefix", "prefix.tsv has rows for sub-03 and for 03, who are one"),
    "no_name": ("no_name", "no_name.tsv has no participant_id in line 5; give every row one"),
    "empty": ("empty", "The table empty.tsv has no rows"),
    "commas": ("commas", "The file commas.tsv cannot be read as a tab-separated table: it is separated by commas"),
    "binary": ("binary", "The file binary.tsv cannot be read as a tab-separated table"),
    "comma_number": ("comma_number", "column 'age' is not a number for subject sub-04 ('12,5')"),
    "infinite": ("infinite", "column 'age' is infinite or too large for subject sub-04 ('1e400'); correct the cell"),
    "long_id": ("long_id", "long_id.tsv has an ID of 300 characters in line 4 (xxxx"),
    "long_path": (
        {"own": {"participants": "long_path.tsv", "maps": "maps/{site}.nii"}},
        "long_path.tsv: the map of line 2 would be maps/xxxx",
    ),
    "long_column": (
        {"own": {"participants": "long_path.tsv", "maps": "site"}},
        "long_path.tsv: the map of line 2 would be",
    ),
    "many_columns": (
        {"own": {"participants": "many_columns.tsv"}, "design": "iq"},
        "has no column 'iq'; it has participant_id, group, site, age, reading score, v0, v1, v2 and 999 more.",
    ),
    "near": ({"design": "Age_"}, "participants.tsv has no column 'Age_'; it has participant_id, group, site, age, "),
    "nearest": ({"design": "Age_"}, "; did you mean 'age'?"),
    "decimal_commas": ("decimal_commas", "correct the cell, or write 12.5 if its comma is a decimal point."),
    "labels": (
        {"design": "group"},
        "if group holds labels, name it in the config as a factor, 'factors: {group: control}'.",
    ),
    "labels_in_quotes": (
        {"own": {"participants": "labels.tsv"}, "design": "`reading score`"},
        """as a factor, 'factors: {reading score: "no"}'.""",
    ),
    "latin_1": ("latin_1", "latin_1.tsv cannot be read as a tab-separated table: line 3 holds a byte that is no UTF-8"),
    "cell_code": ("cell_code", "column 'age' is not a number for subject sub-01 ('__import__('os')')"),
    "too_few": ("too_few", "The design has 2 columns (intercept, age) but only 2 subjects are kept"),
    "no_field": (
        {"own": {"maps": "maps/{session}.nii.gz"}},
        "participants.tsv, which the config key 'datasets.own.maps' asks for has no column 'session'",
    ),
    "no_column": ({"own": {"maps": "map"}}, "participants.tsv has no column 'map'; it has"),
    "no_folder": (
        {"own": {"maps": {"folder": "nowhere"}}},
        "config key 'datasets.own.maps.folder': nowhere is not a folder",
    ),
    "two_fit": ({"own": {"maps": FACES}}, "2 files fit sub-01, such as"),
    "no_variable": ({"design": "iq"}, "has no column 'iq'; it has participant_id"),
    "text": ({"design": "group"}, "column 'group' is not a number for subject sub-01 ('control'); correct the cell"),
    "no_level": ({"design": "group", "factors": {"group": "Control"}}, "'Control' is no level of group"),
    "one_level": ({"design": "sex", "factors": {"sex": None}}, "The factor sex has only the level 'F'"),
    "collinear": ({"design": "age + twin"}, "The design is rank-deficient: intercept, age, twin are"),
    "constant": ({"design": "age + one"}, "The design is rank-deficient: intercept, one are linear"),
    "no_such_column": (contrast("agee"), "Contrast 'a': cannot read 'agee' in 'agee'"),
    "near_column": (contrast("intercept - agee"), "which are intercept, age; did you mean 'age'?"),
    "large_weight": (contrast(f"1{'0' * 400} * age"), "Contrast 'a' has a weight beyond 10^15; write a smaller one"),
    "weights": (contrast([1, 0, 0]), "Contrast 'a' has 3 weights, but the design has 2"),
    "zero": (contrast([0, 0]), "Contrast 'a' has only zero weights"),
    "rows": (contrast(["age", "2 * age"], "f"), "Contrast 'f' has rows that depend on each other"),
    "exclude": ({"exclude": ["sub-99"]}, "config key 'exclude' names sub-99, but there is no such subject"),
    "mask": ({"mask": "mask.nii"}, "The mask mask.nii is not on the grid of the maps"),
    "no_mask": ({"mask": "text.nii"}, "The file text.nii is not an image that can be read"),
    "reference": ({"resample_to": "text.nii"}, "The file text.nii is not an image that can be read"),
    "atlas": (
        {"tables": {"atlas": {"image": "atlas.nii", "labels": "atlas.tsv"}}},
        "The image atlas.nii must hold whole numbers",
    ),
    "blocks": (
        {"permutation": {"blocks": {"variable": "familly", "shuffle": "whole"}}},
        "participants.tsv has no column 'familly'; it has participant_id",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a study that can run, and tables with which it cannot."""
    folder = tmp_path_factory.mktemp("wrong")
    table = people(12)
    age = table["age"].astype(str)
    tables = {
        "participants": table.assign(twin=2 * table["age"] + 1, one=3, sex="F"),
        "no_id": table.rename(columns={"participant_id": "who"})[["who", "age"]],
        "twice": pd.concat([table, table.iloc[[2]]]),
        "prefix": pd.concat([table, table.iloc[[2]].assign(participant_id="03")]),
        "no_name": table.assign(participant_id=table["participant_id"].where(table.index != 3)),
        "empty": table.iloc[:0],
        "comma_number": table.assign(age=age.where(table.index != 3, "12,5")),
        "cell_code": table.assign(age=age.where(table.index > 0, "__import__('os')")),
        "too_few": table.iloc[:2],
        "infinite": table.assign(age=age.where(table.index != 3, "1e400")),
        "long_id": table.assign(participant_id=table["participant_id"].where(table.index != 2, "x" * 300)),
        "long_path": table.assign(site="x" * 300),
        "many_columns": pd.concat([table, pd.DataFrame({f"v{n}": [1] * 12 for n in range(1001)})], axis=1),
        "decimal_commas": table.assign(age="12,5"),
        "labels": table.assign(**{"reading score": "no"}),
    }
    for name, content in tables.items():
        write_table(folder / f"{name}.tsv", content)
    table.to_csv(folder / "commas.tsv", index=False)
    (folder / "binary.tsv").write_bytes(gzip.compress(b"participant_id\tage\n"))
    (folder / "latin_1.tsv").write_bytes("participant_id\tage\nsub-01\t1\nJos\xe9\t2\n".encode("latin-1"))
    for subject in table["participant_id"]:
        bids = [f"bids/{subject}_task-{task}_contrast-faces_statmap.nii.gz" for task in ("one", "two")]
        for name in (f"maps/{subject}.nii.gz", *bids):
            (folder / name).parent.mkdir(exist_ok=True)
            save(Nifti1Image(np.ones((4, 4, 4), np.float32), np.eye(4)), folder / name)
    save(Nifti1Image(np.ones((4, 4, 5), np.uint8), np.eye(4)), folder / "mask.nii")
    save(Nifti1Image(np.full((4, 4, 4), 1.5, np.float32), np.eye(4)), folder / "atlas.nii")
    (folder / "atlas.tsv").write_text("index\tname\n1\tone\n")
    (folder / "text.nii").write_text("no image")
    return folder


def lines_of(differing):
    """What is said of the study with some of its settings replaced."""
    differing = {"own": {"participants": f"{differing}.tsv"}} if isinstance(differing, str) else differing
    return foretold(config_of(**AGE | differing))


def test_the_study_itself_can_run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert "Design: 12 subjects, columns intercept, age" in lines_of("participants")


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_in_a_sentence(folder, monkeypatch, name):
    monkeypatch.chdir(folder)
    differing, words = WRONG[name]
    with pytest.raises(InputError, match=re.escape(words)) as caught:
        lines_of(differing)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
