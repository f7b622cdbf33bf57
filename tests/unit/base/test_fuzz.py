"""Tables of all kinds, whole and broken: each is read as it was written, or refused in a sentence."""

import csv
import gzip
import io
import math
import random

import numpy as np
import pandas as pd
import pytest

from fuzzing import bounded, each, is_sentence, outcome
from secondlevel.base.errors import InputError
from secondlevel.base.tables import numbers, read_table
from secondlevel.datasets.own import read_study
from secondlevel.inference.atlas import region_names

NAMES = ["age", "group", "reading score", "Größe", "a.b", "x:y", "1", "`", "None", "NA", 'say "no"', "日本", "\x1b[2J"]
CELLS = ["31", "-2.5", "1e3", "n/a", "", "NA", "None", "null", "control", "patient b", "Zoë", "'x'", 'say "no"', '"']
CELLS += ["a,b", "0,5", "#", "\\", "=1+1", "{}", "日本語", "\u200d", "x" * 300, "-", "1 2", "NaN", "sub-01"]
BLANKS = ["", "", "", " ", "  ", "\xa0", "\u3000", "\ufeff", "\u200b"]
SIGNS = [b"\t", b'"', b"\n", b"\r", b" ", b"\x00", b"\xff", b"\xc3", b",", b";", b"x", b"\t\t", b'""', b"\r\n"]
SIGNS += [b"\xef\xbb\xbf", b"\x0b", b"\x1b", b"\x1a", b"\xe2\x80\xa8", b"\xc2\x85", b"\n\n", b"\t\n"]


def some_table(rng):
    """The names and the rows of a table; IDs stand in the first column."""
    names = ["participant_id", *rng.sample(NAMES, rng.randint(1, 5))]
    rows = [[f"sub-{row:02}", *rng.choices(CELLS, k=len(names) - 1)] for row in range(1, rng.randint(2, 12))]
    return names, rows


def written(names, rows, rng):
    """The text of a table, as one of several writers has it, and with what does no harm."""
    lines, how = [names, *rows], rng.randrange(4)
    if how == 0:  # by csv, which wraps what it must or everything
        text = io.StringIO()
        csv.writer(text, delimiter="\t", lineterminator="\n", quoting=rng.choice([0, 1])).writerows(lines)
        text = text.getvalue()
    elif how == 1:
        text = pd.DataFrame(rows, columns=names).to_csv(sep="\t", index=False)
    else:  # by hand: each cell wrapped, as it must be if it holds marks, between blanks
        around = rng.choices(BLANKS, k=2)
        wraps = [[how == 3 or '"' in cell for cell in line] for line in lines]
        lines = [
            [cell.replace('"', '""').join('""' if wrap else ["", ""]) for cell, wrap in zip(line, of_line, strict=True)]
            for line, of_line in zip(lines, wraps, strict=True)
        ]
        text = "\n".join("\t".join(cell.join(around) for cell in line) for line in lines) + "\n"
    after = rng.choice(["", "", "\t", "\t \t"])
    text = text.replace("\n", f"{after}\n") + rng.choice(["", "", "\n", "\t\n \n"])
    text = text.removesuffix("\n") if rng.random() < 0.3 else text
    text = text.replace("\n", rng.choice(["\n", "\n", "\r\n", "\r"]))
    return ("\ufeff" * (rng.random() < 0.2) + text).encode()


def is_missing(cell):
    return cell in ("", "n/a")


def as_read(path):
    """The names and the rows of a table as the workflow reads it, None where a cell is missing."""
    table = read_table(path)
    return list(table.columns), [[None if pd.isna(cell) else cell for cell in row] for row in table.to_numpy()]


@bounded
def test_600_whole_tables_are_read_as_they_were_written(tmp_path):
    rng, path = random.Random(0), tmp_path / "whole.tsv"
    for _, _ in each(range(600)):
        names, rows = some_table(rng)
        path.write_bytes(written(names, rows, rng))
        assert as_read(path) == (names, [[None if is_missing(cell) else cell for cell in row] for row in rows])


def broken(rng):
    """The bytes of a table after some damage."""
    data = written(*some_table(rng), rng)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        kind, at, lines = rng.randrange(10), rng.randrange(len(data) + 1), data.split(b"\n")
        places = [n for n, byte in enumerate(data) if byte in b'\t\n"']
        if kind == 0:  # something more
            data = data[:at] + rng.choice(SIGNS) + data[at:]
        elif kind == 1 and places:  # a tab, a newline or a mark less, or twice
            at = rng.choice(places)
            data = data[:at] + data[at : at + 1] * rng.choice([0, 2, 3]) + data[at + 1 :]
        elif kind == 2:  # any byte
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 3:  # a part less
            data = data[:at] + data[at + rng.randrange(1, 30) :]
        elif kind == 4:  # a line twice, or elsewhere
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            data = b"\n".join(lines)
        elif kind == 5:  # a column twice
            column = rng.randrange(3)
            cells = [line.split(b"\t") for line in lines]
            data = b"\n".join(b"\t".join([*line, *line[column : column + 1]]) for line in cells)
        elif kind == 6:  # another encoding
            text = data.decode(errors="replace")
            data = text.encode(rng.choice(["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"]), errors="replace")
        elif kind == 7:  # another separator
            data = data.replace(b"\t", rng.choice([b",", b";", b" ", b"  ", b"|"]))
        elif kind == 8:  # cut short, or packed
            data = rng.choice([data[:at], gzip.compress(data)])
        else:  # a bit
            data = data[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in data[at : at + 1]) + data[at + 1 :]
    return data


def stripped(cell):
    """A cell without what cannot be seen at its ends."""
    while cell != cell.strip().strip("\ufeff\u200b\u2060"):
        cell = cell.strip().strip("\ufeff\u200b\u2060")
    return cell


def unmarked(cell):
    """A cell without the marks around it."""
    return stripped((next(csv.reader([cell], delimiter="\t", strict=True)) or [""])[0])


def plainly(data):
    """Names and rows by the plainest reader: lines, tabs, and the module csv for the marks in a cell."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    text = text if "\n" in text else text.replace("\r", "\n")
    lines = [[stripped(cell) for cell in line.split("\t")] for line in text.split("\n")]
    while not any(lines[-1]):
        lines.pop()
    lines = [[unmarked(cell) for cell in line] for line in lines]
    n = max(map(len, lines[1:]))
    assert {len(line) for line in lines[1:]} == {n}
    lines[0] = (lines[0] + [""] * (n - len(lines[0]))) if not any(lines[0][n:]) else lines[0]
    used = [column for column in zip(*(line[:n] for line in lines), strict=True) if any(column)]
    names, *rows = zip(*used, strict=True)
    return list(names), [[None if is_missing(cell) else cell for cell in row] for row in rows]


@bounded
def test_1000_broken_tables_are_read_as_they_stand_or_refused(tmp_path):
    rng, path, n_refused = random.Random(1), tmp_path / "broken.tsv", 0
    for _, data in each(broken(rng) for _ in range(1000)):
        path.write_bytes(data)
        found, refusal = outcome(as_read, path)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, str(path), longest=500)
        else:
            assert found == plainly(data)
            assert len(set(found[0])) == len(found[0])
    assert 400 < n_refused < 950


NUMBERS = ["1", "-2.5", "+3", ".5", "6.", "1e3", "1E-3", "0.1234567890123456789", "9007199254740993", "1e-320", "1e99"]
NO_NUMBERS = ["1e400", "inf", "-Infinity", "1e101", "0x10", "1_000", "1,5", "5 mm", "50%", "\u0661", "１", "1e", "--1"]
NO_NUMBERS += ["−5", "2020-01-01", "1:30", "NaN5", "true", ".", "+", "e5", "1.2.3", "1d3", "½", "∞", "ten", "1 000"]
NONE = ["", "n/a", "NA", "nan", "-NaN", "null", "None", "#N/A", "<NA>"]


@bounded
def test_500_columns_are_the_numbers_that_they_spell_or_refused(tmp_path):
    rng, path, n_refused = random.Random(2), tmp_path / "numbers.tsv", 0
    for _, _ in each(range(500)):
        cells = rng.choices([*NUMBERS, *NONE, repr(rng.gauss(0, 1)), f"{rng.random():.25f}"], k=5)
        wrong = rng.random() < 0.5
        if wrong:
            cells[rng.randrange(5)] = rng.choice(NO_NUMBERS)
        rows = zip(["participant_id", *"abcde"], ["x", *cells], strict=True)
        path.write_text("".join(f"{who}\t{cell}\n" for who, cell in rows))
        found, refusal = outcome(numbers, read_table(path), "x", "numbers.tsv")
        n_refused += wrong
        assert bool(refusal) == wrong
        if refusal:
            assert is_sentence(refusal, "numbers.tsv", "'x'", "for subject ")
        else:
            np.testing.assert_array_equal(found, [math.nan if cell in NONE else float(cell) for cell in cells])
    assert 200 < n_refused < 300


IDS = [
    "sub-01",
    "01",
    "1",
    "sub-1",
    "sub-",
    "a b",
    "sub-01 ",
    "Zoë",
    "x" * 200,
    "x" * 201,
    "n/a",
    "",
    "../up",
    "/",
    "*",
]


@bounded
def test_500_tables_of_ids_give_everybody_one_of_their_own_or_are_refused(tmp_path):
    rng, path, n_refused = random.Random(3), tmp_path / "ids.tsv", 0
    for _, _ in each(range(500)):
        rows = [(rng.choice(IDS), rng.choice(["1", "2", "n/a"])) for _ in range(rng.randint(1, 4))]
        path.write_text("participant_id\tsession\n" + "".join(f"{who}\t{visit}\n" for who, visit in rows))
        columns = rng.choice([["participant_id"], ["participant_id", "session"], ["session"], ["run"]])
        which = [("participant_id", "session").index(name) for name in columns] if columns != ["run"] else []
        ids = ["_".join(row[column].strip() for column in which) for row in rows]
        whole = bool(which) and not any(is_missing(row[column].strip()) for row in rows for column in which)
        one_each = len({name.removeprefix("sub-") for name in ids}) == len(ids)
        table, refusal = outcome(read_study, path, columns)
        assert bool(refusal) != (whole and one_each and all(len(name.encode()) <= 200 for name in ids))
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, str(path))
        else:
            assert list(table["participant_id"]) == ids
    assert 200 < n_refused < 480


INDICES = ["1", "2", "-3", "0", "+7", "007", "312782616", "9007199254740993", "1.0", "1.5", "1e3", "inf", "", "n/a"]
INDICES += ["one", "9" * 30, "0x1", "１"]


@bounded
def test_500_tables_of_regions_name_each_number_once_or_are_refused(tmp_path):
    rng, path, n_refused = random.Random(4), tmp_path / "regions.tsv", 0
    for _, _ in each(range(500)):
        indices = rng.sample(INDICES[:8] if rng.random() < 0.6 else INDICES, 3)
        rows = list(zip(indices, rng.choices(CELLS, k=3), strict=True))
        table = pd.DataFrame(rows, columns=["index", rng.choice(["name", "name", "name", "label"])])
        table.to_csv(path, sep="\t", index=False)
        found, refusal = outcome(region_names, path)
        assert bool(refusal) != ("name" in table and not any(is_missing(name) for _, name in rows) and known(indices))
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, str(path))
        else:
            assert found == {int(number): name for number, name in rows}
    assert 150 < n_refused < 400


def known(indices):
    """Whether all are whole numbers of up to 18 digits, and no two the same."""
    whole = all(text.isascii() and text.lstrip("+-").isdecimal() and len(text) < 19 for text in indices)
    return whole and len({int(text) for text in indices}) == len(indices)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a\tb\n" + b"1\t2\n" * 1_000_001, "it has 1,000,002 lines, and at most 1,000,000 are read"),
        (b"a\tb\n" + (b"x" * 9000 + b"\t2\n") * 6000, "it has more than 50,000,000 bytes"),
        (b"\t".join(b"v%d" % n for n in range(1_000_000)) + b"\n1\n", "it has 1,000,000 columns, and at most 10,000"),
        (b"a\tb\n1\t" + b"x" * 40_000_000, "line 2 has a cell of 40,000,000 characters"),
        (b"a" * 49_000_000, "line 1 has a cell of 49,000,000 characters"),
        (b"\n" * 900_000, "it is empty"),
        (b'a\tb\n1\t"' + b'""' * 20_000_000, "line 2 has a"),
        (bytes(60_000_000), "line 1 holds a byte that is no text"),
    ],
)
@bounded
def test_a_large_file_is_soon_refused(content, words, tmp_path):
    path = tmp_path / "large.tsv"
    path.write_bytes(content)
    for _, _ in each("x"):
        with pytest.raises(InputError, match=words) as refused:
            read_table(path)
    assert is_sentence(str(refused.value), str(path), longest=500)
