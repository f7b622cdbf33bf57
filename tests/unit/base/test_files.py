import os

import numpy as np
import pytest

from secondlevel.base.files import NOTES, is_changed, read_json, replacing, write_json


def test_a_file_is_whole_or_not_there(tmp_path):
    def half():
        with replacing(tmp_path / "new" / "file.txt") as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_file_is_known_to_be_as_it_was_written_or_not(tmp_path):
    path = tmp_path / "file.txt"
    with replacing(path) as part:
        part.write_text("written")
    note = tmp_path / NOTES / "file.txt"
    assert not is_changed(note)
    os.utime(path)  # the same content at another time
    assert not is_changed(note)
    path.write_text("Written")
    assert is_changed(note)
    path.write_text("writ")
    assert is_changed(note)
    path.unlink()
    assert not is_changed(note)


def test_json_refuses_nan_and_knows_numpy_numbers(tmp_path):
    write_json(tmp_path / "a.json", {"n": np.int64(3), "x": np.float64(0.5), "none": None})
    assert read_json(tmp_path / "a.json") == {"n": 3, "x": 0.5, "none": None}
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(tmp_path / "b.json", float("nan"))
