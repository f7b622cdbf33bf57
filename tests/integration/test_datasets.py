"""Snakemake downloads the two real datasets from a local server up to their sample tables and maps."""

import json
import shutil
import subprocess

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from conftest import REPO, ran, snakemake
from server import Server, emotion_regulation, failing, well

SLUG = "left-button-press-auditory-cue"
TABLE = f"resources/localizer/{SLUG}_sample.tsv"
SAMPLE = "results/localizer/sample.tsv"
SUBJECTS = ["S01", "S02", "S03"]
ATTEMPTS = 4  # the first one and three retries


def map_path(subject):
    return f"resources/localizer/maps/sub-{subject}_{SLUG}.nii.gz"


def address(subject):
    return f"/download/map{subject}/"


def run(folder, server, *targets, dataset="localizer", snakefile=None, fails=False, **settings):
    """Run the workflow in `folder` with the dataset on the local server; give what it printed."""
    override = folder / "override.yaml"
    override.write_text(json.dumps({"datasets": {dataset: {"base_url": server.url, "timeout": 5} | settings}}))
    configs = [REPO / "config" / f"{dataset}.yaml", override]
    end = ["--keep-going"] if fails else []
    return snakemake(folder, "--configfile", *configs, *end, "--", *targets, snakefile=snakefile, fails=fails)


def image_bytes(folder, value):
    path = folder / "made.nii.gz"
    nib.save(nib.Nifti1Image(np.full((4, 5, 6), value, dtype=np.float32), np.eye(4)), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """A Localizer of three subjects; S02 has no score, the index no map of S03; the map of S0i holds the number i."""
    folder = tmp_path_factory.mktemp("made")
    entry = "/localizer/derivatives/spm_1st_level/sub-{0}/sub-{0}_task-localizer_acq-LeftAuditoryClick_cmaps.nii.gz"
    index = {entry.format(subject): f"/map{subject}" for subject in SUBJECTS if subject != "S03"}
    index |= {"/localizer/participants.tsv": "/people", "/localizer/phenotype/behavioural.tsv": "/scores"}
    people = "participant_id\tage\tsite\n" + "".join(f"S{i:02}\t{20 + i}\tkb\n" for i in range(1, 4))
    scores = "participant_id\tpseudo\tsite\n" + "".join(f"S{i:02}\t{i}.5\tkb\n" for i in (3, 1))
    maps = {address(subject): image_bytes(folder, int(subject[1:])) for subject in SUBJECTS}
    return maps | {
        "/hwbm2/download": json.dumps(index).encode(),
        "/download/people/": people.encode(),
        "/download/scores/": scores.encode(),
    }


@pytest.fixture(scope="module")
def failing_server(answers):
    """A server of the Localizer that fails at first."""
    at_first = {"/hwbm2/download": failing(2, well(answers["/hwbm2/download"]))}
    at_first[address("S01")] = failing(1, well(answers[address("S01")]), code=503)
    with Server(answers | at_first) as server:
        yield server


@pytest.fixture(scope="module")
def localizer(tmp_path_factory, failing_server):
    """A folder in which the sample of the Localizer was made, and how often each file was asked for."""
    folder = tmp_path_factory.mktemp("localizer")
    run(folder, failing_server, SAMPLE)
    return folder, failing_server.requests.copy()


def test_the_localizer_arrives_in_spite_of_a_failing_server(localizer):
    folder, requests = localizer
    assert requests["/hwbm2/download"] == 3
    assert [requests[address(subject)] for subject in SUBJECTS] == [2, 1, 0]

    table = pd.read_csv(folder / TABLE, sep="\t", dtype=str)
    assert list(table.columns) == ["participant_id", "map", "age", "site", "pseudo"]
    assert list(table["participant_id"]) == SUBJECTS
    assert list(table["age"]) == ["21", "22", "23"]
    assert list(table["pseudo"].fillna("n/a")) == ["1.5", "n/a", "3.5"]
    assert list(table.loc[table["map"].isna(), "participant_id"]) == ["S03"]
    for subject, path in zip(table["participant_id"], table["map"], strict=True):
        if subject != "S03":
            data = nib.load((folder / TABLE).parent / path).get_fdata()
            assert (data == int(subject[1:])).all()

    resources = folder / "resources" / "localizer"
    check = "cat registry/*.sha256 | sha256sum --check --strict"
    assert subprocess.run(check, shell=True, cwd=resources).returncode == 0
    assert len(list((resources / "registry").glob("[!.]*"))) == 5
    log = (resources / "logs" / f"localizer_map_S02_{SLUG}.log").read_text()
    assert "non-commercial" in log
    assert "checksum was recorded" in log


def means_in(folder):
    """The mean of each subject's map, as a later stage found it."""
    return pd.read_csv(folder / "results/localizer/quality.tsv", sep="\t")["mean"].fillna(0).tolist()


def test_later_stages_wait_for_the_maps_that_there_are(localizer):
    folder, _ = localizer
    assert means_in(folder) == [1, 2, 0]
    reasons = pd.read_csv(folder / "results/localizer/excluded.tsv", sep="\t").to_numpy().tolist()
    assert reasons == [["S02", "missing value of pseudo"], ["S03", "no map is listed for this subject"]]


MODULE = """
module inner:
    snakefile: {snakefile}
    config: config
    prefix: "inner"
use rule * from inner as inner_*
"""


def test_later_stages_wait_for_the_maps_that_there_are_in_a_part_with_a_prefix(tmp_path, answers):
    (tmp_path / "Snakefile").write_text(MODULE.format(snakefile=json.dumps(str(REPO / "Snakefile"))))
    with Server(answers) as server:
        run(tmp_path, server, f"inner/{SAMPLE}", snakefile=tmp_path / "Snakefile")
    assert means_in(tmp_path / "inner") == [1, 2, 0]
    table = pd.read_csv(tmp_path / "inner" / TABLE, sep="\t", dtype=str)
    assert all(((tmp_path / "inner" / TABLE).parent / path).exists() for path in table["map"].dropna())
    assert not (tmp_path / "resources").exists()


def test_a_failure_that_stays_ends_in_one_sentence_and_no_map(localizer, failing_server, tmp_path):
    """S01 is still there, S02 is another map by now; another timeout is no reason to download."""
    folder, url = tmp_path / "run", f"{failing_server.url}{address('S02')}"
    shutil.copytree(localizer[0], folder)
    (folder / map_path("S02")).unlink()
    failing_server.requests.clear()
    failing_server.answers[address("S02")] = failing_server.answers[address("S03")]
    output = run(folder, failing_server, TABLE, map_path("S01"), map_path("S02"), fails=True, timeout=6)
    assert ran(folder) == {"localizer_map": 1}
    assert failing_server.requests == {address("S02"): ATTEMPTS}
    assert output.count(f"Error: {url} has the sha256") == 1
    assert f"registry/sub-S02_{SLUG}.nii.gz.sha256 records" in output
    assert "Traceback" not in output
    assert [path.name for path in (folder / map_path("S01")).parent.glob("*.gz")] == [f"sub-S01_{SLUG}.nii.gz"]


def test_the_emotion_regulation_dataset_arrives_and_a_wrong_map_is_refused(tmp_path, real_data):
    served = emotion_regulation(real_data)
    served["/older/con_00810030.img"] = failing(1, well(served["/older/con_00810030.img"]))
    served["/older/con_00810002.img"] = served["/older/con_00810001.img"]
    folder = tmp_path / "resources" / "emotion_regulation"
    names = ["sample.tsv", *(f"maps/sub-{subject}.img" for subject in ("S02", "S30"))]
    targets = [f"resources/emotion_regulation/{name}" for name in names]
    with Server(served) as server:
        output = run(tmp_path, server, *targets, dataset="emotion_regulation", fails=True)
        assert server.count("/older/con_00810030.img") == 2
        assert output.count(f"Error: {server.url}/older/con_00810002.img has the sha256") == 1
        assert output.count("Error: ") == 1  # the map that came at the second try is no failure
    assert "workflow/checksums/emotion_regulation.txt records" in output
    table = pd.read_csv(folder / "sample.tsv", sep="\t")
    assert len(table) == 30
    assert list(table.columns)[:2] == ["participant_id", "map"]
    assert (folder / "maps" / "sub-S30.hdr").read_bytes() == (real_data / "con_00810030.hdr").read_bytes()
    assert (folder / table["map"].iloc[29]).read_bytes() == (real_data / "con_00810030.img").read_bytes()
    assert not (folder / "maps" / "sub-S02.img").exists()
    assert not (folder / "maps" / "sub-S02.hdr").exists()
