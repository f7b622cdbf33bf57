import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.base.tables import numbers, read_table, write_table


def test_a_cell_that_is_no_number_is_named(tmp_path):
    (tmp_path / "sample.tsv").write_text("participant_id\tscore\nS1\t1\nS2\ttwelve\n")
    table = read_table(tmp_path / "sample.tsv")
    with pytest.raises(InputError, match=r"column 'score' is not a number for subject S2 \('twelve'\)"):
        numbers(table, "score", "sample.tsv")
    with pytest.raises(InputError, match="no column 'age'"):
        numbers(table, "age", "sample.tsv")


def test_a_table_comes_back_as_text_with_what_is_missing(tmp_path):
    path = tmp_path / "new" / "table.tsv"
    write_table(path, pd.DataFrame({"participant_id": ["01", "02"], "score": [0.5, np.nan], "group": [None, "a b"]}))
    assert path.read_text() == "participant_id\tscore\tgroup\n01\t0.5\tn/a\n02\tn/a\ta b\n"
    table = read_table(path)
    assert table.fillna("").to_numpy().tolist() == [["01", "0.5", ""], ["02", "", "a b"]]
    assert table.isna().to_numpy().sum() == 2


def test_a_table_of_a_spreadsheet_is_read(tmp_path):
    (tmp_path / "table.tsv").write_bytes("\ufeffparticipant_id\tscore\r\nS1\t 1\r\n".encode())
    assert read_table(tmp_path / "table.tsv").to_dict("list") == {"participant_id": ["S1"], "score": ["1"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        (b"", "cannot be read as a tab-separated table"),
        (b"\x1f\x8b\x08\x00", "cannot be read as a tab-separated table"),
        (b"participant_id\tmap\n", "has no rows"),
        (b"a\tb\n1\t2\n1\t2\t3\n", "cannot be read as a tab-separated table"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, words):
    if content is not None:
        (tmp_path / "table.tsv").write_bytes(content)
    with pytest.raises(InputError, match=rf"table.tsv {words}"):
        read_table(tmp_path / "table.tsv")
