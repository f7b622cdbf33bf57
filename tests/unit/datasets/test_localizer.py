"""The Localizer's facts agree with nilearn's, and its subjects keep their own maps and variables."""

import json

import numpy as np
import pandas as pd
import pytest

from secondlevel.base.errors import InputError
from secondlevel.datasets.downloads import fetch_recorded
from secondlevel.datasets.localizer import (
    CONTRASTS,
    contrast_label,
    entry_url,
    index_url,
    map_entry,
    read_index,
    sample_table,
    slug,
)
from server import Server

LABEL = "LeftAuditoryClick"
MAP = "maps/sub-{subject}.nii.gz"


def table(**columns):
    return pd.DataFrame(columns, dtype=str)


def index_of(*subjects):
    return {map_entry(subject, LABEL): f"/id{subject}" for subject in subjects}


def test_contrasts_are_those_of_nilearn():
    from nilearn.datasets import func

    theirs = {name: words.title().replace(" ", "") for name, words in func.CONTRAST_NAME_WRAPPER.items()}
    assert theirs == CONTRASTS


def test_every_name_and_every_slug_finds_its_label():
    assert len({slug(name) for name in CONTRASTS}) == len(CONTRASTS) == 32
    for name, label in CONTRASTS.items():
        assert contrast_label(name) == contrast_label(slug(name)) == label
    assert slug("left button press (auditory cue)") == "left-button-press-auditory-cue"


def test_an_unknown_contrast_is_refused_with_the_near_ones():
    with pytest.raises(InputError, match=r"'left buton press \(auditory\)'.*'left button press \(auditory cue\)'"):
        contrast_label("left buton press (auditory)")
    with pytest.raises(InputError, match="did you mean '"):
        contrast_label("zzz")
    with pytest.raises(InputError, match="no contrast 'left-buton-press'; did you mean 'left button press'"):
        contrast_label("left-buton-press")


def test_addresses():
    entry = map_entry("S01", LABEL)
    folder = "/localizer/derivatives/spm_1st_level/sub-S01"
    assert entry == f"{folder}/sub-S01_task-localizer_acq-LeftAuditoryClick_cmaps.nii.gz"
    assert index_url("https://host") == "https://host/hwbm2/download"
    assert entry_url("https://host", {entry: "/5d27d9a5"}, entry) == "https://host/download/5d27d9a5/"


def test_an_entry_that_the_index_lacks_is_refused():
    with pytest.raises(InputError, match="sub-S02_task-localizer_acq-LeftAuditoryClick"):
        entry_url("https://host", index_of("S01"), map_entry("S02", LABEL))


@pytest.mark.parametrize("text", ["not json", "", "[1]", '{"/a": 1}', "\xff", "[" * 100_000])
def test_an_index_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "index.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=f"index {path} is not"):
        read_index(path)


def test_an_index_that_is_none_is_not_kept(tmp_path):
    with Server({"/hwbm2/download": b"{"}) as server, pytest.raises(InputError, match="is not JSON"):
        fetch_recorded(index_url(server.url), tmp_path / "index.json", tmp_path, 5, read_index)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_index_is_read(tmp_path):
    path = tmp_path / "index.json"
    path.write_text(json.dumps(index_of("S01")))
    assert read_index(path) == index_of("S01")


def test_subjects_keep_their_own_variables_and_maps():
    participants = table(participant_id=["S01", "S02", "S03", "S04"], age=["20", "21", "22", "23"])
    behaviour = table(participant_id=["S04", "S01", "S09", "S02"], pseudo=["40", "10", "90", np.nan])
    made = sample_table(participants, behaviour, index_of("S04", "S03", "S01"), LABEL, MAP)
    assert list(made.columns) == ["participant_id", "map", "age", "pseudo"]
    rows = made.astype(object).where(made.notna(), None).to_numpy().tolist()
    assert rows == [
        ["S01", "maps/sub-S01.nii.gz", "20", "10"],
        ["S02", None, "21", None],
        ["S03", "maps/sub-S03.nii.gz", "22", None],
        ["S04", "maps/sub-S04.nii.gz", "23", "40"],
    ]


def test_shared_columns_are_not_doubled_and_drop_nobody():
    participants = table(participant_id=["S01", "S02"], site=["a", "b"])
    behaviour = table(participant_id=["S01", "S02"], pseudo=["1", "2"], site=["a", "other"])
    made = sample_table(participants, behaviour, index_of("S01", "S02"), LABEL, MAP)
    assert list(made.columns) == ["participant_id", "map", "site", "pseudo"]
    assert list(made["site"]) == ["a", "b"]
    assert list(made["pseudo"]) == ["1", "2"]


@pytest.mark.parametrize("which", ["participants.tsv", "behavioural.tsv"])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (table(participant_id=["S01", "S01"]), "subject S01 twice"),
        (table(subject=["S01"]), "no column 'participant_id'"),
        (table(participant_id=["S01", np.nan]), "row without participant_id"),
    ],
)
def test_ids_that_do_not_identify_are_refused(which, bad, words):
    good = table(participant_id=["S01", "S02"])
    tables = (bad, good) if which == "participants.tsv" else (good, bad)
    with pytest.raises(InputError, match=f"{which} has .*{words}"):
        sample_table(*tables, index_of("S01"), LABEL, MAP)
