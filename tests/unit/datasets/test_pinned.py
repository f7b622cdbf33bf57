"""The emotion regulation dataset: thirty rows for thirty images, and pinned checksums that the files have."""

from pathlib import Path

import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.base.tables import numbers, read_table
from secondlevel.datasets.downloads import fetch
from secondlevel.datasets.pinned import sample_table
from secondlevel.space.images import read_image
from server import Server

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "datasets" / "emotion_regulation"
BEHAVIOUR = "Wager_2008_emotionreg_behavioral_data.txt"
SUBJECTS = [f"S{i:02}" for i in range(1, 31)]
MAP = "maps/sub-{subject}.img"

with_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the dataset is not in {DATA}")


def checksums():
    lines = (ROOT / "workflow" / "checksums" / "emotion_regulation.txt").read_text().splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def test_each_file_is_pinned():
    images = [f"older/con_0081{i:04}.{part}" for i in range(1, 31) for part in ("hdr", "img")]
    assert set(checksums()) == {BEHAVIOUR, *images}
    assert len(set(checksums().values())) > 30
    assert all(len(digest) == 64 for digest in checksums().values())


def test_row_i_belongs_to_subject_i():
    made = sample_table(pd.DataFrame({"score": ["5", "6"]}), ["S01", "S02"], MAP)
    assert made.to_dict("list") == {
        "participant_id": ["S01", "S02"],
        "map": ["maps/sub-S01.img", "maps/sub-S02.img"],
        "score": ["5", "6"],
    }


@pytest.mark.parametrize("rows", [29, 31])
def test_another_number_of_rows_is_refused(rows):
    with pytest.raises(InputError, match=f"{rows} rows for 30 images"):
        sample_table(pd.DataFrame({"score": ["1"] * rows}), SUBJECTS, MAP)


@with_data
def test_the_pinned_checksums_are_those_of_the_files(tmp_path):
    with Server(folder=DATA) as server:
        for name, digest in checksums().items():
            fetch(f"{server.url}/{Path(name).name}", tmp_path / Path(name).name, 5, digest, "checksums")
    assert len(list(tmp_path.glob("[!.]*"))) == 61
    data, affine = read_image(tmp_path / "con_00810030.img")
    assert data.shape == (47, 56, 31)
    assert data.any()
    assert affine[0, 0] == -3.4375


@with_data
def test_a_file_under_another_name_fails_its_checksum(tmp_path):
    digest = checksums()["older/con_00810001.img"]
    with Server(folder=DATA) as server, pytest.raises(InputError, match="sha256"):
        fetch(f"{server.url}/con_00810002.img", tmp_path / "sub-S01.img", 5, digest, "checksums")
    assert list(tmp_path.iterdir()) == []


@with_data
def test_the_real_table_has_thirty_subjects():
    table = sample_table(read_table(DATA / BEHAVIOUR), SUBJECTS, MAP)
    assert len(table) == 30
    success = numbers(table, "Y_Reappraisal_Success", BEHAVIOUR)
    assert success.notna().all()
    assert success.iloc[0] == 0.5518
