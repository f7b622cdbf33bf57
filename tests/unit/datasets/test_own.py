import os

import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.datasets.own import find_maps, read_study

VISITS = pd.DataFrame(
    {"participant_id": ["sub-1", "sub-1", "2"], "session": ["ses-a", "b", "a"], "age": ["5", "6", "7"]}
)
KEYS = ["participant_id", "session"]


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A folder with a table of visits and BIDS derivatives, one map of nobody among them."""
    monkeypatch.chdir(tmp_path)
    VISITS.to_csv("visits.tsv", sep="\t", index=False)
    for sub, ses in (("1", "a"), ("1", "b"), ("2", "a"), ("3", "a")):
        for stat in ("effect", "t"):
            path = tmp_path / "bids" / f"sub-{sub}" / f"sub-{sub}_ses-{ses}_contrast-x_stat-{stat}_statmap.nii.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


def test_a_participant_with_several_rows_stays_a_subject(study):
    table = read_study("visits.tsv", KEYS)
    assert list(table["participant_id"]) == ["sub-1_ses-a", "sub-1_b", "2_a"]
    assert list(table["subject"]) == ["sub-1", "sub-1", "2"]
    with pytest.raises(InputError, match="has more than one row for sub-1; .* the columns that tell the rows apart"):
        read_study("visits.tsv", ["participant_id"])
    VISITS.assign(subject="x").to_csv("both.tsv", sep="\t", index=False)
    with pytest.raises(InputError, match="has both columns participant_id and subject"):
        read_study("both.tsv", KEYS)


def test_maps_of_visits_are_found_by_their_session_too(study):
    table = read_study("visits.tsv", KEYS)
    paths, extra = find_maps(table, {"folder": "bids", "contrast": "x", "stat": "effect"}, "visits.tsv", KEYS)
    name = "bids/sub-{0}/sub-{0}_ses-{1}_contrast-x_stat-effect_statmap.nii.gz"
    assert paths == [name.format(*keys) for keys in (("1", "a"), ("1", "b"), ("2", "a"))]
    assert extra == [name.format("3", "a")]
    with pytest.raises(InputError, match="2 files fit sub-1, such as"):
        find_maps(table, {"folder": "bids", "contrast": "x"}, "visits.tsv", KEYS)


def test_a_path_with_columns_in_braces_takes_the_tables_own_id(study):
    table = read_study("visits.tsv", KEYS).assign(visit=["a", "b", "a"])
    pattern = "bids/{participant_id}/{participant_id}_ses-{visit}_contrast-x_stat-effect_statmap.nii.gz"
    paths, extra = find_maps(table, pattern, "visits.tsv", KEYS)
    assert paths[2] == "bids/sub-2/sub-2_ses-a_contrast-x_stat-effect_statmap.nii.gz"  # with and without sub-
    assert [path.split("/")[1] for path in extra] == ["sub-3"]
    with pytest.raises(InputError, match="has no column 'run'"):
        find_maps(table, "{run}.nii", "visits.tsv", KEYS)


def test_maps_whose_names_cannot_be_written_are_told(study, monkeypatch):
    table = read_study("visits.tsv", KEYS)
    os.rename("bids/sub-2", b"bids/sub-2\xff")
    with pytest.raises(
        InputError, match=r"line 4 would be bids/sub-2.*, which cannot be written in utf-8; rename it\.$"
    ):
        find_maps(table, {"folder": "bids", "contrast": "x", "stat": "effect"}, "visits.tsv", KEYS)
    monkeypatch.setattr(os, "fsencode", lambda name: name.encode("ascii"))  # as where Python takes names for ASCII
    named = table.assign(image=["a.nii", None, "Größe.nii"])
    for maps in ("image", "maps/{image}"):
        with pytest.raises(
            InputError, match=r"line 4 would be .*Größe.nii, which cannot be written in ascii; rename it, "
        ):
            find_maps(named, maps, "visits.tsv", KEYS)


def test_paths_in_a_column_are_seen_from_the_table(study, tmp_path):
    table = read_study("visits.tsv", KEYS).assign(image=["a.nii", None, "b.nii"])
    assert find_maps(table, "image", "there/visits.tsv", KEYS)[0] == ["there/a.nii", None, "there/b.nii"]
    table = table.rename(columns={"image": "map"})
    assert find_maps(table, "map", "there/visits.tsv", KEYS)[0] == ["there/a.nii", None, "there/b.nii"]
    with pytest.raises(InputError, match="there/visits.tsv has a column 'map', .* set the config key"):
        find_maps(table, {"folder": "bids", "contrast": "x", "stat": "effect"}, "there/visits.tsv", KEYS)


@pytest.mark.parametrize(("run", "wanted"), [("01", 1), ("1", "01"), ("001", "1"), ("0", "00"), ("a1", "a1")])
def test_numbers_of_entities_are_the_same_with_zeros_before_them(tmp_path, monkeypatch, run, wanted):
    monkeypatch.chdir(tmp_path)
    for subject in ("1", "2"):
        (tmp_path / f"sub-{subject}_ses-0{subject}_run-{run}_statmap.nii.gz").touch()
    table = pd.DataFrame({"participant_id": ["1_1", "2_02"], "subject": ["1", "2"], "session": ["1", "ses-02"]})
    paths, extra = find_maps(table, {"folder": ".", "run": wanted}, "t.tsv", KEYS)
    assert paths == [f"sub-{subject}_ses-0{subject}_run-{run}_statmap.nii.gz" for subject in ("1", "2")]
    assert extra == []
    assert find_maps(table, {"folder": ".", "run": "2"}, "t.tsv", KEYS)[0] == [None, None]


def test_hidden_folders_hold_no_maps(study, tmp_path):
    wanted, table = {"folder": "bids", "contrast": "x", "stat": "effect"}, read_study("visits.tsv", KEYS)
    expected = find_maps(table, wanted, "visits.tsv", KEYS)
    for path in list((tmp_path / "bids").rglob("*.nii.gz")):  # as checksums of a run are kept
        (path.parent / ".checksums").mkdir(exist_ok=True)
        (path.parent / ".checksums" / path.name).touch()
    assert find_maps(table, wanted, "visits.tsv", KEYS) == expected
    # The folder of all can be a hidden one.
    os.rename("bids", ".bids")
    paths, _ = find_maps(table, wanted | {"folder": ".bids"}, "visits.tsv", KEYS)
    assert paths == [f".{path}" for path in expected[0]]
