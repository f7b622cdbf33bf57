"""What a process takes, and whole studies whose steps are added up."""

import sys

import pytest

import large_studies
import runs
import steps
from common import as_read
from conftest import REPO

BUSY = "import time, subprocess, sys; print('a', flush=True); time.sleep(.4); print('b'); {}"
HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def test_a_call_has_the_time_of_its_first_line_and_of_its_children():
    child = "b = bytearray(300_000_000); import time\\nwhile time.process_time() < .3: pass"
    busy = BUSY.format(f'subprocess.run([sys.executable, "-c", """{child}"""])')
    call = runs.call([sys.executable, "-c", busy])
    assert call.printed == "a\nb\n"
    assert 0 < call.first < call.seconds - 0.4
    assert 0.3 <= call.cpu < call.seconds
    assert call.peak > 300e6


def test_a_call_that_fails_says_what_it_printed():
    with pytest.raises(RuntimeError, match="it is so"):
        runs.call([sys.executable, "-c", "print('it is so'); raise SystemExit(3)"])


def test_another_state_goes_first():
    assert list(runs.states(REPO)) == ["before", "this"]
    assert list(runs.states(None)) == ["this"]


def test_steps_are_those_of_all_chunks_and_contrasts(tmp_path):
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    jobs = {
        "permute_1-of-2": "9.0\t0:00:09\t100\t-\t-\t-\t-\t-\t-\t8.0",
        "permute_2-of-2": "7.0\t0:00:07\t200\t-\t-\t-\t-\t-\t-\t6.0",
        "correct_score": "1.5\t0:00:01\t50\t-\t-\t-\t-\t-\t-\t1.0",
        "own_table": "0.1\t0:00:00\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA",
    }
    for name, line in jobs.items():
        (folder / f"{name}.tsv").write_text(HEADER + line + "\n")
    found = steps.steps_of(tmp_path, "score")
    assert found["permute"] == {"jobs": 2, "seconds": 16, "cpu": 14, "peak_mb": pytest.approx(200 * 1.048576)}
    assert set(found) == {"permute", "correct", "own_table"}
    folded = steps.folded(found, ["permute"])
    assert folded["others"] == {"jobs": 2, "seconds": 1.6, "cpu": 1.0, "peak_mb": pytest.approx(50 * 1.048576)}
    assert sum(step["seconds"] for step in folded.values()) == pytest.approx(17.6)
    assert "others" not in steps.folded(found, list(found))


def test_the_table_of_steps_has_a_column_for_each_state_and_sums_at_the_end():
    about = {"study": "s", "nuisance": "smith", "subjects": 3000, "voxels": 67000, "shuffles": 10, "cores": 2}
    took = {"before": {"fit": "1.00", "others": "2.00", "total": "3.00"}, "this": {"map": "4.00"}}
    rows = [
        about | {"state": state, "step": step, "jobs": 1, "seconds": seconds, "cpu": "nan", "peak_mb": "1500"}
        for state, of_state in took.items()
        for step, seconds in of_state.items()
    ]
    text = large_studies.as_markdown(as_read(rows))
    assert text.splitlines()[0] == "**s, smith.** 3,000 subjects, 67,000 voxels, 10 shuffles; 2 cores."
    assert [line.split(" | ")[0] for line in text.splitlines()[4:]] == ["| fit", "| map", "| others", "| total"]
    assert "| fit | 1.00 |  | 1,500 |  |  |  |" in text
    assert "| map |  |  |  | 4.00 |  | 1,500 |" in text
