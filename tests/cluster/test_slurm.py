"""The workflow on a Slurm of two nodes: the same results, and what goes wrong there, for real.

`make test-slurm` installs what this needs; without it, or not as root, the tests skip.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import REPO, ran, same_results, snakemake
from loopback import Slurm, installed
from study import config, people, write_maps, write_table

pytestmark = pytest.mark.skipif(not installed(), reason="Slurm is not installed here, or not for this user")
MAP = "results/a/contrast-age_stat-logp_desc-maxT_statmap.nii.gz"
# Enough shuffles, smoothed each, for a chunk to take some seconds.
SLOW = {
    "design": "age + group",
    "factors": {"group": None},
    "contrasts": [{"name": "age", "weights": "age"}],
    "permutation": {"count": 4000, "chunks": 4, "statistic": {"pseudo_t": 4}},
}


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    with Slurm(tmp_path_factory.mktemp("slurm") / "run") as slurm:
        yield slurm


def start(slurm, folder, *arguments):
    """Start a run with the project's profile for Slurm; its output goes to a file."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", REPO / "Snakefile", "--directory", folder]
    command += ["--profile", REPO / "profiles" / "slurm", "--workflow-profile", REPO / "profiles" / "default"]
    command += ["--slurm-init-seconds-before-status-checks", "5", "--latency-wait", "10", *arguments]
    with open(folder / "run.log", "w") as log:
        out = {"stdout": log, "stderr": subprocess.STDOUT}
        return subprocess.Popen([str(part) for part in command], env=slurm.environment, **out)


def finish(run, folder, fails=False):
    """Wait for a run, and give what it printed."""
    code = run.wait(timeout=600)
    printed = (folder / "run.log").read_text()
    assert (code != 0) == fails, printed
    return printed


def wait_for(condition, run, folder, seconds=120):
    """The first true value of a condition while a run goes on."""
    deadline = time.monotonic() + seconds
    while run.poll() is None and time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError((folder / "run.log").read_text())


def new_study(folder):
    """A study, and the arguments that run it with four chunks."""
    write_table(folder / "participants.tsv", people())
    write_maps(folder, people())
    return *config(folder, **SLOW), "--set-scatter", "permutations=4"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The slow study, run on this machine without faults."""
    folder = tmp_path_factory.mktemp("undisturbed")
    snakemake(folder, *new_study(folder), "--", MAP)
    return folder


@pytest.fixture
def half_way(undisturbed, tmp_path):
    """A folder in which the study was run up to the permutations, and the arguments that run the rest."""
    folder = tmp_path / "run"
    shutil.copytree(undisturbed, folder)
    for path in (*folder.glob("results/a/contrast-*"), *folder.glob("results/a/permutation/*.npz")):
        path.unlink()
    return folder, (*config(folder, **SLOW), "--set-scatter", "permutations=4")


def test_the_default_analysis_on_two_nodes_gives_what_this_machine_gives(slurm, default_run, tmp_path):
    finish(start(slurm, tmp_path), tmp_path)
    chunks = [job for job in slurm.jobs() if job["rule"].startswith("rule_permute")]
    print("\n", *slurm.jobs(), sep="\n")
    assert len(chunks) == 8
    assert {job["node"] for job in chunks} == {"n1", "n2"}
    assert {job["state"] for job in slurm.jobs()} == {"COMPLETED"}
    same_results(tmp_path, default_run)


def running_chunks(slurm, before):
    """The running jobs that permute, without those of earlier tests."""
    jobs = [job for job in slurm.jobs() if job["rule"].startswith("rule_permute") and job["id"] not in before]
    return [job for job in jobs if job["state"] == "RUNNING"]


@pytest.fixture
def before(slurm):
    return {job["id"] for job in slurm.jobs()}


def test_a_cancelled_job_and_a_killed_run_are_made_good_by_a_plain_rerun(slurm, before, undisturbed, half_way):
    folder, arguments = half_way
    run = start(slurm, folder, *arguments, "--retries", "0", "--", MAP)
    job = wait_for(lambda: running_chunks(slurm, before), run, folder)[0]
    slurm.run("scancel", job["id"])
    finish(run, folder, fails=True)
    done = len(list(folder.glob("results/a/permutation/chunk-*.npz")))

    before |= {job["id"] for job in slurm.jobs()}
    run = start(slurm, folder, *arguments, "--", MAP)
    wait_for(lambda: running_chunks(slurm, before), run, folder)
    assert ran(folder) == {"permute": 4 - done, "reduce_null": 1, "correct": 1}
    run.kill()  # its jobs go on
    run.wait()

    printed = finish(start(slurm, folder, *arguments, "--", MAP), folder)
    assert "The last run was killed" in printed
    assert set(ran(folder)) <= {"permute", "reduce_null", "correct"}
    same_results(folder, undisturbed)


def test_a_job_that_needs_more_memory_gets_it_when_tried_again(slurm, undisturbed, half_way):
    folder, arguments = half_way
    little = "permute:mem_mb=100 if attempt == 1 else 1500"
    printed = finish(start(slurm, folder, *arguments, "--set-resources", little, "--", MAP), folder)
    assert "Trying to restart job" in printed
    same_results(folder, undisturbed)


def test_a_node_that_goes_down_takes_no_results_with_it(slurm, before, undisturbed, half_way):
    folder, arguments = half_way
    run = start(slurm, folder, *arguments, "--", MAP)
    wait_for(lambda: [job for job in running_chunks(slurm, before) if job["node"] == "n2"], run, folder)
    os.kill(int((slurm.folder / "n2/slurmd.pid").read_text()), signal.SIGKILL)
    slurm.run("scontrol", "update", "nodename=n2", "state=down", "reason=test")
    for process in slurm.of_jobs():  # what ran there is gone with the machine
        if b"SLURMD_NODENAME=n2" in Path(f"/proc/{process}/environ").read_bytes():
            os.kill(process, signal.SIGKILL)
    try:
        finish(run, folder)
    finally:
        slurm.daemon("slurmd", "-N", "n2")
        slurm.run("scontrol", "update", "nodename=n2", "state=resume", check=False)
    same_results(folder, undisturbed)
