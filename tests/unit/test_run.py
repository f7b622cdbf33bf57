"""Whose locks are released before a run, and whose are not; what is told after one."""

import contextlib
import html
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.cli import get_argument_parser
from snakemake.settings.types import MaxJobsPerTimespan, SchedulingSettings

import run
from secondlevel.base.files import NOTES, is_changed, replacing
from secondlevel.base.signs import shown

# Another run of this workflow, which says so and lives until it is told to end.
LIVING = """
import sys
sys.path.insert(0, sys.argv[1])
import run
with run.Held() as held:
    {then}
    print("here", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder in which runs are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lock(number=0):
    """Lock some files as Snakemake does."""
    run.LOCKS.mkdir(parents=True, exist_ok=True)
    path = run.LOCKS / f"{number}.output.lock"
    path.write_text("results/a/maps.npy")
    return path


@contextlib.contextmanager
def another_run(then="pass"):
    """Another run in this folder, and what it does once it holds the lock."""
    command = [sys.executable, "-c", LIVING.format(then=then), str(Path(run.__file__).parent)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "here\n"
        yield process
    finally:
        process.kill()
        process.wait()


LOCKS_ALL = (
    "from pathlib import Path; p = run.LOCKS; p.mkdir(parents=True); (p / '0.output.lock').touch(); held.name_locks()"
)


def test_locks_that_a_killed_run_has_named_are_released(capsys):
    with another_run(LOCKS_ALL):
        assert list(run.LOCKS.iterdir())
    with run.Held() as held:
        assert not list(run.LOCKS.iterdir())
        assert held.free
    assert "The last run was killed" in capsys.readouterr().err
    with run.Held():
        assert capsys.readouterr().err == ""


def test_locks_of_a_run_that_lives_stay_however_the_clock_or_the_processes_are_counted(capsys, monkeypatch):
    with another_run(LOCKS_ALL):
        # Neither numbers of processes nor times are asked for: another namespace or a stepped clock cannot deceive.
        monkeypatch.setattr(os, "getpid", lambda: 1)
        monkeypatch.setattr("time.time", lambda: 0.0)
        with run.Held() as held:
            assert list(run.LOCKS.iterdir())
            assert not held.free
    assert capsys.readouterr().err == ""


def test_of_two_runs_one_killed_and_one_alive_the_locks_of_both_stay():
    with another_run(LOCKS_ALL) as first:
        with another_run("pass"):
            first.kill()
            first.wait()
            with run.Held() as held:
                assert list(run.LOCKS.iterdir())
                assert not held.free
        with run.Held() as held:
            assert held.free


def test_locks_that_no_run_has_named_stay():
    path = lock()
    with run.Held() as held:
        assert path.exists()
        assert not held.free
        lock(1)
        held.name_locks()
    with run.Held():
        assert [path.name for path in run.LOCKS.iterdir()] == ["0.output.lock"]


@pytest.mark.parametrize("change", ["host", "file"])
def test_locks_that_another_machine_named_or_that_are_others_by_now_stay(change, monkeypatch):
    with run.Held() as held:
        path = lock()
        held.name_locks()
    if change == "host":
        monkeypatch.setattr(run.platform, "node", lambda: "elsewhere")
    else:
        path.unlink()
        lock()
        os.utime(path, ns=(1, 1))
    with run.Held():
        assert path.exists()


def test_a_lock_file_that_was_cut_short_is_no_error():
    path = lock()
    run.HELD.write_text(json.dumps(run.identity(path))[:-3])
    with run.Held():
        assert path.exists()


def test_where_the_file_system_has_no_locks_nothing_is_released(monkeypatch):
    with run.Held() as held:
        path = lock()
        held.name_locks()

    def refuse(*_):
        raise OSError("no locks available")

    monkeypatch.setattr(run.fcntl, "flock", refuse)
    with run.Held() as held:
        assert path.exists()
        assert not held.free


class Workflow:
    """What `surround` needs of Snakemake's workflow."""

    def __init__(self, output="results/a/report.html", error=None):
        job = SimpleNamespace(output=[output])
        self.dag, self.error, self.executed = SimpleNamespace(jobs=[job]), error, 0
        self.scheduling_settings = SchedulingSettings(max_jobs_per_timespan=MaxJobsPerTimespan.parse_choice("100/1s"))

    def onstart(self, function):
        self.begin = function

    def execute(self, executor_plugin, **more):
        self.executed += 1
        if self.error:
            raise self.error
        return more


def executor(dryrun=False, touch=False, local=True):
    settings = SimpleNamespace(dryrun_exec=dryrun, touch_exec=touch, local_exec=local)
    return SimpleNamespace(common_settings=settings, executor=SimpleNamespace(printjob="says"))


def nothing(folder):
    return None


def surrounded(workflow, can_run=True, failures=False, leftovers=nothing, write_index=nothing):
    last = {"leftovers": leftovers, "write_index": write_index}
    screen = SimpleNamespace(planning=None, installed=False, alone=False, tell_failures=lambda: failures)
    note, reports = (NOTES, is_changed), ["results/a/report.html"]
    run.surround(workflow, lambda: lambda: can_run, note, screen, reports, partial(run.tell_answers, **last))
    return screen


@pytest.fixture
def changed():
    """A result that is not what was written."""
    path = Path("results/a/file.tsv")
    with replacing(path) as part:
        part.write_text("written")
    path.write_text("changed")
    return path


def test_snakemakes_own_limit_of_jobs_is_the_one_that_is_taken_away():
    own = next(a for a in get_argument_parser()._actions if a.dest == "max_jobs_per_timespan").default
    limit = MaxJobsPerTimespan.parse_choice(own)
    assert (limit.max_jobs, limit.timespan) == run.OWN_LIMIT


@pytest.mark.parametrize(
    ("local", "given", "stays"),
    [(True, "100/1s", False), (False, "100/1s", True), (True, "1/1s", True), (True, "100/1m", True)],
)
def test_jobs_of_this_machine_start_as_cores_are_free_but_where_a_limit_is_asked_for(local, given, stays):
    workflow = Workflow()
    limit = workflow.scheduling_settings.max_jobs_per_timespan = MaxJobsPerTimespan.parse_choice(given)
    surrounded(workflow)
    workflow.execute(executor_plugin=executor(local=local))
    assert workflow.scheduling_settings.max_jobs_per_timespan == (limit if stays else None)


def test_only_a_run_that_executes_moves_a_changed_result(changed, capsys):
    workflow = Workflow(output="results/a/other")
    screen = surrounded(workflow)
    workflow.execute(executor_plugin=executor(dryrun=True), scheduler=1)
    assert "file.tsv is not what was written there" in capsys.readouterr().err
    assert screen.planning
    workflow.execute(executor_plugin=executor(touch=True))
    assert changed.read_text() == "changed"
    with another_run():
        workflow.execute(executor_plugin=executor())
    assert changed.read_text() == "changed"
    assert workflow.execute(executor_plugin=executor(), scheduler=1) == {"scheduler": 1}
    assert not changed.exists()
    assert changed.with_name("file.tsv.changed").read_text() == "changed"
    assert workflow.executed == 4


@pytest.mark.parametrize("error", [None, ValueError("no such rule")])
def test_a_dry_run_of_what_cannot_run_ends_there(error):
    workflow = Workflow(error=error)
    screen = surrounded(workflow, can_run=False)
    with pytest.raises(SystemExit):
        workflow.execute(executor_plugin=executor(dryrun=True))
    assert not screen.words()  # nothing of the plan is shown


@pytest.mark.parametrize(("dryrun", "alone"), [(True, True), (True, False), (False, True)])
def test_a_dry_run_does_not_word_jobs_that_nobody_sees(dryrun, alone):
    workflow, plugin = Workflow(output="results/a/other"), executor(dryrun=dryrun)
    surrounded(workflow).alone = alone
    workflow.execute(executor_plugin=plugin)
    assert (plugin.executor.printjob == "says") != (dryrun and alone)


def test_what_is_wrong_with_a_plan_is_told_after_the_words_of_the_dry_run():
    workflow = Workflow(error=ValueError("no such rule"))
    surrounded(workflow)
    with pytest.raises(ValueError, match="no such rule"):
        workflow.execute(executor_plugin=executor(dryrun=True))


def test_the_last_words_are_the_answer_as_the_report_has_it(capsys):
    answer = 'a, x: 3 of 9 voxels pass (t > 4).\na, "y" & z: No voxel passes.'
    report = Path("results/a/report.html")
    report.parent.mkdir(parents=True)
    report.write_text(f'<html><head>\n{run.MARK}{html.escape(answer)}">\n</head></html>')
    workflow = Workflow()
    surrounded(workflow)
    workflow.execute(executor_plugin=executor())
    assert capsys.readouterr().err == f"\n{answer}\nReport: results/a/report.html\n"
    report.unlink()  # as in a run --until an earlier rule
    workflow.execute(executor_plugin=executor())
    assert capsys.readouterr().err == ""
    report.write_text(f'{run.MARK}{html.escape(answer)}">')
    other = Workflow(output="results/a/mask.nii.gz")  # a run of something else says nothing of an earlier report
    surrounded(other)
    other.execute(executor_plugin=executor())
    assert capsys.readouterr().err == ""


def test_files_of_earlier_settings_are_named_at_the_end_of_a_run_that_made_the_report(capsys):
    report = Path("results/a/report.html")
    report.parent.mkdir(parents=True)
    report.touch()
    for output, told in ((str(report), "\nresults/a has files of old.\n"), ("results/a/mask.nii.gz", "")):
        workflow = Workflow(output=output)
        surrounded(workflow, leftovers=lambda folder: f"{folder} has files of old.")
        workflow.execute(executor_plugin=executor())
        assert capsys.readouterr().err == told


def test_what_is_told_does_nothing_to_the_terminal(capsys, monkeypatch):
    monkeypatch.setattr(run, "shown", shown)
    run.told("results/a/\x1b[2J is not what was written there")
    assert capsys.readouterr().err == "results/a/\\x1b[2J is not what was written there\n"


def test_a_failure_that_was_told_ends_the_run_and_another_goes_on():
    workflow = Workflow(error=ValueError("inside"))
    surrounded(workflow, failures=True)
    with pytest.raises(SystemExit):
        workflow.execute(executor_plugin=executor())
    workflow = Workflow(error=ValueError("inside"))
    surrounded(workflow)
    with pytest.raises(ValueError, match="inside"):
        workflow.execute(executor_plugin=executor())


def test_a_folder_that_cannot_be_written_ends_the_run(monkeypatch, capsys):
    workflow = Workflow()
    surrounded(workflow)
    monkeypatch.setattr(run.tempfile, "TemporaryFile", lambda dir: (_ for _ in ()).throw(OSError(30, "Read-only")))
    with pytest.raises(SystemExit):
        workflow.execute(executor_plugin=executor())
    assert "the folder results cannot be written (Read-only)" in capsys.readouterr().err
    assert workflow.executed == 0


def test_the_page_of_all_analyses_is_named_at_the_end_of_a_run_that_made_a_report(capsys):
    report = Path("results/a/report.html")
    report.parent.mkdir(parents=True)
    report.touch()
    for output, told in ((str(report), "\nAll analyses: results/index.html\n"), ("results/a/mask.nii.gz", "")):
        workflow = Workflow(output=output)
        surrounded(workflow, write_index=lambda folder: folder / "index.html")
        workflow.execute(executor_plugin=executor())
        assert capsys.readouterr().err == told
