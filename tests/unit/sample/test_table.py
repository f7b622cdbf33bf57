import pandas as pd
import pytest

from inspecting import VOLUMES
from secondlevel.base.errors import InputError
from secondlevel.base.tables import write_table
from secondlevel.sample.table import read_sample


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("participant_id\tscore\nS1\t1\n", "no column 'map'"),
        ("participant_id\tmap\nS1\ta\nS1\tb\n", "more than one row for subject S1"),
        ("participant_id\tmap\nS1\ta\n\tb\n", "no participant_id in line 3"),
        ("participant_id\tmap\n", "no rows"),
        ("", "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_words(tmp_path, text, words):
    (tmp_path / "sample.tsv").write_text(text)
    with pytest.raises(InputError, match=words):
        read_sample(str(tmp_path / "sample.tsv"), VOLUMES)


def test_paths_of_maps_are_seen_from_the_tables_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    maps = ["maps/a.nii", "../elsewhere/b.nii", None, "/absolute/d.nii"]
    write_table("study/sample.tsv", pd.DataFrame({"participant_id": list("abcd"), "map": maps, "score": 1}))
    table = read_sample("study/sample.tsv", VOLUMES)
    assert table["map"].tolist() == ["study/maps/a.nii", "elsewhere/b.nii", None, "/absolute/d.nii"]
    assert table["score"].tolist() == ["1"] * 4
