"""What is read of a table's bytes, and what is refused with its line."""

import codecs
import time

import pytest

from secondlevel.base.errors import InputError
from secondlevel.base.tables import read_table
from secondlevel.base.tsv import NoTable, parse

GOOD = "participant_id\tage\tgroup\nsub-01\t31\tcontrol\nsub-02\tn/a\tpatient\nsub-03\t\tcontröl b\nsub-04\t1e1\tNA\n"
NAMES, *ROWS = [line.split("\t") for line in GOOD.splitlines()]


def per_line(change):
    """The good table with each line changed, the header or not."""
    return "\n".join(change(line, number) for number, line in enumerate(GOOD.splitlines())) + "\n"


# Other bytes of the same table.
ALIKE = {
    "itself": GOOD,
    "without_last_newline": GOOD[:-1],
    "windows": GOOD.replace("\n", "\r\n"),
    "old_mac": GOOD.replace("\n", "\r"),
    "byte_order_mark": "\ufeff" + GOOD,
    "tab_after_rows": per_line(lambda line, number: line + "\t" * (number > 0)),
    "tabs_after_rows": per_line(lambda line, number: line + "\t\t \t" * (number > 0)),
    "tab_after_header": per_line(lambda line, number: line + "\t" * (number == 0)),
    "tab_after_all": per_line(lambda line, number: line + "\t"),
    "empty_column_within": per_line(lambda line, number: line.replace("\t", "\t\t", 1)),
    "empty_lines_at_end": GOOD + "\n\t\t\n \n",
    "blanks": per_line(lambda line, number: "\t".join(f" {cell}\xa0 " for cell in line.split("\t"))),
    "blanks_without_width": per_line(
        lambda line, number: "\t".join(f"\ufeff{cell}\u200b" for cell in line.split("\t"))
    ),
    "wrapped": per_line(lambda line, number: "\t".join(f'"{cell}"' for cell in line.split("\t"))),
    "wrapped_in_part": GOOD.replace("control", '" control "').replace("age", '"age"'),
    "wrapped_blanks": per_line(lambda line, number: "\t".join(f' "{cell}" ' for cell in line.split("\t"))),
}
HEADER = b"participant_id\tage\n"
# What is no table, and what is said of it.
REFUSED = {
    "empty": (b"", "it is empty"),
    "blank": (b"\n \n\t\n", "it is empty"),
    "no_header": (b"\nsub-01\t1\n", "line 1 is empty; take it out"),
    "gap": (HEADER + b"sub-01\t1\n\nsub-02\t2\n", "line 3 is empty; take it out"),
    "gap_of_tabs": (HEADER + b"\t\nsub-02\t2\n", "line 2 is empty; take it out"),
    "more_cells": (HEADER + b"sub-01\t1\nsub-02\t2\t3\n", "line 3 has 3 cells and the header 2; all lines need as"),
    "fewer_cells": (HEADER + b"sub-01\t1\nsub-02\n", "line 3 has 1 cell and the header 2; all lines need as"),
    "tab_after_one": (HEADER + b"sub-01\t1\t\nsub-02\t2\n", "line 2 has 3 cells and the header 2"),
    "row_names": (HEADER + b"1\tsub-01\t3\n2\tsub-02\t4\n", "leave them out with row.names = FALSE"),
    "lone_quote": (
        HEADER + b'sub-01\t"\nsub-02\t2\n',
        'line 2 has a quotation mark that is not closed within its cell (")',
    ),
    "opened": (HEADER + b'sub-01\t1\n"sub-02\t2\nsub-03"\t3\n', "line 3 has a quotation mark that is not closed"),
    "closed": (HEADER + b'sub-01\t1"\n', 'line 2 has a quotation mark that is not closed within its cell (1")'),
    "within": (HEADER + b'sub-01\t1"1\n', "line 2 has a quotation mark"),
    "closed_early": (HEADER + b'sub-01\t"1" 2\n', "line 2 has a quotation mark"),
    "two_within": (HEADER + b'sub-01\t"a"b"c"\n', "line 2 has a quotation mark"),
    "line_in_quotes": (HEADER + b'sub-01\t"1\n2"\n', "line 2 has a quotation mark"),
    "in_header": (b'"participant_id\tage\nsub-01\t1\n', "line 1 has a quotation mark"),
    "doubled": (b"a\tb\ta\n1\t2\t3\n", "columns 1, 3 are all named 'a'; give each a name of its own"),
    "doubled_but_for_blanks": (b"a\ta \n1\t2\n", "columns 1, 2 are all named 'a'"),
    "doubled_but_for_quotes": (b'a\tb\t"a"\n1\t2\t3\n', "columns 1, 3 are all named 'a'"),
    "doubled_behind_an_empty_one": (b"a\t\ta\n1\t\t3\n", "columns 1, 3 are all named 'a'"),
    "no_name": (b"a\t\tb\n1\t\t3\n1\t2\t3\n", "column 2 holds values but has no name in line 1"),
    "no_first_name": (b"\tb\n1\t2\n", "column 1 holds values but has no name in line 1"),
    "blank_name": (b"a\t \n1\t2\n", "column 2 holds values but has no name in line 1"),
    "utf_16_le": (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"), "it is text in UTF-16; save it in UTF-8"),
    "utf_16_be": (codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"), "it is text in UTF-16; save it in UTF-8"),
    "utf_16_without_mark": (GOOD.encode("utf-16-le"), "line 1 holds a byte that is no text (0x00)"),
    "latin_1": (GOOD.encode("latin-1"), "line 4 holds a byte that is no UTF-8 (0xf6), as text in Latin-1 does"),
    "latin_1_of_windows": (GOOD.replace("\n", "\r\n").encode("latin-1"), "line 4 holds a byte that is no UTF-8"),
    "latin_1_of_old_mac": (GOOD.replace("\n", "\r").encode("latin-1"), "line 4 holds a byte that is no UTF-8"),
    "behind_a_mark": (codecs.BOM_UTF8 + HEADER + b"\xff\t1\n", "line 2 holds a byte that is no UTF-8 (0xff)"),
    "nul": (HEADER + b"sub-01\t1\nsub\x00\t1\n", "line 3 holds a byte that is no text (0x00)"),
    "control": (HEADER + b"sub-01\t\x01[1m\n", "line 2 holds a byte that is no text (0x01)"),
    "gzip": (b"\x1f\x8b\x08\x00", "it is compressed; unpack it"),
    "xlsx": (b"PK\x03\x04\x14", "it is a file of a spreadsheet, or a zip file; save it as text"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1", "it is a file of a spreadsheet; save it as text"),
    "carriage_return": (HEADER + b"sub-01\t1\nsub\r02\t2\n", "line 3 has a carriage return within it"),
    "commas": (
        b"participant_id,age\nsub-01,1\n",
        "it is separated by commas; save it as text that is separated by tabs",
    ),
    "semicolons": (b"participant_id;age;iq, full\nsub-01;1,5;3\n", "it is separated by semicolons"),
    "bars": (b"participant_id|age\nsub-01|1\n", "it is separated by vertical bars"),
    "words": (b"participant_id   age\nsub-01   1\n", "it is separated by blanks"),
    "wide": (
        b"\t".join(b"v%d" % n for n in range(1_000_000)) + b"\n1\n",
        "it has 1,000,000 columns, and at most 10,000",
    ),
    "wide_rows": (HEADER + b"\t".join([b"1"] * 1_000_000), "line 2 has 1,000,000 cells and the header 2"),
    "long_cell": (HEADER + b"sub-01\t" + b"1" * 200_000, "line 2 has a cell of 200,000 characters, and at most 10,000"),
    "many_of_a_name": (
        b"\t".join([b"a"] * 999) + b"\n" + b"\t".join([b"1"] * 999),
        "columns 1, 2, 3, 4, 5, 6, 7, 8 and 991 more",
    ),
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_table_is_the_same_however_it_is_written(name):
    assert parse(ALIKE[name].encode()) == (NAMES, ROWS)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_in_a_short_sentence(name, tmp_path):
    data, words = REFUSED[name]
    began = time.perf_counter()
    with pytest.raises(NoTable) as caught:
        parse(data)
    assert str(caught.value).startswith(words) or name == "row_names" and words in str(caught.value)
    (tmp_path / "t.tsv").write_bytes(data)
    with pytest.raises(InputError) as told:
        read_table(tmp_path / "t.tsv")
    assert str(told.value) == f"The file {tmp_path / 't.tsv'} cannot be read as a tab-separated table: {caught.value}."
    assert "\n" not in str(told.value)
    assert len(str(caught.value)) < 300
    assert time.perf_counter() - began < 5


def test_quotation_marks_within_cells_are_kept_in_pairs():
    cells = ['"say ""no"""', 'say "no"', '""""""', '""', 'a""b']
    assert parse(f"{'abcde'[0]}\tb\tc\td\te\n{chr(9).join(cells)}\n".encode()) == (
        list("abcde"),
        [['say "no"', 'say "no"', '""', "", 'a""b']],
    )


def test_other_ends_of_lines_do_not_end_one():
    for sign in ("\x85", "\u2028"):
        assert parse(f"a\tb\n1{sign}1\t2\n".encode()) == (["a", "b"], [[f"1{sign}1", "2"]])


def test_a_column_alone_may_have_a_name_of_several_words():
    assert parse(b"reading score\n1\n2\n") == (["reading score"], [["1"], ["2"]])
