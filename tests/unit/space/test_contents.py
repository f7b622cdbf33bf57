"""Files are read whole, noted, and refused where they cannot be what they are to be."""

import gzip
import hashlib

import numpy as np
import pytest

from secondlevel.base import ledger
from secondlevel.space import contents
from secondlevel.space.contents import content_of, real_values, whole_numbers
from secondlevel.space.labels import colours, labels_of
from surfaces import sentence


def test_files_are_unpacked_by_what_they_are_and_noted(tmp_path):
    packed = gzip.compress(b"some numbers")
    for name in ("a.mgz", "b.mgh", "c.gii.gz"):
        (tmp_path / name).write_bytes(packed)
        assert content_of(tmp_path / name) == b"some numbers"
        assert ledger.READ[str(tmp_path / name)]["sha256"] == hashlib.sha256(packed).hexdigest()
    (tmp_path / "a.mgz").write_bytes(packed[:-9])
    assert "broken or cut short" in sentence(content_of, tmp_path / "a.mgz")
    (tmp_path / "a.mgz").write_bytes(packed[:-6] + b"\1" * 6)
    assert "broken or cut short" in sentence(content_of, tmp_path / "a.mgz")
    (tmp_path / "empty.mgz").write_bytes(gzip.compress(b""))
    assert "is empty" in sentence(content_of, tmp_path / "empty.mgz")


def test_no_more_is_unpacked_than_can_be_a_map(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MOST", 1000)
    (tmp_path / "a.mgz").write_bytes(gzip.compress(bytes(10**6)))
    assert "more than 1,000 bytes" in sentence(content_of, tmp_path / "a.mgz")
    (tmp_path / "a.mgh").write_bytes(bytes(1001))
    assert "more than 1,000 bytes" in sentence(content_of, tmp_path / "a.mgh")


def test_numbers_are_kept_or_refused():
    values = real_values("a", np.array([1.5, np.nan, -np.inf, 1e30]))
    np.testing.assert_array_equal(values, np.float32([1.5, np.nan, -np.inf, 1e30]))
    assert "too large" in sentence(real_values, "a", np.array([1e39]))
    assert "complex" in sentence(real_values, "a", np.array([1j]))
    np.testing.assert_array_equal(whole_numbers("a", np.array([3.0, -1])), [3, -1])
    for wrong in (0.5, np.nan, np.inf, 1e30):
        assert "must hold whole numbers" in sentence(whole_numbers, "a", np.array([1, wrong]))


def test_colours_of_numbers_all_differ():
    found = colours(np.arange(1, 2**16))
    assert len(np.unique(found, axis=0)) == 2**16 - 1
    assert found.any(axis=1).all()


@pytest.mark.parametrize("zero", [{}, {0: "Unknown"}])
def test_a_number_without_a_name_is_refused_but_0(zero):
    labels = labels_of("a", np.array([0, 2, -3]), {2: " two ", -3: "minus", 9: "unused"} | zero)
    np.testing.assert_array_equal(labels.numbers, [0, 2, -3])
    assert labels.names == {2: "two", -3: "minus", 9: "unused"}
    assert sentence(labels_of, "a", np.array([0, 2]), {1: "one"}).endswith(
        "does not name; take the table of this atlas."
    )
