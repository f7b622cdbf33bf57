"""Stored results are held against the last ones of the same machine."""

import re

import pytest

import last
from common import read_table
from last import compared, store

CASE = ("contender", "voxels")


def row(seconds=2.79, machine="Model, 2 cores, 16 GB", **more):
    return {"contender": "secondlevel", "voxels": 68000, "seconds": seconds, "machine": machine} | more


def test_what_got_slower_is_named_with_both_times():
    (line,) = compared([row()], [row(3.4)], CASE)
    assert line == "slower than the last: secondlevel, 68,000: seconds, 2.79 s → 3.40 s (1.22×)"


@pytest.mark.parametrize("seconds", [3.2, 2.79, 0.1])
def test_what_is_as_fast_or_faster_is_not(seconds):
    assert compared([row()], [row(seconds)], CASE) == ["nothing is slower than the last, in 1 of 1 cases"]


@pytest.mark.parametrize(
    ("measure", "before", "now", "expected"),
    [
        ("per_second", 407, 300, "slower than .* per_second, 407/s → 300/s .1.36×."),
        ("per_second", 300, 407, None),
        ("dry_run_cpu", 4.0, 6, "slower than .* dry_run_cpu, 4.00 s of CPU → 6.00 s of CPU .1.50×."),
        ("memory_peak_mb", 501, 700, "larger than .* memory_peak_mb, 501 MB → 700 MB .1.40×."),
        ("memory_peak_mb", 700, 501, None),
        ("observed_max_t", 1.0, 9.0, None),  # no measure of time or memory
        ("per_second", float("nan"), 10.0, None),
        ("workers_peak_mb", 0, 500, None),
    ],
)
def test_each_measure_has_its_direction_and_unit(measure, before, now, expected):
    lines = compared([row(**{measure: before})], [row(**{measure: now})], CASE)
    assert len(lines) == 1
    assert re.fullmatch(expected or "nothing is slower than the last, in 1 of 1 cases", lines[0])


def test_cases_are_told_apart_and_new_ones_have_nothing_to_be_held_against():
    before = [row(1.0), row(9.0, voxels=10)]
    now = [row(9.0, voxels=10), row(50.0, voxels=11), row(1.0)]
    assert compared(before, now, CASE) == ["nothing is slower than the last, in 2 of 3 cases"]
    slower = compared(before, [*now, row(2.0, contender="other")], CASE[1:])
    assert [re.findall(r"\((.*)×\)", line) for line in slower] == [["2.00"]]


def test_another_machine_is_said_and_not_compared():
    (line,) = compared([row(1.0, "Old, 4 cores, 8 GB")], [row(99.0)], CASE)
    assert line == ("the last results are of Old, 4 cores, 8 GB, these of Model, 2 cores, 16 GB: they are not compared")
    unnamed = {key: value for key, value in row(1.0).items() if key != "machine"}
    assert "of a machine that they do not name" in compared([unnamed], [row(99.0)], CASE)[0]
    assert compared([], [row()], CASE) == ["no results were stored before: there is nothing to compare with"]


def test_results_are_stored_with_their_machine_and_compared_once_more_are(tmp_path, capsys, monkeypatch):
    path, rows = tmp_path / "results" / "some.tsv", [{"contender": "a", "voxels": 10, "seconds": f"{1:.2f}"}]
    store(path, rows, CASE)
    assert capsys.readouterr().out.startswith("no results were stored before")
    assert read_table(path) == [{"contender": "a", "voxels": 10, "seconds": 1.0, "machine": last.machine()}]
    store(path, [rows[0] | {"seconds": f"{2:.2f}"}], CASE)
    assert capsys.readouterr().out == "slower than the last: a, 10: seconds, 1.00 s → 2.00 s (2.00×)\n"
    monkeypatch.setattr(last, "machine", lambda: "Another, 1 cores, 1 GB")
    store(path, rows, CASE)
    assert "they are not compared" in capsys.readouterr().out


def test_a_machine_is_its_processor_cores_and_memory_and_not_its_name():
    import platform

    assert re.fullmatch(r"\S.*\S, \d+ cores, \d+ GB", last.machine())
    assert platform.node() not in last.machine()
