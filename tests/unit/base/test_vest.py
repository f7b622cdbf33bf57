import numpy as np
import pytest

from secondlevel.base.vest import NoMatrix, read_matrix
from vest import write_con, write_vest

HEAD = "/NumWaves 2\n/NumPoints 2\n/Matrix\n"


@pytest.fixture
def read(tmp_path):
    """A function that reads a matrix from its text."""

    def read(text):
        (tmp_path / "m").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_matrix(tmp_path / "m")

    return read


def test_what_fsl_writes_is_read(tmp_path):
    values = np.random.default_rng(0).normal(size=(7, 3)).round(4)
    write_vest(tmp_path / "design.mat", values)
    matrix = read_matrix(tmp_path / "design.mat")
    np.testing.assert_allclose(matrix.rows, values, atol=5e-7)
    assert matrix.lines == list(range(6, 13))
    assert (matrix.n_columns, matrix.names) == (3, {})
    write_con(tmp_path / "design.con", [[1, 0, -1]], ["a > b"])
    con = read_matrix(tmp_path / "design.con")
    assert (con.rows, con.names) == ([[1, 0, -1]], {1: "a > b"})


@pytest.mark.parametrize(
    "text",
    [
        "! VEST-Waveform File\n/NumWaves\t2\n/NumPoints\t2\n/Skip\n\n/Matrix\n1 2 \n3.5 -4e-1\n",
        "\ufeff  /NumWaves 2\r\n  /NumContrasts 2\r\n  /Matrix\r\n  1\t2\r\n\r\n  3.5 -.4\r\n\r\n",
        "1,2\n3.5,-0.4",
        "1, 2\n3.5 ,-0.4\n",
        "1\t2\n3.50  -4.0E-01\n",
    ],
)
def test_forms_of_one_matrix_are_read(read, text):
    assert read(text).rows == [[1, 2], [3.5, -0.4]]


def test_names_may_be_empty_or_not_there(read):
    assert read(f"/ContrastName1\n/ContrastName2\t\n/ContrastName4 x y\n{HEAD}1 0\n0 1").names == {
        1: "",
        2: "",
        4: "x y",
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it holds no row of numbers"),
        (HEAD, "it holds no row of numbers"),
        (f"{HEAD}1 2\n3\n", "line 5 has 1 numbers and /NumWaves says 2"),
        (f"{HEAD}1 2\n", "it has 1 rows and /NumPoints says 2"),
        ("/NumWaves 1\n/NumContrasts 3\n/Matrix\n1\n1", "it has 2 rows and /NumContrasts says 3"),
        ("/NumWaves 2\n/Matrix\n1 2", "it lacks /NumWaves, or /NumPoints or /NumContrasts, before /Matrix"),
        ("/NumPoints 1\n/Matrix\n1 2", "it lacks /NumWaves, or /NumPoints or /NumContrasts, before /Matrix"),
        (f"{HEAD}1 nan\n1 2", "line 4 holds 'nan', which is no number"),
        (f"{HEAD}1 1e\n1 2", "line 4 holds '1e', which is no number"),
        ("EV1,EV2\n1,2", "line 1 holds 'EV1', which is no number"),
        ("1,2\n3,\n", "line 2 holds '', which is no number"),
        ("1,2\n3,4,5\n", "line 2 has 3 numbers and line 1 says 2"),
        ("/NumWaves 2\n1 2", "line 1 holds '/NumWaves', which is no number"),
        (b"MATLAB 5.0 MAT-file\x00\xff\xfe", "it is no text, as files of MATLAB are none"),
    ],
)
def test_what_is_no_matrix_is_refused_with_its_line(read, text, why):
    with pytest.raises(NoMatrix) as refused:
        read(text)
    assert str(refused.value) == why


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NoMatrix, match=r"it cannot be opened \(No such file or directory\)"):
        read_matrix(tmp_path / "none")
