"""Every form in which maps are given is read for what it is: its kind, its files, its numbers."""

import numpy as np
import pytest

from analysed import analysed
from foretold import foretold
from kinds import FORMS, written
from study import config_of

AGE = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}


@pytest.mark.parametrize("name", FORMS)
def test_the_matrix_of_a_study_is_what_was_written(tmp_path, monkeypatch, name):
    own, table, values = written(name, tmp_path, 4)
    monkeypatch.chdir(tmp_path)
    _, n, kind, ending, parts = FORMS[name]
    found = analysed(own)
    assert (found.form.kind, found.form.ending, list(found.form.parts)) == (kind, ending, list(parts))
    assert list(found.selection.table["participant_id"][found.selection.kept]) == list(table["participant_id"])
    assert (found.space.size, found.matrix.dtype) == (n, np.float32)
    np.testing.assert_array_equal(found.matrix, values)
    if name == "BIDS, both hemispheres":
        assert found.extra == ["deriv/sub-99_hemi-L_space-fsLR_den-32k_thickness.shape.gii"]


@pytest.mark.parametrize("name", FORMS)
def test_a_dry_run_tells_what_the_maps_are(tmp_path, monkeypatch, name):
    own, table, _ = written(name, tmp_path, 4)
    monkeypatch.chdir(tmp_path)
    _, n, kind, _, parts = FORMS[name]
    lines = foretold(config_of(own=own, **AGE))
    (line,) = (line for line in lines if line.startswith("Maps of"))
    assert f"{len(table)} kept, 0 left out" in "\n".join(lines)
    told = {
        "surface": [f"({part})" for part in parts] if len(parts) > 1 else [f"{n} vertices"],
        "grayordinates": ["4 vertices of the left cortex"],
        "parcels": [f"{n} parcels"],
        "connectome": [f"6 nodes and {n} edges"],
        "volume": ["pixels"] if "axes" in own else ["3 mm"],
    }
    assert [words for words in told[kind] if words not in line] == []
