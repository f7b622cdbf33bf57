"""Whose locks are released before a run, and whose are not."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import start
from secondlevel.files import replacing


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A folder that a run has locked."""
    monkeypatch.chdir(tmp_path)
    start.LOCKS.mkdir(parents=True)
    (start.LOCKS / "0.input.lock").write_text("maps")
    return tmp_path


def owned_by(**owner):
    start.OWNER.write_text(json.dumps({"host": platform.node(), "pid": os.getpid(), "created": 0.0} | owner))


def test_locks_of_a_dead_run_are_released(locked, capsys):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    owned_by(pid=process.pid)
    assert start.release_locks()
    assert not list(start.LOCKS.iterdir())
    assert "The last run was killed" in capsys.readouterr().err
    assert json.loads(start.OWNER.read_text())["pid"] == os.getppid()


def test_a_number_that_another_process_has_got_since_is_no_run(locked):
    owned_by(created=1.0)
    assert start.release_locks()


@pytest.mark.parametrize("owner", [{"created": None}, {"host": "elsewhere"}])
def test_locks_of_a_run_that_goes_on_or_may_go_on_elsewhere_stay(locked, owner):
    if owner.get("created", 0) is None:
        owner = {"created": start.psutil.Process().create_time()}
    owned_by(**owner)
    assert not start.release_locks()
    assert list(start.LOCKS.iterdir())


def test_locks_of_nobody_known_stay(locked):
    assert not start.release_locks()
    start.OWNER.write_text("{")
    assert not start.release_locks()


def test_a_changed_file_is_kept_under_another_name(tmp_path, capsys):
    path = tmp_path / "results/a/file.tsv"
    with replacing(path) as part:
        part.write_text("written")
    path.write_text("changed")
    start.set_changed_aside(Path(tmp_path / "results"), only_look=True)
    assert path.read_text() == "changed"
    start.set_changed_aside(Path(tmp_path / "results"), only_look=False)
    assert not path.exists()
    assert path.with_name("file.tsv.changed").read_text() == "changed"
    assert capsys.readouterr().err.count("is not what was written there") == 2
