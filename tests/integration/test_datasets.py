"""Snakemake downloads the two real datasets from a local server up to their sample tables and maps."""

import json
import subprocess

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from conftest import REPO, snakemake
from server import PAGE, Server, emotion_regulation, failing, status, truncated, well

SLUG = "left-button-press-auditory-cue"
TABLE = f"resources/localizer/{SLUG}_sample.tsv"
SUBJECTS = [f"S{i:02}" for i in range(1, 7)]
ATTEMPTS = 4  # the first one and three retries


def map_path(subject):
    return f"resources/localizer/maps/sub-{subject}_{SLUG}.nii.gz"


def address(subject):
    return f"/download/map{subject}/"


def run(folder, base_url, *targets, dataset="localizer", snakefile=None, fails=False, **settings):
    """Run the workflow in `folder` with the dataset on the local server; give what it printed."""
    override = folder / "override.yaml"
    override.write_text(json.dumps({"datasets": {dataset: {"base_url": base_url, "timeout": 5} | settings}}))
    configs = [REPO / "config" / f"{dataset}.yaml", override]
    return snakemake(folder, "--configfile", *configs, "--", *targets, snakefile=snakefile, fails=fails)


def image_bytes(folder, value):
    path = folder / "made.nii.gz"
    nib.save(nib.Nifti1Image(np.full((4, 5, 6), value, dtype=np.float32), np.eye(4)), path)
    return path.read_bytes()


@pytest.fixture
def answers(tmp_path_factory):
    """A Localizer of six subjects; the index has no map of S03, and the map of S0i holds the number i."""
    folder = tmp_path_factory.mktemp("made")
    entry = "/localizer/derivatives/spm_1st_level/sub-{0}/sub-{0}_task-localizer_acq-LeftAuditoryClick_cmaps.nii.gz"
    index = {entry.format(subject): f"/map{subject}" for subject in SUBJECTS if subject != "S03"}
    index |= {"/localizer/participants.tsv": "/people", "/localizer/phenotype/behavioural.tsv": "/scores"}
    people = "participant_id\tage\tsite\n" + "".join(f"S{i:02}\t{20 + i}\tkb\n" for i in range(1, 7))
    scores = "participant_id\tpseudo\tsite\n" + "".join(f"S{i:02}\t{i}.5\tkb\n" for i in (6, 5, 4, 3, 1))
    maps = {address(subject): image_bytes(folder, int(subject[1:])) for subject in SUBJECTS}
    return maps | {
        "/hwbm2/download": json.dumps(index).encode(),
        "/download/people/": people.encode(),
        "/download/scores/": scores.encode(),
    }


def downloads_in(folder):
    """All files below the dataset's folder but logs and benchmarks, part files included."""
    root = folder / "resources" / "localizer"
    files = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(str(path) for path in files if not {"logs", "benchmarks", ".checksums"} & set(path.parts))


def test_the_localizer_arrives_in_spite_of_a_failing_server(tmp_path, answers):
    with_map = [subject for subject in SUBJECTS if subject != "S03"]
    answers["/hwbm2/download"] = failing(2, well(answers["/hwbm2/download"]))
    answers[address("S01")] = failing(3, well(answers[address("S01")]))
    answers[address("S05")] = failing(1, well(answers[address("S05")]), code=503)
    targets = [TABLE, *map(map_path, with_map)]
    with Server(answers) as server:
        run(tmp_path, server.url, *targets)
        assert server.count("/hwbm2/download") == 3
        assert [server.count(address(subject)) for subject in SUBJECTS] == [4, 1, 0, 1, 2, 1]
        requests = server.requests.copy()
        output = run(tmp_path, server.url, *targets, timeout=6)  # no reason to download again
        assert "Nothing to be done" in output
        assert server.requests == requests

    table = pd.read_csv(tmp_path / TABLE, sep="\t", dtype=str)
    assert list(table.columns) == ["participant_id", "map", "age", "site", "pseudo"]
    assert list(table["participant_id"]) == SUBJECTS
    assert list(table["age"]) == ["21", "22", "23", "24", "25", "26"]
    assert list(table["pseudo"].fillna("n/a")) == ["1.5", "n/a", "3.5", "4.5", "5.5", "6.5"]
    assert list(table.loc[table["map"].isna(), "participant_id"]) == ["S03"]
    for subject, path in zip(table["participant_id"], table["map"], strict=True):
        if subject != "S03":
            data = nib.load((tmp_path / TABLE).parent / path).get_fdata()
            assert (data == int(subject[1:])).all()

    check = "cat registry/*.sha256 | sha256sum --check --strict"
    assert subprocess.run(check, shell=True, cwd=tmp_path / "resources" / "localizer").returncode == 0
    assert len(list((tmp_path / "resources" / "localizer" / "registry").glob("[!.]*"))) == 8
    log = (tmp_path / "resources" / "localizer" / "logs" / f"localizer_map_S04_{SLUG}.log").read_text()
    assert "non-commercial" in log
    assert "checksum was recorded" in log


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (status(500), "the server answered 500"),
        (truncated(b"x" * 9999, 99), "cut short (got 99 of 9999 bytes)"),
        (well(PAGE), "gave a web page (HTML)"),
    ],
)
def test_a_failure_that_stays_ends_in_one_sentence_and_no_map(tmp_path, answers, bad, words):
    answers[address("S02")] = bad
    with Server(answers) as server:
        output = run(tmp_path, server.url, map_path("S02"), fails=True)
        assert server.count(address("S02")) == ATTEMPTS
        assert output.count(f"Error: {server.url}{address('S02')}") == 1
        assert words in output
        assert "Traceback" not in output
    assert not [name for name in downloads_in(tmp_path) if "S02" in name]


def test_a_map_that_changed_on_the_server_is_refused(tmp_path, answers):
    with Server(answers) as server:
        run(tmp_path, server.url, map_path("S01"))
        (tmp_path / map_path("S01")).unlink()
        server.answers[address("S01")] = answers[address("S02")]
        output = run(tmp_path, server.url, map_path("S01"), fails=True)
    assert f"registry/sub-S01_{SLUG}.nii.gz.sha256 records" in output
    assert f"maps/sub-S01_{SLUG}.nii.gz" not in downloads_in(tmp_path)


def test_what_the_dataset_lacks_is_told(tmp_path, answers):
    with Server(answers) as server:
        output = run(tmp_path, server.url, map_path("S03"), fails=True)
        assert "index has no file" in output
        assert "sub-S03_task-localizer" in output
        wrong = "resources/localizer/left-buton-press_sample.tsv"
        output = run(tmp_path, server.url, wrong, contrast="left buton press", fails=True)
        assert "did you mean 'left button press'" in output
    assert not (tmp_path / wrong).exists()


def test_an_index_that_is_not_json_is_refused(tmp_path, answers):
    answers["/hwbm2/download"] = b"{"
    with Server(answers) as server:
        output = run(tmp_path, server.url, TABLE, fails=True)
    assert "is not JSON" in output
    assert downloads_in(tmp_path) == []


COLLECT = """
include: "{root}/workflow/rules/common.smk"
include: "{root}/workflow/rules/inputs.smk"
include: "{root}/workflow/rules/resources.smk"
include: "{root}/workflow/rules/datasets.smk"
rule collect:
    input:
        sample_table,
        sample_maps,
    output:
        "results/{{analysis}}/collected.txt",
    shell:
        "printf '%s\\n' {{input}} > {{output}}"
"""
MODULE = """
module inner:
    snakefile: "Collect.smk"
    config: config
    prefix: "inner"
use rule * from inner as inner_*
"""


@pytest.mark.parametrize("prefix", ["", "inner/"])
def test_later_stages_wait_for_the_maps_that_there_are(tmp_path, answers, prefix):
    (tmp_path / "Collect.smk").write_text(COLLECT.format(root=REPO))
    (tmp_path / "Module.smk").write_text(MODULE)
    snakefile = tmp_path / ("Module.smk" if prefix else "Collect.smk")
    with Server(answers) as server:
        run(tmp_path, server.url, f"{prefix}results/localizer/collected.txt", snakefile=snakefile)
    expected = [TABLE, *[map_path(subject) for subject in SUBJECTS if subject != "S03"]]
    assert (tmp_path / prefix / "results/localizer/collected.txt").read_text().split() == [
        prefix + path for path in expected
    ]
    table = pd.read_csv(tmp_path / prefix / TABLE, sep="\t", dtype=str)
    assert all(((tmp_path / prefix / TABLE).parent / path).exists() for path in table["map"].dropna())


def test_the_emotion_regulation_dataset_arrives(tmp_path, real_data):
    served = emotion_regulation(real_data)
    served["/older/con_00810030.img"] = failing(1, well(served["/older/con_00810030.img"]))
    folder = tmp_path / "resources" / "emotion_regulation"
    targets = [f"resources/emotion_regulation/maps/sub-{subject}.img" for subject in ("S01", "S30")]
    table = "resources/emotion_regulation/sample.tsv"
    with Server(served) as server:
        run(tmp_path, server.url, table, *targets, dataset="emotion_regulation")
        assert server.count("/older/con_00810030.img") == 2
        server.answers["/older/con_00810002.img"] = served["/older/con_00810001.img"]
        wrong = "resources/emotion_regulation/maps/sub-S02.img"
        output = run(tmp_path, server.url, wrong, dataset="emotion_regulation", fails=True)
        assert "workflow/checksums/emotion_regulation.txt records" in output
    table = pd.read_csv(folder / "sample.tsv", sep="\t")
    assert len(table) == 30
    assert list(table.columns)[:2] == ["participant_id", "map"]
    assert (folder / "maps" / "sub-S30.hdr").read_bytes() == (real_data / "con_00810030.hdr").read_bytes()
    assert (folder / table["map"].iloc[29]).read_bytes() == (real_data / "con_00810030.img").read_bytes()
    assert not (folder / "maps" / "sub-S02.img").exists()
    assert not (folder / "maps" / "sub-S02.hdr").exists()
