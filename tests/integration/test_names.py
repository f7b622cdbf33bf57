"""Names that would be markup, code or commands, in real runs: Snakemake's report, the terminal, what is left over."""

import json
import os
import re
import shutil
import subprocess

import pytest

from conftest import snakemake, snakemake_command
from study import config, people, write_maps, write_table

END = "</script><script>window.hacked=1</script>"
RAW = "x\n\n.. raw:: html\n\n   <script>window.hacked=2</script>\n\n"
INCLUDE = "y\n\n.. include:: secret.txt\n\n"
LINK = "a`` `link <javascript:alert(1)>`_ ``b"
TERMINAL = "sub-\x1b[2JGröße"
MADE = ("results/a/figures/design.png", "results/a/excluded.tsv")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with results of a study of hostile names, and the arguments that name its config."""
    folder = tmp_path_factory.mktemp("names")
    table = people(12).rename(columns={"reading score": END})
    table["map"] = [f"maps/{number}.nii.gz" for number in range(12)]
    write_maps(folder, table, "{map}")
    table.loc[3, "participant_id"] = TERMINAL
    table.loc[4, "participant_id"] = END
    table.loc[3, "age"] = None
    write_table(folder / "participants.tsv", table)
    (folder / "secret.txt").write_text("the secret of this folder")
    columns = [{"column": name, "variable": "age"} for name in (RAW,)]
    columns += [{"column": INCLUDE, "variable": END}, {"column": LINK, "constant": 1}]
    settings = {"design": columns, "contrasts": [{"name": "age", "weights": [1, 0, 0]}], "exclude": [END]}
    settings["figures"] = {"formats": ["pdf"]}
    arguments = config(folder, own={"maps": "map"}, **settings)
    snakemake(folder, *arguments, "--", *MADE)
    assert (folder / "results/a/figures/design.pdf").read_bytes().startswith(b"%PDF")
    return folder, arguments


def test_snakemakes_report_holds_names_as_text(study, tmp_path):
    folder, arguments = study
    snakemake(folder, *arguments, "--report", tmp_path / "report.html", "--", *MADE)
    text = (tmp_path / "report.html").read_text()
    results = text[text.index('<script id="workflow-desc">') : text.index('<script id="logo">')]
    # What is within a script ends nowhere but where it should: after each of the page's own.
    assert re.findall(r"<script[^>]*>", results) == re.findall(r'<script id="[a-z-]+">', results)
    assert results.count("</script>") == results.count("<script")
    assert "the secret" not in text
    found = json.loads(re.search(r"var results = (.*);\n", results)[1])
    captions = [entry["caption"] for entry in found.values()]
    assert len(captions) == 9  # of six figures and three tables
    for caption in captions:
        assert set(re.findall("<([a-z]+)", caption)) <= {"p", "tt", "span", "div"}
        assert "href" not in caption
    assert any("window.hacked=2" in caption for caption in captions)


def test_a_dry_run_and_a_failed_run_tell_names_on_an_ascii_terminal(study):
    folder, _ = study
    settings = json.loads((folder / "mine.yaml").read_text())
    settings |= {"design": "ag\x1be", "analysis": "b"}
    (folder / "wrong.yaml").write_text(json.dumps(settings))
    (folder / "no_mask.yaml").write_text(json.dumps(settings | {"design": "age", "mask": "Größe.nii"}))
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    for name, arguments, words in (
        ("mine", ["-n"], rb"sub-\x1b[2JGr\xf6\xdfe: missing value of age"),
        ("wrong", [], rb"\x1b"),
        ("no_mask", ["-n"], rb"config key 'mask': the file Gr\xf6\xdfe.nii does not exist;"),
    ):
        command, environment = snakemake_command(folder, *arguments, "--configfile", folder / f"{name}.yaml")
        done = subprocess.run(command, env=environment | plain, capture_output=True)
        printed = done.stdout + done.stderr
        assert b"Traceback" not in printed
        assert b"\x1b[2J" not in printed
        assert words in printed, printed.decode()
        assert os.fsencode("Größe") not in printed


def test_a_map_whose_name_is_no_text_belongs_to_nobody(tmp_path):
    write_table(tmp_path / "participants.tsv", people(12))
    write_maps(tmp_path, people(12))
    os.close(os.open(os.fsencode(tmp_path / "maps") + b"/x\xff\n.nii.gz", os.O_CREAT))
    arguments = config(tmp_path, design="age", contrasts=[{"name": "age", "weights": "age"}])
    assert r"not analysed (1): maps/x\udcff .nii.gz" in snakemake(tmp_path, *arguments, "--dry-run")
    snakemake(tmp_path, *arguments, "--", "results/a/participants.tsv")
    assert (tmp_path / "results/a/maps_without_participant.tsv").read_text() == "map\nmaps/x\\udcff\\x0a.nii.gz\n"


def test_a_renamed_contrast_leaves_files_that_are_named(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "run", copy_function=shutil.copy2)
    folder = tmp_path / "run"
    old = folder / "results/a/contrast-old_stat-t_statmap.nii.gz"
    old.write_bytes(b"old")
    arguments = ("--configfile", folder / "mine.yaml")
    assert "Nothing to be done" in (printed := snakemake(folder, *arguments))
    assert f"1 file is in results/a that the settings of its results do not make: {old.name};" in printed
    old.unlink()
    assert "do not make" not in snakemake(folder, *arguments)
