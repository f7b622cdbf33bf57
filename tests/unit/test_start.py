"""Whose locks are released before a run, and whose are not."""

import json
import os
import platform
import subprocess
import sys
import time
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


def noted(**run):
    """Note a run, by default one whose number has gone to this process."""
    runs = json.loads(start.RUNS.read_text()) if start.RUNS.exists() else []
    runs.append({"host": platform.node(), "pid": os.getpid(), "created": 1.0} | run)
    start.RUNS.write_text(json.dumps(runs))


def this_process():
    return {"created": start.psutil.Process().create_time()}


def test_locks_of_a_dead_run_are_released(locked, capsys):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    noted(pid=process.pid)
    assert start.release_locks()
    assert not list(start.LOCKS.iterdir())
    assert "The last run was killed" in capsys.readouterr().err
    assert [run["pid"] for run in json.loads(start.RUNS.read_text())] == [os.getppid()]


def test_a_number_that_another_process_has_got_since_is_no_run(locked):
    noted()
    assert start.release_locks()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_locks_of_a_run_that_goes_on_or_may_go_on_elsewhere_stay(locked, elsewhere):
    noted(**({"host": "elsewhere"} if elsewhere else this_process()))
    noted()  # a later one that is gone: it met the locks of the first
    assert not start.release_locks()
    assert list(start.LOCKS.iterdir())


def test_a_run_without_locks_is_remembered_while_it_may_get_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start.RUNS.parent.mkdir()
    noted(**this_process())
    noted(host="elsewhere", created=time.time())
    noted(host="elsewhere")
    noted()
    assert start.release_locks()
    runs = [(run["host"], run["pid"]) for run in json.loads(start.RUNS.read_text())]
    here = platform.node()
    assert runs == [(here, os.getpid()), ("elsewhere", os.getpid()), (here, os.getppid())]


def test_locks_of_nobody_known_stay(locked):
    assert not start.release_locks()
    start.RUNS.write_text("{")
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
