"""The tools on records that are none, on names that would do something, and on terminals that know few signs."""

import json
import os
import subprocess
import sys

import pytest

from conftest import REPO, tool
from secondlevel.base.files import digest, json_text
from secondlevel.report.provenance import is_of_a_repository, read_record, record_complaint, revision, sealed

ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def write_run(folder, result="design.tsv", analysis="a", **changes):
    """Results of an analysis with their record, in which some keys are others."""
    results = folder / "results" / "a"
    results.mkdir(parents=True)
    (results / result).write_text("x")
    (folder / "table.tsv").write_text("x")
    record = {
        "analysis": analysis, "revision": None, "software": {}, "machine": {}, "seed": 0, "config": {}, "settings": {},
        "inputs": {"table.tsv": digest(folder / "table.tsv")}, "outputs": {result: digest(results / result)},
    } | changes  # fmt: skip
    record = {key: value for key, value in record.items() if value != "none"}
    (results / "provenance.json").write_text(json_text(sealed(record)), encoding="utf-8")
    return results


def test_a_record_as_it_should_be_is_verified_and_not_packed_without_a_report(tmp_path):
    write_run(tmp_path)
    assert tool("verify", folder=tmp_path) == ("a: all 1 results are as recorded.\n", 0)
    printed, code = tool("archive", "out.tar.gz", folder=tmp_path)
    assert code == 1
    assert printed.endswith("Error: the report results/a/report.html is not there; run the workflow again.\n")


SHA = "0" * 64
# What a record holds in place of what it should, and what is said of it.
FORGED = {
    "no outputs": ({"outputs": {}}, "it lists no result"),
    "outputs gone": ({"outputs": "none"}, "it has no outputs"),
    "outputs a list": ({"outputs": ["design.tsv"]}, "it has no outputs"),
    "inputs null": ({"inputs": None}, "it has no inputs"),
    "no config": ({"config": "none"}, "it has no config"),
    "software text": ({"software": "numpy"}, "it has no software"),
    "checksum null": ({"outputs": {"design.tsv": None}}, "its outputs are not paths with their SHA-256"),
    "checksum short": ({"inputs": {"table.tsv": "00"}}, "its inputs are not paths with their SHA-256"),
    "path of null": ({"outputs": {"a\0b": SHA}}, "its outputs are not paths"),
    "path empty": ({"outputs": {"": SHA}}, "its outputs are not paths"),
    "path up": ({"outputs": {"../b/design.tsv": SHA}}, "it lists ../b/design.tsv, which is not in its folder"),
    "path away": ({"outputs": {"/etc/passwd": SHA}}, "it lists /etc/passwd, which is not in its folder"),
    "name up": ({"analysis": "../../out"}, "it does not name its analysis by letters"),
    "name absolute": ({"analysis": "/tmp/out"}, "it does not name its analysis"),
    "name with break": ({"analysis": "a\n"}, "it does not name its analysis"),
    "name empty": ({"analysis": ""}, "it does not name its analysis"),
    "name a number": ({"analysis": 3}, "it does not name its analysis"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_record_that_is_none_is_refused_in_a_sentence(tmp_path, name):
    changes, words = FORGED[name]
    write_run(tmp_path, **changes)
    for of_tool, arguments in (("verify", []), ("archive", ["out.tar.gz"])):
        printed, code = tool(of_tool, *arguments, folder=tmp_path)
        assert code == 1
        assert printed.startswith("Error: The record results/a/provenance.json is none that this workflow writes: ")
        assert words in printed
        assert printed.count("\n") == 1
    assert not (tmp_path / "out.tar.gz").exists()


@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{", "[" * 100_000, '{"analysis": NaN}', "\udcff"])
def test_a_file_that_is_no_record_is_refused_in_a_sentence(tmp_path, text):
    results = write_run(tmp_path)
    (results / "provenance.json").write_bytes(text.encode(errors="surrogateescape"))
    printed, code = tool("verify", folder=tmp_path)
    assert (printed, code) == (
        "Error: The record results/a/provenance.json itself was changed since it was written.\n",
        1,
    )


def test_two_folders_of_one_name_are_not_packed_as_one(tmp_path):
    results = write_run(tmp_path)
    other = write_run(tmp_path / "other")
    printed, code = tool("archive", "out.tar.gz", results, other, folder=tmp_path)
    assert code == 1
    assert "more than one of the folders holds the analysis a" in printed


def test_files_of_earlier_settings_are_told_and_no_fault(tmp_path):
    results = write_run(tmp_path)
    for name in ("contrast-old_stat-t_statmap.nii.gz", "logs.tsv", "design.tsv.changed", "calibration.json"):
        (results / name).touch()
    printed, code = tool("verify", folder=tmp_path)
    assert code == 0
    assert "a: all 1 results are as recorded.\na: 2 files are in results/a that" in printed
    assert "contrast-old_stat-t_statmap.nii.gz, logs.tsv; they are of earlier settings" in printed


@pytest.mark.parametrize("of_terminal", [{}, ASCII])
def test_names_do_nothing_to_a_terminal_whatever_signs_it_knows(tmp_path, of_terminal):
    absent = {"maps/Größe \x1b[2J.nii": SHA, "table.tsv": SHA}
    results = write_run(tmp_path, inputs=absent)
    (results / "日\x1b[31m\n.tsv").touch()
    printed, code = tool("verify", folder=tmp_path, **of_terminal)
    assert code == 1
    assert "\x1b" not in printed
    assert r"\x1b[2J.nii" in printed
    assert r"\x1b[31m\x0a.tsv" in printed
    assert ("Größe" in printed) == (not of_terminal)
    assert "Traceback" not in printed
    printed, code = tool("compare", "results", ".", folder=tmp_path, **of_terminal)
    assert code == 1
    assert r"\x1b[31m\x0a.tsv" in printed
    assert "Traceback" not in printed
    assert tool("verify", "\x1b[2J", folder=tmp_path, **of_terminal)[0].startswith(r"Error: There is no \x1b[2J/prov")


def test_a_record_is_checked_as_it_is_read(tmp_path):
    record = read_record(write_run(tmp_path) / "provenance.json")
    assert record_complaint(record) is None
    assert record["analysis"] == "a"


GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]


@pytest.fixture
def repositories(tmp_path):
    """Two repositories of one commit each."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", name]):
            subprocess.run([*GIT, *command], cwd=tmp_path / name, check=True)
    return tmp_path


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"])
def test_the_revision_is_that_of_the_folder_whatever_repository_the_environment_names(
    repositories, monkeypatch, variable
):
    expected = revision(str(repositories / "one"))
    assert len(expected) == 40
    assert expected != revision(str(repositories / "other"))
    end = {
        "GIT_DIR": ".git",
        "GIT_WORK_TREE": "",
        "GIT_INDEX_FILE": ".git/index",
        "GIT_OBJECT_DIRECTORY": ".git/objects",
    }
    monkeypatch.setenv(variable, str(repositories / "other" / end[variable]))
    assert revision(str(repositories / "one")) == expected


def test_the_configuration_of_git_is_left_to_the_user():
    assert [is_of_a_repository(name) for name in ("GIT_DIR", "GIT_CONFIG_GLOBAL", "PATH", "GIT_COMMON_DIR")] == [
        True, False, False, True,
    ]  # fmt: skip


FIGURE = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import pandas as pd
from secondlevel.figures.design import draw_design
from secondlevel.figures.style import save
contrasts = {"contrast": np.array(["age"]), "intercept": np.array(["0"]), "age": np.array(["1"])}
save(draw_design(pd.DataFrame({"intercept": [1.0, 1, 1], "age": [1.0, 2, 3]}), contrasts), "a.png", "a.svg")
"""
STYLE = "font.size: 30\nfigure.facecolor: red\nsvg.fonttype: none\nsavefig.transparent: True\nlines.linewidth: 9\n"


def test_a_style_in_the_working_folder_changes_no_figure(tmp_path):
    made = []
    for name, text in (("plain", ""), ("styled", STYLE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "matplotlibrc").write_text(text)
        command = [sys.executable, "-c", FIGURE, str(REPO / "workflow" / "scripts")]
        subprocess.run(command, cwd=tmp_path / name, check=True)
        made.append([(tmp_path / name / file).read_bytes() for file in ("a.png", "a.svg")])
    assert made[0] == made[1]


def test_a_dry_run_tells_names_on_a_terminal_that_knows_few_signs(tmp_path):
    analyses = {"a": {"dataset": "Größe \x1b[2J\n日", "table": "not there"}}
    command = [sys.executable, REPO / "workflow" / "scripts" / "outlook.py"]
    more = {"input": json.dumps(analyses), "text": True, "capture_output": True, "cwd": tmp_path}
    done = subprocess.run(command, env=os.environ | ASCII, **more)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"The dataset Gr\xf6\xdfe \x1b[2J\x0a\u65e5 will be made" in done.stdout
