import time

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


def test_labels_that_spell_nothing_are_labels_and_no_numbers(tmp_path):
    spelled = ["None", "NA", "nan", "null", "NaN", "N/A", "n/a", ""]
    rows = "".join(f"S{number}\t{word}\t{word}\n" for number, word in enumerate(spelled))
    (tmp_path / "table.tsv").write_text(f"participant_id\tlabel\tnumber\n{rows}S9\ta\t1e1\n")
    table = read_table(tmp_path / "table.tsv")
    assert table["label"].fillna("missing").tolist() == [*spelled[:6], "missing", "missing", "a"]
    assert numbers(table, "number", "table.tsv").fillna(-1).tolist() == [-1] * 8 + [10]
    write_table(tmp_path / "again.tsv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "again.tsv"), table)


@pytest.mark.parametrize("cell", ["inf", "-inf", "Infinity", "+INF", "1e400", "-1e999", "1e200", "9" * 400])
def test_an_infinite_cell_is_refused(tmp_path, cell):
    (tmp_path / "t.tsv").write_text(f"participant_id\tscore\nS1\t1\nS2\t{cell}\n")
    with pytest.raises(
        InputError, match=r"t.tsv: column 'score' is infinite or too large for subject S2 \('"
    ) as caught:
        numbers(read_table(tmp_path / "t.tsv"), "score", "t.tsv")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("cell", ["1_000", "0x1f", "\u0661", "1 000", "True", "1,5", "--1", "1e", "e5", ".", "1.2.3"])
def test_only_plain_numbers_are_numbers(tmp_path, cell):
    (tmp_path / "t.tsv").write_text(f"participant_id\tscore\nS1\t1\nS2\t{cell}\n", encoding="utf-8")
    with pytest.raises(InputError, match="t.tsv: column 'score' is not a number for subject S2 "):
        numbers(read_table(tmp_path / "t.tsv"), "score", "t.tsv")


def test_numbers_are_those_of_pandas(tmp_path):
    cells = ["1", "-2.5", "+3", ".5", "6.", "1e3", "1E-3", "0.1234567890123456789", "9007199254740993", "1e-320"]
    rows = "".join(f"S{number}\t{cell}\n" for number, cell in enumerate(cells))
    (tmp_path / "t.tsv").write_text(f"participant_id\tscore\n{rows}")
    found = numbers(read_table(tmp_path / "t.tsv"), "score", "t.tsv")
    np.testing.assert_array_equal(found, pd.to_numeric(pd.Series(cells)).astype(float))


def test_a_good_table_is_as_pandas_reads_it(tmp_path):
    table = pd.DataFrame(
        {"participant_id": ["01", "02"], "score": ["0.50", None], "who": ["a b", 'say "no"'], "n": None}
    )
    write_table(tmp_path / "t.tsv", table)
    by_pandas = pd.read_csv(tmp_path / "t.tsv", sep="\t", dtype=str)
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), by_pandas)


def test_many_columns_are_read_and_named_in_a_short_sentence(tmp_path):
    names = [f"variable_{number}" for number in range(9000)]
    (tmp_path / "t.tsv").write_text("\t".join(names) + "\n" + "\t".join(["1"] * 9000) + "\n")
    began = time.perf_counter()
    with pytest.raises(InputError, match="variable_7 and 8,992 more; did you mean 'variable_10'") as caught:
        numbers(read_table(tmp_path / "t.tsv"), "Variable10", "t.tsv")
    assert len(str(caught.value)) < 300
    assert time.perf_counter() - began < 5


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
