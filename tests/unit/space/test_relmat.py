"""Connectomes are read from square tables and from lists of edges, or refused by the nodes that are wrong."""

import numpy as np
import pandas as pd
import pytest

from secondlevel.space.nodes import read_nodes
from secondlevel.space.relmat import read_edges, read_relmat
from secondlevel.space.written_tables import edges_of, write_relmat
from surfaces import sentence

NAMES = ["V1", "V2", "insula", "BA 4"]
EDGES = np.array([0.5, -0.25, 0.125, 1e-7, 0.75, -1], dtype=np.float32)


def square(values=EDGES, diagonal=1.0):
    """A matrix by a loop over its edges."""
    matrix = np.full((4, 4), diagonal)
    for value, (one, other) in zip(values, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)], strict=True):
        matrix[one, other] = matrix[other, one] = value
    return matrix


def written(path, matrix=None, names=NAMES, header=True, index=True, sep="\t", **more):
    frame = pd.DataFrame(square() if matrix is None else matrix, columns=names, index=names[: len(matrix or names)])
    frame.to_csv(path, sep=sep, header=header, index=index, na_rep="n/a", **more)
    return path


def put(path, rows, sep="\t"):
    path.write_text("\n".join(sep.join(map(str, row)) for row in rows) + "\n")
    return path


def test_edges_are_above_the_diagonal_row_by_row():
    np.testing.assert_array_equal(edges_of(4), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])
    assert edges_of(400).shape == (79800, 2)


@pytest.mark.parametrize("sep", ["\t", ",", ";"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("names", [NAMES, ["1", "2", "3", "4"], ["10", "7", "3", "21"]])
def test_matrices_are_read_with_and_without_names(tmp_path, sep, header, index, names):
    found, values = read_relmat(written(tmp_path / "a_relmat.tsv", names=names, header=header, index=index, sep=sep))
    np.testing.assert_array_equal(values, EDGES)
    assert values.dtype == np.float32
    assert found == (names if header or index else ["1", "2", "3", "4"])


def test_matrices_of_other_writers_are_read(tmp_path):
    np.savetxt(tmp_path / "a.txt", square(), fmt="%.9g")
    np.testing.assert_array_equal(read_relmat(tmp_path / "a.txt")[1], EDGES)
    np.savetxt(tmp_path / "a.txt", square(), fmt="%14.9g")
    np.testing.assert_array_equal(read_relmat(tmp_path / "a.txt")[1], EDGES)
    matrix = square()
    rows = [NAMES, *[[name, *row] for name, row in zip(NAMES, matrix, strict=True)]]  # as R writes them
    assert read_relmat(put(tmp_path / "b.tsv", rows))[0] == NAMES
    np.testing.assert_array_equal(read_relmat(tmp_path / "b.tsv")[1], EDGES)
    rows[0] = ["Node", *NAMES]
    assert read_relmat(put(tmp_path / "c.tsv", rows))[0] == NAMES


@pytest.mark.parametrize("corner", ["Node", "", "n/a"])
def test_numbers_of_nodes_are_no_values(tmp_path, corner):
    """Though a header and a first column of the same numbers are symmetric, too."""
    rows = [[k, *row] for k, row in zip((1, 2, 5, 7), square(), strict=True)]
    names, values = read_relmat(put(tmp_path / "a.tsv", [[corner, 1, 2, 5, 7], *rows]))
    assert names == ["1", "2", "5", "7"]
    np.testing.assert_array_equal(values, EDGES)


@pytest.mark.parametrize("diagonal", ["inf", "", "n/a", "0", "1", "-"])
def test_the_diagonal_is_not_read(tmp_path, diagonal):
    rows = [[diagonal if i == j else square()[i, j] for j in range(4)] for i in range(4)]
    names, values = read_relmat(put(tmp_path / "a.tsv", rows))
    np.testing.assert_array_equal(values, EDGES)
    assert names == ["1", "2", "3", "4"]
    for row, name in zip(rows, NAMES, strict=True):
        row.insert(0, name)
    assert read_relmat(put(tmp_path / "a.tsv", [["", *NAMES], *rows]))[0] == NAMES


def test_missing_edges_are_nan(tmp_path):
    values = np.where(np.arange(6) == 3, np.nan, EDGES)
    np.testing.assert_array_equal(read_relmat(written(tmp_path / "a.tsv", list(square(values))))[1], values)


def test_rounding_is_no_asymmetry(tmp_path):
    matrix = square()
    matrix[0, 1] += 4e-5
    found = read_relmat(written(tmp_path / "a.tsv", list(matrix)))[1]
    np.testing.assert_allclose(found, np.r_[EDGES[0] + 2e-5, EDGES[1:]], rtol=1e-6)


def test_nodes_are_put_in_order_by_name(tmp_path):
    order = [2, 0, 3, 1]
    names = [NAMES[k] for k in order]
    path = written(tmp_path / "b.tsv", list(square()[np.ix_(order, order)]), names)
    found, values = read_relmat(path, NAMES)
    assert found == NAMES
    np.testing.assert_array_equal(values, EDGES)
    plain = written(tmp_path / "c.tsv", header=False, index=False)
    assert read_relmat(plain, NAMES)[0] == NAMES


def test_other_nodes_are_refused(tmp_path):
    path = written(tmp_path / "a.tsv")
    assert "it lacks V3 and has V2; all files need the same nodes" in sentence(
        read_relmat, path, ["V1", "V3", *NAMES[2:]]
    )
    assert "it lacks V9; all" in sentence(read_relmat, path, [*NAMES, "V9"])
    plain = written(tmp_path / "b.tsv", header=False, index=False)
    assert "has 4 nodes without names, and 5 are needed" in sentence(read_relmat, plain, [*NAMES, "V9"])


def test_asymmetry_is_told_by_the_pair_that_differs_most(tmp_path):
    matrix = square()
    matrix[0, 1], matrix[3, 1] = 0.4, 0.1
    told = sentence(read_relmat, written(tmp_path / "a.tsv", list(matrix)))
    assert "from V2 to BA 4 it has 0.75, back 0.1, and 2 pairs of nodes differ; edges have no direction here" in told
    matrix = square()
    matrix[2, 0] = np.nan
    told = sentence(read_relmat, written(tmp_path / "a.tsv", list(matrix)))
    assert "from V1 to insula it has -0.25, back n/a, and 1 pair of nodes differs;" in told
    for half in (np.triu, np.tril):
        told = sentence(read_relmat, written(tmp_path / "a.tsv", list(half(square()))))
        assert "5 pairs of nodes differ; only one half of it is filled, so fill both." in told
    halved = np.where(np.tri(4, dtype=bool), np.nan, square())
    assert "only one half of it is filled" in sentence(read_relmat, written(tmp_path / "a.tsv", list(halved)))


ROWS = square().tolist()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (ROWS[:3], "is not square: it has values in 3 rows and 4 columns"),
        ([row[:3] for row in ROWS] + [[1, 2, 3]], "is not square: it has values in 5 rows and 3 columns"),
        ([*ROWS, ROWS[0]], "is not square: it has values in 5 rows and 4 columns"),
        ([row[:3] for row in ROWS], "is not square: it has values in 4 rows and 3 columns"),
        ([NAMES, *ROWS[:3]], "is not square: it has values in 3 rows and 4 columns"),
        (
            [[name, *row[:3]] for name, row in zip(NAMES, ROWS, strict=True)],
            "is not square: it has values in 4 rows and 3",
        ),
        (
            [["", *NAMES], *[[name, *row] for name, row in zip(NAMES[:3], ROWS, strict=False)]],
            "in 3 rows and 4 columns",
        ),
        ([*ROWS[:3], ROWS[3][:2]], "has 2 cells in line 4 and 4 in line 1"),
        ([ROWS[0], [*ROWS[1], 5, 6], *ROWS[2:]], "has 6 cells in line 2 and 4 in line 1"),
        ([["V1", "V2", "V1", "V3"], *ROWS], "names 2 nodes 'V1'; names must differ"),
        ([["V1", "", "V3", "V4"], *ROWS], "has no name for node 2"),
        (
            [["", *NAMES], *[[name, *row] for name, row in zip(NAMES[::-1], ROWS, strict=True)]],
            "names node 1 'V1' in its header and 'BA 4' in its first column",
        ),
        ([[1, 0.5], [0.5, 1]], "has 2 nodes, and from 3 to 5,000 can be analysed"),
        ([NAMES, [1, "x", 2, 3], *ROWS[1:]], "'x' in line 2, column 'V2', which is not a number"),
        ([NAMES, [1, "inf", 2, 3], *ROWS[1:]], "'inf' in line 2, column 'V2', which is infinite"),
        (
            [[1, "0,5", 2, 3], *ROWS[1:]],
            "'0,5' in line 1, column '2', which is not a number; write 0.5 if its comma is a decimal point",
        ),
    ],
)
def test_what_is_no_square_table_is_refused(tmp_path, rows, why):
    told = sentence(read_relmat, put(tmp_path / "a_relmat.tsv", rows))
    assert why in told
    assert str(tmp_path / "a_relmat.tsv") in told


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "a_relmat.tsv"
    for content, why in [
        (b"", "is empty"),
        (b"\0\1\2", "no text"),
        (b"1\t2\n\n3\t4\n", "in line 2"),
        (b'"1\t2\n3', "line 1"),
    ]:
        path.write_bytes(content)
        assert why in sentence(read_relmat, path)
    assert "does not exist" in sentence(read_relmat, tmp_path / "none.tsv")


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_what_is_written_is_read_again(tmp_path, dtype):
    values = np.arange(6) if dtype is int else np.where(np.arange(6) == 2, np.nan, EDGES / 3).astype(dtype)
    for path in (tmp_path / "a_relmat.tsv", tmp_path / "b_relmat.tsv"):
        write_relmat(path, values, NAMES, diagonal=1)
    assert path.read_bytes() == (tmp_path / "a_relmat.tsv").read_bytes()
    frame = pd.read_csv(path, sep="\t")
    assert list(frame.columns) == NAMES
    np.testing.assert_array_equal(frame.to_numpy().astype(dtype), square(values).astype(dtype))
    names, found = read_relmat(path)
    assert names == NAMES
    np.testing.assert_array_equal(found, values.astype(np.float32))


def table_of_edges(path, ends=("node_1", "node_2"), order=(5, 0, 3, 1, 4, 2), **more):
    pairs = [edges_of(4)[k][:: -1 if k % 2 else 1] for k in order]
    frame = pd.DataFrame({ends[k]: [NAMES[pair[k]] for pair in pairs] for k in range(2)})
    frame["weight"] = [EDGES[k] for k in order]
    frame.assign(**more).to_csv(path, sep="\t", index=False)
    return path


@pytest.mark.parametrize("ends", [("node_1", "node_2"), ("source", "target"), ("from", "to"), ("i", "j")])
def test_edges_are_read_whatever_way_round_they_are(tmp_path, ends):
    path = table_of_edges(tmp_path / "a.tsv", ends)
    names, values = read_edges(path, NAMES)
    assert names == NAMES
    np.testing.assert_array_equal(values, EDGES)
    names, values = read_edges(path)
    order = [NAMES.index(name) for name in names]
    assert names == ["BA 4", "insula", "V1", "V2"]
    np.testing.assert_array_equal(values, square()[np.ix_(order, order)][np.triu_indices(4, 1)].astype(np.float32))
    assert read_edges(table_of_edges(path, ends, p=0.5), value="p")[1].tolist() == [0.5] * 6
    few = table_of_edges(path, ends, order=(0, 5, 3))
    np.testing.assert_array_equal(read_edges(few, NAMES)[1], np.where(np.isin(range(6), (0, 5, 3)), EDGES, np.nan))


def test_tables_of_edges_that_are_wrong_are_refused(tmp_path):
    path = tmp_path / "a.tsv"
    assert "has the edge between" in (told := sentence(read_edges, table_of_edges(path, order=(0, 1, 2, 3, 4, 5, 0))))
    assert "V1 and V2 in lines 2 and 8; keep one" in told
    assert "it has BA 4" in sentence(read_edges, table_of_edges(path), NAMES[:3])
    assert "it lacks V9" in sentence(read_edges, table_of_edges(path), [*NAMES, "V9"])
    assert "has the columns weight, p beside the nodes; say which one" in sentence(
        read_edges, table_of_edges(path, p=1)
    )
    assert "has no column 'q'" in sentence(read_edges, table_of_edges(path), value="q")
    assert "does not say which nodes" in sentence(read_edges, table_of_edges(path, ("a", "b")))
    assert "has 2 nodes" in sentence(read_edges, table_of_edges(path, order=(0,)))
    assert "'x' in line 2, column 'p'" in sentence(read_edges, table_of_edges(path, p="x"), value="p")
    assert "lacks a node in line 2" in sentence(read_edges, table_of_edges(path, node_2=""))


NODES = pd.DataFrame(
    {"index": [2, 1, 4, 3], "name": ["V2", "V1", "BA 4", "insula"], "network": ["vis", "vis", "", "sal"]}
)
NODES[["x", "y", "z"]] = np.arange(12).reshape(4, 3) / 2


@pytest.mark.parametrize("name", ["nodes.tsv", "nodes.csv"])
def test_nodes_are_read_in_the_order_of_their_index(tmp_path, name):
    NODES.to_csv(tmp_path / name, sep="," if name.endswith("csv") else "\t", index=False)
    nodes = read_nodes(tmp_path / name)
    assert (nodes.names, nodes.modules) == (NAMES, ["vis", "vis", "sal", "none"])
    np.testing.assert_array_equal(nodes.places, np.arange(12).reshape(4, 3)[[1, 0, 3, 2]] / 2)
    back = nodes.ordered("nodes", NAMES[::-1])
    assert (back.names, back.modules) == (NAMES[::-1], ["none", "sal", "vis", "vis"])
    np.testing.assert_array_equal(back.places, nodes.places[::-1])
    assert "does not have the nodes of the matrices: it lacks V9 and has V2" in sentence(
        nodes.ordered, "nodes.tsv", ["V1", "V9", *NAMES[2:]]
    )


def test_nodes_need_no_more_than_names_or_an_index(tmp_path):
    path = tmp_path / "nodes.tsv"
    for column, names in [("label", list("cab")), ("index", list("123"))]:
        NODES[["index"]].iloc[:3].assign(**{column: names})[[column]].to_csv(path, sep="\t", index=False)
        nodes = read_nodes(path)
        assert (nodes.names, nodes.modules, nodes.places) == (names, None, None)


def test_tables_of_nodes_that_are_wrong_are_refused(tmp_path):
    def refused(frame):
        frame.to_csv(tmp_path / "nodes.tsv", sep="\t", index=False)
        return sentence(read_nodes, tmp_path / "nodes.tsv")

    assert "no column 'name' or 'index', but network" in refused(NODES[["network"]])
    assert "has the node V1 in lines 2 and 4" in refused(NODES.assign(name=["V1", "V2", "V1", "V3"]))
    assert "has no name in line 3" in refused(NODES.assign(name=["V1", "", "V2", "V3"]))
    assert "index that is missing or there twice" in refused(NODES.assign(index=[1, 2, 2, 3]))
    assert "index that is missing or there twice" in refused(NODES.assign(index=["1", "2", "", "3"]))
    assert "'a' in line 2, column 'y'" in refused(NODES.assign(y=["a", "1", "2", "3"]))
    assert "has the column x, y, but a place in mm needs x, y and z" in refused(NODES.drop(columns="z"))
