"""What goes wrong while a run goes on, for real, and that a plain rerun ends with the results of an undisturbed run."""

import contextlib
import os
import re
import shutil
import subprocess
import time

import psutil
import pytest

from conftest import jobs_of, same_results, snakemake, snakemake_command
from study import config, people, write_maps, write_table

TFCE = {"statistic": "t", "extent_power": 0.5, "height_power": 2, "connectivity": 6}
SETTINGS = {
    "design": "age + group",
    "factors": {"group": None},
    "contrasts": [{"name": "age", "weights": "age"}],
    "tfce": TFCE,
    "permutation": {"count": 2000, "chunks": 4},
}
LATER = {"reduce_null", "correct", "cluster_tables", "permutation_figures", "provenance", "report", "all"}


def new_study(folder):
    """A small study with four chunks of permutations; returns the arguments that name its config."""
    folder.mkdir(exist_ok=True)
    write_table(folder / "participants.tsv", people())
    write_maps(folder, people())
    return config(folder, **SETTINGS)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults") / "undisturbed"
    snakemake(folder, *new_study(folder))
    return folder


@pytest.fixture
def copy_of_run(undisturbed, tmp_path):
    shutil.copytree(undisturbed, tmp_path / "run")
    return tmp_path / "run"


def start(folder, *arguments):
    """Start a run and give its process, whose output is a pipe."""
    command, environment = snakemake_command(folder, *arguments)
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=environment, **out)


def wait_for(condition, process):
    """The first true value of a condition while a process runs."""
    while process.poll() is None:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(process.stdout.read())


def chunks(folder):
    """The chunks of permutations that are there."""
    return list((folder / "results/a/permutation").glob("chunk-*.npz"))


def permuting(process, folder):
    """The jobs that permute, once a third chunk has begun: with two cores, another one was then done."""
    if len(list(folder.glob("results/a/logs/permute_*.log"))) < 3:
        return []
    found = []
    for job in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, IndexError):
            if job.cmdline()[-1].endswith("permute.py") and "python" in job.name():
                found.append(job)
    return found


def test_a_killed_job_is_made_again_and_no_other(undisturbed, tmp_path):
    settings = new_study(tmp_path)
    run = start(tmp_path, *settings)
    wait_for(lambda: permuting(run, tmp_path), run)[0].kill()
    printed = run.communicate()[0]
    assert run.returncode != 0
    assert "Error in rule permute" in printed
    done = len(chunks(tmp_path))
    assert 1 <= done <= 3
    rerun = jobs_of(snakemake(tmp_path, *settings))
    assert rerun["permute"] == 4 - done
    assert "masked_maps" not in rerun
    same_results(tmp_path, undisturbed)


def test_after_a_killed_run_a_plain_rerun_goes_on(undisturbed, tmp_path):
    settings = new_study(tmp_path)
    run = start(tmp_path, *settings)
    wait_for(lambda: permuting(run, tmp_path), run)
    run.kill()
    run.communicate()
    printed = snakemake(tmp_path, *settings)
    assert "The last run was killed" in printed
    assert "masked_maps" not in jobs_of(printed)
    assert 1 <= jobs_of(printed)["permute"] <= 3
    same_results(tmp_path, undisturbed)


def test_two_runs_at_once_do_not_meet(undisturbed, tmp_path):
    settings = new_study(tmp_path)
    run = start(tmp_path, *settings)
    wait_for(lambda: chunks(tmp_path), run)
    printed = snakemake(tmp_path, *settings, fails=True)
    assert "The last run was killed" not in printed
    assert "Directory cannot be locked" in printed
    assert run.wait() == 0, run.communicate()[0]
    assert "Nothing to be done" in snakemake(tmp_path, *settings)
    same_results(tmp_path, undisturbed)


TABLE = "contrast-age_desc-maxT_table.tsv"


@pytest.mark.parametrize(
    ("names", "made_again"),
    [
        (
            [TABLE, "figures/design.svg", "provenance.json"],
            {"cluster_tables", "design_figure", "provenance", "report", "all"},
        ),
        (
            ["maps.npy", "permutation/null.npz"],
            LATER | {"masked_maps", "fit", "threshold", "sample_figures", "model_figures", "permute"},
        ),
    ],
)
def test_truncated_results_are_made_again_with_what_follows(undisturbed, copy_of_run, names, made_again):
    paths = [copy_of_run / "results/a" / name for name in names]
    for path in paths:
        os.truncate(path, path.stat().st_size * 2 // 3)
    printed = snakemake(copy_of_run, "--configfile", copy_of_run / "mine.yaml")
    assert set(jobs_of(printed)) == made_again
    for path in paths:
        assert f"{path.name} is not what was written there; it will be kept as {path.name}.changed" in printed
        path.with_name(f"{path.name}.changed").unlink()
    same_results(copy_of_run, undisturbed)


@pytest.fixture
def small_disk(tmp_path):
    """The config of a study whose results lie on a disk of their own, and a function that gives the disk an option."""
    settings, disk = new_study(tmp_path), tmp_path / "results"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", disk]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a disk here")
    yield settings, lambda option: subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True)
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_told_and_goes_on_with_more_room(undisturbed, small_disk, tmp_path):
    settings, remount = small_disk
    printed = snakemake(tmp_path, *settings, fails=True)
    assert re.search(r"Error: there is no room left on the disk of \S*results/a/\S+; see to it, and run again", printed)
    remount("size=200m")
    done = {path.name.removesuffix(".tsv") for path in (tmp_path / "results/a/benchmarks").glob("*.tsv")}
    assert "quality_check" in done
    rerun = jobs_of(snakemake(tmp_path, *settings))
    assert "quality_check" not in rerun
    assert "permutation_figures" in rerun
    same_results(tmp_path, undisturbed)


def test_a_folder_that_cannot_be_written_is_told(undisturbed, small_disk, tmp_path):
    settings, remount = small_disk
    remount("size=200m")
    snakemake(tmp_path, *settings, "--until", "fit")
    remount("ro")
    printed = snakemake(tmp_path, *settings, fails=True)
    assert "the folder results cannot be written (Read-only file system); make it writable" in printed
    assert "Traceback" not in printed
    remount("rw")
    assert not {"fit", "masked_maps"} & set(jobs_of(snakemake(tmp_path, *settings)))
    same_results(tmp_path, undisturbed)
