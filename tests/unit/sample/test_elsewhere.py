"""Designs of FSL are joined to the sample table by ID, whatever the order of either."""

import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.sample.elsewhere import with_design
from vest import write_vest

TABLE = pd.DataFrame({"participant_id": ["sub-a", "sub-b", "sub-c", "sub-d"], "age": ["1", "2", "3", "4"]}, dtype=str)
MATRIX = [[1, 0.25], [1, 30], [1, -4e-5]]


@pytest.fixture
def joined(tmp_path, monkeypatch):
    """A function that joins a table with a design whose rows are those of a list of IDs."""
    monkeypatch.chdir(tmp_path)

    def joined(ids="c\na\nsub-b\n", table=TABLE, matrix=MATRIX, id_columns=("participant_id",), grp=None):
        (tmp_path / "ids.txt").write_text(ids)
        write_vest(tmp_path / "design.mat", matrix)
        given = {"mat": "design.mat", "rows": "ids.txt", "id": list(id_columns)}
        if grp:
            (tmp_path / "design.grp").write_text("\n".join(grp))
            given["grp"] = "design.grp"
        return with_design(table, given, "t.tsv")

    return joined


def test_rows_go_to_the_ids_that_the_list_names(joined):
    table, unlisted = joined()
    assert table["EV1"].tolist()[:3] == ["1.0", "1.0", "1.0"]
    assert table["EV2"].tolist()[:3] == ["30.0", "-4e-05", "0.25"]
    assert table.loc[3, ["EV1", "EV2"]].isna().all()
    assert unlisted == {"sub-d": "it is not listed in ids.txt, and so has no row in design.mat"}
    assert table[list(TABLE)].equals(TABLE)
    assert (
        joined(table=TABLE.iloc[::-1].set_axis([9, 3, 5, 0]))[0]["EV2"].tolist()[1:] == ["30.0", "-4e-05", "0.25"][::-1]
    )


def test_the_list_can_be_a_table_with_the_columns_that_tell_rows_apart(joined):
    expected = joined()[0]
    assert joined("group\tparticipant_id\nx\tc\ny\ta\ny\tb\n")[0].equals(expected)
    assert joined("participant_id\nc\na\nb\n")[0].equals(expected)
    table = TABLE[:3].assign(participant_id=["P_2", "Q_1", "P_1"])
    twice = joined("person\tvisit\nP\t1\nP\t2\nQ\t1\n", table, id_columns=["person", "visit"])[0]
    assert twice["EV2"].tolist() == ["30.0", "-4e-05", "0.25"]


def test_blocks_come_along_with_the_order_of_the_rows(joined):
    table = joined(grp=["2", "10", "2.0"])[0]
    assert table["grp"].tolist()[:3] == ["10", "2", "2"]
    assert sorted(table["design_row"].tolist()[:3]) == ["000001", "000002", "000003"]
    assert table["design_row"].tolist()[:3] == ["000002", "000003", "000001"]


def test_a_design_of_ones_own_adds_nothing():
    table, unlisted = with_design(TABLE, {}, "t.tsv")
    assert table is TABLE
    assert unlisted == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ids": "c\na\n"}, "ids.txt lists 2 IDs, but design.mat has 3 rows; list the ID of each row, in their order."),
        ({"ids": "c\nz\nx\n"}, "ids.txt: there is no z, x in t.tsv; correct the list, or add them to the table."),
        ({"ids": "c\na\nsub-c\n"}, "ids.txt lists c more than once; each row of design.mat needs an ID of its own."),
        ({"ids": "c\n\na\nb\n"}, "ids.txt has no ID in line 2; list one in each line."),
        ({"ids": "c\t1\na\t2\nb\t3\n"}, "ids.txt has more than an ID in line 1 (c 1); list one in each line, or give"),
        ({"ids": "participant_id\nc\nn/a\nb\n"}, "ids.txt has no participant_id in line 3; give every row one."),
        ({"ids": "c\na\nb\0\n"}, "The list of IDs ids.txt cannot be read: line 3 holds a byte that is no text"),
        ({"table": TABLE.assign(EV2="1")}, "t.tsv has a column EV2, as what is taken from design.mat is called here"),
        (
            {"grp": ["1", "x", "2"]},
            "design.grp cannot be read as a matrix of FSL or PALM: line 2 holds 'x', which is no",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_file(joined, changes, words):
    with pytest.raises(InputError) as refused:
        joined(**changes)
    assert str(refused.value).startswith(words)


def test_files_that_are_not_there_are_told(joined, tmp_path):
    joined()
    given = {"mat": "design.mat", "rows": "none.txt", "id": ["participant_id"]}
    with pytest.raises(InputError, match=r"The list of IDs none.txt cannot be read \(No such file or directory\)"):
        with_design(TABLE, given, "t.tsv")


MODEL = {"model": "m.json", "columns": {"site.a": {"column": "site", "level": "a"}, "years": {"column": "age"}}}


def test_a_model_marks_levels_and_renames_and_lists_who_is_in():
    sites = TABLE.assign(site=["a", "b", None, "a b"])
    table, unlisted = with_design(sites, MODEL | {"subjects": ["a", "c"], "person": "participant_id"}, "t.tsv")
    assert table["site.a"].tolist()[:2] == ["1", "0"]
    assert table["site.a"].isna().tolist() == [False, False, True, False]
    assert table["years"].tolist() == ["1", "2", "3", "4"]
    assert list(unlisted) == ["sub-b", "sub-d"]
    assert set(unlisted.values()) == {"it is not among the subjects that m.json lists"}
    assert with_design(sites, MODEL, "t.tsv")[1] == {}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE, "t.tsv has no column 'site'; it has participant_id, age."),
        (TABLE.assign(site="A"), "m.json names 'site.a', but 'a' is no level of site in t.tsv; its levels are A; did"),
        (TABLE.assign(site="a", years="1"), "t.tsv has a column years, as what is taken from m.json is called here"),
    ],
)
def test_what_a_model_names_must_be_in_the_table(table, words):
    with pytest.raises(InputError) as refused:
        with_design(table, MODEL, "t.tsv")
    assert str(refused.value).startswith(words)
