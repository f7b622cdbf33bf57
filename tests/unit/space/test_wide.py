"""Values of parcels are read from tables of all kinds, or refused by line and column."""

import numpy as np
import pandas as pd
import pytest

from secondlevel.base.tables import read_table
from secondlevel.space.sheets import aligned, read_sheet
from secondlevel.space.wide import chosen, read_subject, read_wide
from secondlevel.space.written_tables import write_parcels
from surfaces import sentence

IDS = [f"sub-{k:02d}" for k in range(1, 6)]
COLUMNS = "lh_cuneus_thickness", "rh_cuneus_thickness", "lh_cuneus_area"
VALUES = np.random.default_rng(3).normal(2.5, 0.4, (5, 3)).astype(np.float32)
FRAME = pd.DataFrame(VALUES.astype(float), columns=COLUMNS).assign(age=40.5, note="a, b")
FRAME.insert(0, "participant_id", IDS)


def written(path, frame=FRAME, sep=None, **more):
    frame.to_csv(path, sep=sep or ("," if path.suffix == ".csv" else "\t"), index=False, **more)
    return path


@pytest.mark.parametrize(("name", "sep"), [("a.tsv", "\t"), ("a.csv", ","), ("a.csv", ";"), ("a.CSV", ",")])
def test_wide_tables_are_read(tmp_path, name, sep):
    path = written(tmp_path / name, sep=sep)
    ids, names, values = read_wide(path, "*_thickness")
    assert (ids, names) == (IDS, list(COLUMNS[:2]))
    np.testing.assert_array_equal(values, VALUES[:, :2])
    assert values.dtype == np.float32
    _, names, values = read_wide(path, ["rh_*", "lh_cuneus_area", "lh_*"])
    assert names == [COLUMNS[1], COLUMNS[2], COLUMNS[0]]
    np.testing.assert_array_equal(values, VALUES[:, [1, 2, 0]])
    assert read_wide(path, "age", ["participant_id", "note"])[0] == [f"{name}_a, b" for name in IDS]


def test_tables_of_commas_and_of_tabs_are_the_same(tmp_path):
    frame = FRAME.assign(text=['say "no"', "x;y", "", "n/a", "ö"])
    pd.testing.assert_frame_equal(
        read_sheet(written(tmp_path / "a.csv", frame)), read_table(written(tmp_path / "a.tsv", frame))
    )


@pytest.mark.parametrize("missing", ["n/a", "", "NA", "nan", "NaN", "#N/A"])
def test_missing_cells_are_nan(tmp_path, missing):
    frame = FRAME.astype(str)
    frame.loc[2, COLUMNS[0]] = missing
    for name in ("a.tsv", "a.csv"):
        _, _, values = read_wide(written(tmp_path / name, frame), list(COLUMNS))
        np.testing.assert_array_equal(np.isnan(values), np.arange(15).reshape(5, 3) == 6)
        np.testing.assert_array_equal(values[np.isfinite(values)], np.delete(VALUES.ravel(), 6))


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("x", "'x' in line 4, column 'rh_cuneus_thickness', which is not a number; correct the cell, or write n/a"),
        ("2,5", "'2,5' in line 4, column 'rh_cuneus_thickness', which is not a number; write 2.5 if its comma"),
        ("inf", "which is infinite or too large"),
        ("1e39", "which is infinite or too large"),
        ("1_000", "which is not a number"),
        ("0x10", "which is not a number"),
        ("1 2", "which is not a number"),
        ("1e", "which is not a number"),
        ("--1", "which is not a number"),
    ],
)
def test_cells_that_are_no_numbers_are_named(tmp_path, name, cell, why):
    frame = FRAME.astype(str)
    frame.loc[2, COLUMNS[1]] = cell
    told = sentence(read_wide, written(tmp_path / name, frame), "*_thickness")
    assert why in told
    assert told.startswith(str(tmp_path / name))


def test_columns_that_are_not_there_or_twice_are_refused(tmp_path):
    path = written(tmp_path / "a.csv")
    assert "has no column that is 'lh_cuneus_volume'; it has lh_cuneus_thickness" in sentence(
        read_wide, path, ["lh_cuneus_volume"]
    )
    assert "did you mean 'lh_cuneus_area'?" in sentence(read_wide, path, "lh_cuneus_Area")
    assert "no column that is 'hc_*'" in sentence(read_wide, path, ["lh_*", "hc_*"])
    assert "name 'age' twice" in sentence(read_wide, path, ["age", "lh_*", "age"])
    assert "has no column 'subject'" in sentence(read_wide, path, "age", ["subject"])
    assert "column 'note', which is not a number" in sentence(read_wide, path, "*")
    lines = path.read_text().splitlines()
    for name, sep in (("b.csv", ","), ("b.tsv", "\t")):
        doubled = [lines[0].replace("lh_cuneus_area", "rh_cuneus_thickness"), "sub-01,1,2,3,4,5"]
        (tmp_path / name).write_text("\n".join(doubled).replace(",", sep))
        told = sentence(read_wide, tmp_path / name, "*_thickness")
        assert "columns 3, 4 are all named 'rh_cuneus_thickness'" in told


def test_rows_that_are_not_one_for_each_subject_are_refused(tmp_path):
    twice = FRAME.assign(participant_id=[*IDS[:4], IDS[1]])
    assert "has sub-02 in lines 3 and 6" in sentence(read_wide, written(tmp_path / "a.tsv", twice), "age")
    nobody = FRAME.assign(participant_id=[*IDS[:4], ""])
    assert "no participant_id in line 6" in sentence(read_wide, written(tmp_path / "a.csv", nobody), "age")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty"),
        ("a,b\n", "has no rows"),
        ("a,b\n1,2,3\n", "line 2 has 3 cells and the header 2"),
        ("a,b\n1\n", "line 2 has 1 cell and the header 2"),
        ('a,b\n"1,2\n3,4\n', "line 2"),
        ("a,b\n1,2\n\n3,4\n", "line 3 is empty"),
        ("a,b\n1\t2,3\n", "line 2 has a tab within a cell"),
        ("a,b\n1,2\0\n", "holds a byte that is no text"),
        ("PK\3\4", "a file of a spreadsheet"),
        ("a,\n1,2\n", "column 2 holds values but has no name"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, why):
    (tmp_path / "a.csv").write_text(content)
    told = sentence(read_sheet, tmp_path / "a.csv")
    assert why in told
    assert str(tmp_path / "a.csv") in told


def test_what_is_no_file_is_refused(tmp_path):
    for name in ("a.csv", "a.tsv"):
        assert sentence(read_sheet, tmp_path / name) == f"The table {tmp_path / name} does not exist."
    (tmp_path / "b.csv").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert "pointer" in sentence(read_sheet, tmp_path / "b.csv")


@pytest.mark.parametrize("naming", ["parcel", "name", "index", "Region"])
def test_tables_of_one_subject_with_a_row_for_each_parcel_are_read(tmp_path, naming):
    frame = pd.DataFrame({naming: ["3", "1", "2"], "thickness": [2.5, np.nan, 3.0]})
    names, values = read_subject(written(tmp_path / "a.tsv", frame, na_rep="n/a"))
    assert names == ["3", "1", "2"]
    np.testing.assert_array_equal(values, np.float32([2.5, np.nan, 3]))
    more = frame.assign(area=[1, 2, 3])
    path = written(tmp_path / "b.csv", more)
    np.testing.assert_array_equal(read_subject(path, value="area")[1], [1, 2, 3])
    assert read_subject(path, ["2", "[13]"], "area")[0] == ["2", "3", "1"]
    np.testing.assert_array_equal(read_subject(path, ["2", "[13]"], "area")[1], [3, 1, 2])
    assert "has the columns thickness, area beside" in sentence(read_subject, path)
    assert "has no column 'volume'" in sentence(read_subject, path, value="volume")
    named = frame.assign(value=[7, 8, 9], participant_id="sub-01")
    np.testing.assert_array_equal(read_subject(written(tmp_path / "c.tsv", named))[1], [7, 8, 9])


def test_a_name_goes_before_an_index(tmp_path):
    frame = pd.DataFrame({"index": [1, 2], "name": ["V1", "V2"], "value": [0.5, 0.25]})
    names, values = read_subject(written(tmp_path / "a.tsv", frame))
    assert names == ["V1", "V2"]
    np.testing.assert_array_equal(values, [0.5, 0.25])


def test_tables_of_one_subject_with_a_column_for_each_parcel_are_read(tmp_path):
    frame = FRAME.drop(columns=["note"]).iloc[:1]
    names, values = read_subject(written(tmp_path / "a.tsv", frame))
    assert names == [*COLUMNS, "age"]
    np.testing.assert_array_equal(values, np.float32([*VALUES[0], 40.5]))
    assert read_subject(written(tmp_path / "b.tsv", FRAME.iloc[:1]), "*_area")[0] == [COLUMNS[2]]


def test_tables_of_one_subject_that_are_neither_are_refused(tmp_path):
    assert "has 5 rows and no column 'parcel'" in sentence(read_subject, written(tmp_path / "a.tsv"))
    frame = pd.DataFrame({"parcel": ["V1", "V2", "V1"], "value": [1, 2, 3]})
    path = written(tmp_path / "b.tsv", frame)
    assert "has the parcel V1 in lines 2 and 4" in sentence(read_subject, path)
    path = written(tmp_path / "c.tsv", frame.assign(parcel=["V1", "", "V3"]))
    assert "has no parcel in line 3" in sentence(read_subject, path)
    path = written(tmp_path / "d.tsv", frame.assign(parcel=["V1", "V2", "V3"], value=[1, "x", 3]))
    assert "'x' in line 3, column 'value'" in sentence(read_subject, path)
    assert "has no parcel that is 'V9'" in sentence(read_subject, path, ["V9"])
    path = written(tmp_path / "e.tsv", frame[["parcel"]].iloc[:2])
    assert "no other column beside 'parcel'" in sentence(read_subject, path)


def test_parcels_are_put_in_the_order_of_the_first_file():
    values = np.array([1.0, 2, 3])
    np.testing.assert_array_equal(aligned("b", ["x", "y", "z"], values, ["z", "x", "y"], "a"), [3, 1, 2])
    told = sentence(aligned, "b.tsv", ["x", "y"], values[:2], ["x", "z"], "a.tsv")
    assert told == "b.tsv does not have the parcels of a.tsv: it lacks z and has y; all files need the same parcels."
    assert "does not have the nodes" in sentence(aligned, "b", ["x"], values[:1], ["x", "z"], "a", "node")


def test_what_is_written_is_read_again(tmp_path):
    z = np.array([1.25, np.nan, -3e-5])
    write_parcels(tmp_path / "a.tsv", ["V1", "V2", "V 3"], {"z": z, "n": np.array([1, 2, 3])})
    assert (tmp_path / "a.tsv").read_text() == "parcel\tz\tn\nV1\t1.25\t1\nV2\tn/a\t2\nV 3\t-3e-05\t3\n"
    names, values = read_subject(tmp_path / "a.tsv", value="z")
    assert names == ["V1", "V2", "V 3"]
    np.testing.assert_array_equal(values, z.astype(np.float32))


def test_patterns_choose_names():
    names = ["lh_a", "rh_a", "a[1]", "b"]
    assert chosen(names, ["a[1]"], "t") == ["a[1]"]  # a name goes before a pattern
    assert chosen(names, "?h_a", "t") == ["lh_a", "rh_a"]
    assert chosen(names, ["b", "*"], "t") == ["b", "lh_a", "rh_a", "a[1]"]
    assert "no column that is 'LH_*'" in sentence(chosen, names, "LH_*", "t")
