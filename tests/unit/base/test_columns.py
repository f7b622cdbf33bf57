import numpy as np
import pandas as pd

from secondlevel.base.columns import numbers, read_columns, read_matrix, read_rows, write_columns
from secondlevel.base.tables import write_table


def test_cells_are_read_as_they_were_written(tmp_path):
    table = pd.DataFrame({"participant_id": ["01", "a b", 'c"d'], "x\ty": ["1", None, "-0.50"]})
    write_table(tmp_path / "table.tsv", table)
    columns = read_columns(tmp_path / "table.tsv")
    assert {name: cells.tolist() for name, cells in columns.items()} == {
        "participant_id": ["01", "a b", 'c"d'],
        "x\ty": ["1", "n/a", "-0.50"],
    }
    assert read_rows(tmp_path / "table.tsv") == [
        {"participant_id": "01", "x\ty": "1"},
        {"participant_id": "a b", "x\ty": "n/a"},
        {"participant_id": 'c"d', "x\ty": "-0.50"},
    ]


def test_numbers_come_back_to_the_last_bit(tmp_path):
    values = np.random.default_rng(0).normal(size=50)
    write_columns(tmp_path / "null.tsv", {"shuffle": range(50), "maxT": values, "maxExtent": np.arange(50.0)})
    assert (tmp_path / "null.tsv").read_text().splitlines()[0] == "shuffle\tmaxT\tmaxExtent"
    columns = read_columns(tmp_path / "null.tsv")
    assert columns["shuffle"].tolist() == [str(number) for number in range(50)]
    np.testing.assert_array_equal(columns["maxT"].astype(float), values)


def test_columns_are_written_as_tables_are(tmp_path):
    columns = {"participant_id": ["01", 'b"c'], "mean": np.array([0.1, np.nan]), "outlier": ["mean; sd", None]}
    write_columns(tmp_path / "columns.tsv", columns)
    write_table(tmp_path / "table.tsv", pd.DataFrame(columns))
    assert (tmp_path / "columns.tsv").read_bytes() == (tmp_path / "table.tsv").read_bytes()


def test_a_design_is_a_matrix(tmp_path):
    write_table(tmp_path / "design.tsv", pd.DataFrame({"participant_id": ["01", "02"], "a": [0.1, 2], "b": [1.0, 1]}))
    np.testing.assert_array_equal(read_matrix(tmp_path / "design.tsv"), [[0.1, 1], [2, 1]])


def test_what_a_table_lacks_is_no_number():
    np.testing.assert_array_equal(numbers(np.array(["1.5", "n/a", "-2e-3"])), [1.5, np.nan, -0.002])
