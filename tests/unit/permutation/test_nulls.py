import numpy as np
import pytest

from secondlevel.base.files import digest
from secondlevel.permutation.nulls import Null, load_nulls, save_nulls


def test_pieces_join_in_any_order_and_a_gap_is_seen(tmp_path):
    about, reached = {"permutations": 5, "scheme": "flip"}, np.ones(2, dtype=int)
    pieces = [Null(about, first, {"maxT": np.arange(first, first + 2.0)}, reached) for first in (2, 4)]
    observed, tie = {"maxT": np.array([1.0, 2.0])}, {"maxT": np.zeros(2)}
    pieces.append(Null(about, 0, {"maxT": np.arange(2.0)}, reached, observed, tie))
    pieces.append(Null(about, 6, {"maxT": np.empty(0)}))  # a chunk with no share
    whole = Null.concatenate(pieces)
    np.testing.assert_array_equal(whole.maxima["maxT"], [0, 1, 2, 3, 4, 5])
    np.testing.assert_array_equal(whole.reached, [3, 3])
    np.testing.assert_array_equal(whole.observed["maxT"], [1, 2])
    for missing in ([0, 2], [1, 2], [0, 1]):
        with pytest.raises(ValueError, match="start at shuffles"):
            Null.concatenate([pieces[number] for number in missing])
    save_nulls(tmp_path / "null.npz", {"one": whole, "two": pieces[0]})
    back = load_nulls(tmp_path / "null.npz")
    assert list(back) == ["one", "two"]
    assert back["one"].about == about
    assert back["two"].first == 2
    for name in ("maxima", "observed", "tie"):
        np.testing.assert_array_equal(getattr(back["one"], name)["maxT"], getattr(whole, name)["maxT"])
    np.testing.assert_array_equal(back["one"].reached, whole.reached)


def test_the_evidence_of_a_two_sided_test_has_no_sign():
    observed = {"maxT": np.array([-3.0, 2.0]), "maxMass": np.array([0.0, -4.0])}
    for two_sided, expected in ((False, [-3, 2]), (True, [3, 2])):
        null = Null({"two_sided": two_sided}, 0, {"maxT": np.ones(1)}, observed=observed)
        assert null.evidence("maxT").tolist() == expected
    assert null.evidence("maxMass").tolist() == [0, 4]


def test_the_file_has_the_same_bytes_under_every_python(tmp_path):
    null = Null({"permutations": 2}, 0, {"maxT": np.arange(3.0)}, np.arange(4), {"maxT": np.arange(4.0)})
    save_nulls(tmp_path / "null.npz", {"a": null})
    assert digest(tmp_path / "null.npz") == "e1cad215a10061c16cc198e9eae39b6a001b53d19eea741990522b400acb9d79"
