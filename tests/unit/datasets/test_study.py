"""A row for each person, made of a table with a row for each map."""

import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.datasets.study import read_own

MAPS = {"of": "maps/{participant_id}_{session}.nii", "difference": {"session": ["post", "pre"]}}
ROWS = [
    ("sub-2", "pre", "f", "30", "1", None),
    ("sub-2", "post", "f", "30", "2", "x"),
    ("sub-1", "post", "m", "41", "3", "x"),
    ("sub-1", "mid", "m", "41", "9", "x"),
    ("sub-1", "pre", "m", "41", "3", "x"),
    ("sub-3", "post", "f", "52", "5", "x"),
    ("sub-4", "mid", "m", "29", "6", "x"),
]


def read(tmp_path, maps=MAPS, id_columns=("participant_id",), rows=ROWS, **columns):
    names = ["participant_id", "session", "sex", "age", "mood", "note"]
    table = pd.DataFrame(rows, columns=names).rename(columns=columns)
    table.to_csv(tmp_path / "long.tsv", sep="\t", index=False, na_rep="n/a")
    own = {"maps": maps, "id": list(id_columns), "kind": None, "surfaces": None, "nodes": None, "parcels": None}
    return read_own(own, str(tmp_path / "long.tsv"))


def test_every_person_has_a_row_and_both_maps(tmp_path):
    found = read(tmp_path)
    assert list(found.table["participant_id"]) == ["sub-2", "sub-1", "sub-3", "sub-4"]  # in the table's order
    assert found.sources == [
        "maps/sub-2_post.nii minus maps/sub-2_pre.nii",
        "maps/sub-1_post.nii minus maps/sub-1_pre.nii",
        "maps/sub-3_post.nii minus n/a",
        None,
    ]
    assert list(found.table["sex"]) == ["f", "m", "f", "m"]
    assert list(found.table["age"]) == ["30", "41", "52", "29"]


def test_what_differs_between_the_rows_of_a_person_has_a_column_for_each_and_is_told(tmp_path):
    found = read(tmp_path)
    assert list(found.table) == ["participant_id", "sex", "age", "mood_post", "mood_pre", "note_post", "note_pre"]
    assert found.table["mood_post"].fillna("").tolist() == ["2", "3", "5", ""]
    assert found.table["mood_pre"].fillna("").tolist() == ["1", "3", "", ""]
    assert found.table["note_pre"].fillna("").tolist() == ["", "x", "", ""]  # a missing cell is not the other one's
    assert found.words == [
        "Columns that differ between the two rows of a subject, and so have one for each level, such as mood_post and "
        "mood_pre: mood, note.",
        "Rows of session mid are not analysed.",
    ]
    # What differs in rows that are not subtracted does not count.
    same = [(*row[:4], "1", "x") if row[1] != "mid" else row for row in ROWS]
    assert list(read(tmp_path, rows=same).table) == ["participant_id", "sex", "age", "mood", "note"]


def test_maps_by_entities_and_in_columns_are_those_of_each_row(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for subject, session, *_ in ROWS:
        (tmp_path / f"{subject}_ses-{session}_stat-effect_statmap.nii.gz").touch()
    found = read(tmp_path, {"of": {"folder": ".", "stat": "effect"}, "difference": {"session": ["pre", "post"]}})
    name = "sub-{0}_ses-pre_stat-effect_statmap.nii.gz minus sub-{0}_ses-post_stat-effect_statmap.nii.gz"
    assert found.sources[:2] == [name.format(2), name.format(1)]
    assert found.extra == []  # those of mid belong to rows
    rows = [(*row[:5], f"{number}.nii") for number, row in enumerate(ROWS)]
    found = read(tmp_path, MAPS | {"of": "map"}, rows=rows, note="map")
    assert found.sources[0] == f"{tmp_path}/1.nii minus {tmp_path}/0.nii"
    assert "map" not in found.table


def test_persons_can_be_told_apart_by_several_columns_and_by_others(tmp_path):
    maps = MAPS | {"of": "m/{participant_id}_{sex}_{session}.nii"}
    found = read(tmp_path, maps, ["participant_id", "sex"])
    assert list(found.table["participant_id"])[:2] == ["sub-2_f", "sub-1_m"]
    assert list(found.table["subject"])[:2] == ["sub-2", "sub-1"]  # as in a table that is not subtracted
    assert found.sources[0] == "m/sub-2_f_post.nii minus m/sub-2_f_pre.nii"
    found = read(tmp_path, MAPS | {"of": "m/{who}_{session}.nii"}, ["who"], participant_id="who")
    assert list(found.table["participant_id"])[:2] == ["sub-2", "sub-1"]
    assert list(found.table["who"])[:2] == ["sub-2", "sub-1"]


def test_wrong_tables_are_told(tmp_path):
    with pytest.raises(InputError, match="long.tsv has session 'after'; it has mid, post, pre"):
        read(tmp_path, MAPS | {"difference": {"session": ["after", "pre"]}})
    with pytest.raises(InputError, match="long.tsv has no column 'visit'"):
        read(tmp_path, MAPS | {"difference": {"visit": ["post", "pre"]}})
    with pytest.raises(InputError, match="has more than one row for sub-2_post"):
        read(tmp_path, rows=[*ROWS, ROWS[1]])
    with pytest.raises(InputError, match="has no session in line 9; give every row one"):
        read(tmp_path, rows=[*ROWS, ("sub-5", None, *ROWS[0][2:])])
    for name in ("mood", "map"):
        with pytest.raises(InputError, match=f"has a column {name}_pre, as {name} of the rows of pre is called"):
            read(tmp_path, note=f"{name}_pre")
