"""What the terminal shows of a run."""

import logging
from types import SimpleNamespace

import pytest
from snakemake.logging import ColorizingTextHandler, LogEvent

from screen import Screen, last_error
from secondlevel.base.signs import shown as escaped


def record(message="", level=logging.INFO, **more):
    made = logging.LogRecord("snakemake", level, "", 0, message, (), None)
    made.__dict__.update(more)
    return made


def shown(screen, *records):
    """The lines that records become."""
    return [screen.format(one) for one in records if screen.filter(one)]


def test_a_job_is_a_line_with_its_step():
    screen = Screen()
    assert shown(screen, record(event=LogEvent.RUN_INFO, stats={"total": 20})) == []
    job = record(event=LogEvent.JOB_INFO, rule_msg="permute a: shuffles 1 of 2", rule_name="permute")
    (line,) = shown(screen, job)
    assert line.split("  ", 1)[1].split() == ["0/20", "permute", "a:", "shuffles", "1", "of", "2"]
    assert shown(screen, record(event=LogEvent.PROGRESS, done=3, total=21)) == []
    assert " 3/21  " in shown(screen, job)[0]


def test_a_dry_run_shows_the_number_of_jobs_of_each_rule_once():
    screen = Screen()
    screen.planning = True
    job = record(event=LogEvent.JOB_INFO, rule_msg="permute a: shuffles 1 of 2", rule_name="permute")
    jobs = record(event=LogEvent.RUN_INFO, stats={"permute": 20, "fit.a": 1, "fit.b-c": 1, "total": 22})
    (table,) = shown(screen, jobs, job, jobs)  # Snakemake has it at both ends of a dry run
    assert [line.split() for line in table.strip().splitlines()] == [
        ["Job", "stats:"],
        ["job", "count"],
        ["-" * 7, "-" * 7],
        ["permute", "20"],
        ["fit", "2"],
        ["total", "22"],
    ]


def test_a_dry_run_shows_nothing_before_its_words_and_nothing_if_it_cannot_run():
    told = []
    for can_run in (True, False):
        screen = Screen()
        screen.planning, screen.words = True, lambda can_run=can_run: told.append("words") or can_run
        assert shown(screen, record("Building DAG of jobs...")) == []
        assert told == []
        assert shown(screen, record("Nothing to be done.")) == ["Nothing to be done."] * can_run
        assert told.pop() == "words"


@pytest.mark.parametrize(
    ("verbose", "others", "installed", "alone"),
    [(False, 0, True, True), (False, 1, True, False), (True, 0, False, False)],
)
def test_only_where_nobody_else_is_told_of_jobs_is_the_terminal_alone(verbose, others, installed, alone):
    handlers = [ColorizingTextHandler(), *[logging.NullHandler()] * others]
    workflow = SimpleNamespace(
        output_settings=SimpleNamespace(verbose=verbose, printshellcmds=False),
        logger_manager=SimpleNamespace(logger=SimpleNamespace(handlers=handlers)),
    )
    screen = Screen()
    screen.install(workflow)
    assert (screen.installed, screen.alone) == (installed, alone)


@pytest.mark.parametrize("noise", ["Building DAG of jobs...", "Select jobs to execute...", "Provided cores: 2"])
def test_noise_is_dropped_and_news_is_not(noise):
    assert shown(Screen(), record(noise)) == []
    assert shown(Screen(), record("Nothing to be done.")) == ["Nothing to be done."]
    assert shown(Screen(), record("Trying to restart job 3.")) == ["Trying to restart job 3."]


def test_names_do_nothing_to_the_terminal(tmp_path, capsys):
    screen, log = Screen(escaped), tmp_path / "fit.log"
    assert shown(screen, record("WorkflowError: no \x1b[2Jsuch\rfile")) == [r"WorkflowError: no \x1b[2Jsuch\x0dfile"]
    log.write_text("2026-01-01 10:00:00,2 ERROR the map of \x1b]0;title\x07\n")
    shown(screen, record("Error", logging.ERROR, event=LogEvent.JOB_ERROR, rule_name="fit", log=[str(log)]))
    screen.tell_failures()
    assert r"Error: the map of \x1b]0;title\x07" in capsys.readouterr().err


def test_a_failure_is_told_once_at_the_end_with_its_last_sentence_and_its_log(tmp_path, capsys):
    screen, log = Screen(), tmp_path / "fit.log"
    log.write_text(
        "2026-01-01 10:00:00,1 WARNING odd\n2026-01-01 10:00:00,2 ERROR first\n2026-01-01 10:00:01,1 ERROR last\n"
    )
    failed = record("Error in rule fit", logging.ERROR, event=LogEvent.JOB_ERROR, rule_name="fit", log=[str(log)])
    lines = shown(screen, failed, failed)  # tried twice
    assert all(line.endswith("fit has failed") for line in lines)
    assert screen.tell_failures()
    assert capsys.readouterr().err == f"\nError: last\nLog: {log}\n"
    assert not Screen().tell_failures()


def test_a_job_that_was_tried_again_and_did_not_fail_is_no_failure():
    screen, log = Screen(), "results/a/logs/fit.log"
    failed = record("Error in rule fit", logging.ERROR, event=LogEvent.JOB_ERROR, rule_name="fit", log=[log])
    started = record(event=LogEvent.JOB_INFO, rule_msg="fit a", rule_name="fit", log=[log])
    shown(screen, started, failed, started)
    assert not screen.tell_failures()


def test_the_jobs_of_a_group_are_told_each(tmp_path, capsys):
    screen, infos = (
        Screen(),
        [{"rule_name": name, "log": [str(tmp_path / f"{name}.log")]} for name in ("fit", "correct")],
    )
    failed = record("Error in group", logging.ERROR, event=LogEvent.GROUP_ERROR, job_error_info=infos)
    assert shown(screen, failed)[0].endswith("a group of jobs has failed")
    assert screen.tell_failures()
    assert capsys.readouterr().err.count("ended without a word in its log, as a job does that is killed") == 2


def test_a_log_without_an_error_has_no_last_one(tmp_path):
    (tmp_path / "a.log").write_text("2026-01-01 10:00:00,1 INFO fine\n")
    assert last_error(tmp_path / "a.log") is None
    assert last_error(tmp_path / "none.log") is None
