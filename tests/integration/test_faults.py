"""What goes wrong while a run goes on, for real, and that a plain rerun ends with the results of an small_run run."""

import contextlib
import os
import re
import shutil
import subprocess
import time

import psutil
import pytest

from conftest import ran, same_results, small_study, snakemake, snakemake_command

# What follows from the permutations, without figures: rerun after each fault.
LAST = [f"results/a/contrast-age_desc-{name}" for name in ("maxT_null.json", "maxTFCE_null.json", "maxT_table.tsv")]
BUT = ("figures", "provenance", "report.html", "similarity", "coverage", "standard_brain")


@pytest.fixture
def copy_of_run(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "run")
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


def test_after_a_killed_job_and_a_killed_run_a_plain_rerun_goes_on(small_run, tmp_path):
    settings = small_study(tmp_path)
    run = start(tmp_path, *settings, "--", *LAST)
    wait_for(lambda: permuting(run, tmp_path), run)[0].kill()
    printed = run.communicate()[0]
    assert run.returncode != 0
    assert "permute has failed" in printed
    assert "Error: permute ended without a word in its log, as a job does that is killed" in printed
    done = len(chunks(tmp_path))
    assert 1 <= done <= 3
    for path in tmp_path.glob("results/a/logs/permute_*.log"):
        path.unlink()
    run = start(tmp_path, *settings, "--", *LAST)
    wait_for(lambda: list(tmp_path.glob("results/a/logs/permute_*.log")), run)
    run.kill()
    run.communicate()
    assert ran(tmp_path)["permute"] == 4 - done
    assert "masked_maps" not in ran(tmp_path)
    # Calls that run nothing leave the locks alone.
    assert "The last run was killed" not in snakemake(tmp_path, *settings, "--summary")
    assert "The last run was killed" not in snakemake(tmp_path, *settings, "--dry-run")
    assert list(tmp_path.glob(".snakemake/locks/*.lock"))
    printed = snakemake(tmp_path, *settings, "--", *LAST)
    assert printed.count("The last run was killed") == 1
    assert "masked_maps" not in ran(tmp_path)
    assert 1 <= ran(tmp_path)["permute"] <= 4 - done
    same_results(tmp_path, small_run, BUT)


def test_two_runs_at_once_do_not_meet(small_run, tmp_path):
    settings = small_study(tmp_path)
    run = start(tmp_path, *settings, "--", *LAST)
    wait_for(lambda: chunks(tmp_path), run)
    table = tmp_path / "results/a/sample.tsv"
    before = table.read_bytes()
    printed = snakemake(tmp_path, *settings, "--", *LAST, fails=True)
    assert "The last run was killed" not in printed
    assert "Directory cannot be locked" in printed
    assert "--unlock" in printed
    assert run.wait() == 0, run.communicate()[0]
    assert table.read_bytes() == before
    assert "Nothing to be done" in snakemake(tmp_path, *settings, "--", *LAST)
    same_results(tmp_path, small_run, BUT)


TABLE = "contrast-age_desc-maxT_table.tsv"


@pytest.mark.parametrize(
    ("names", "targets", "made_again"),
    [
        (
            [TABLE, "figures/design.svg", "provenance.json"],
            [],
            {"cluster_tables", "design_figure", "provenance", "report", "all"},
        ),
        (
            ["maps.npy", "permutation/null.npz"],
            LAST,
            {"masked_maps", "fit", "threshold", "permute", "reduce_null", "correct", "cluster_tables"},
        ),
    ],
)
def test_truncated_results_are_made_again_with_what_follows(small_run, copy_of_run, names, targets, made_again):
    paths = [copy_of_run / "results/a" / name for name in names]
    settings = ("--configfile", copy_of_run / "mine.yaml")
    for path in paths:
        os.truncate(path, path.stat().st_size * 2 // 3)
    told = [f"{path.name} is not what was written there; it will be kept as {path.name}.changed" for path in paths]
    kept = {path: path.read_bytes() for path in paths}
    # Only a run that makes them anew moves them.
    assert all(words in snakemake(copy_of_run, *settings, "--dry-run") for words in told[:1])
    snakemake(copy_of_run, *settings, "--touch")
    snakemake(copy_of_run, *settings, "--delete-all-output", "--dry-run")
    assert {path: path.read_bytes() for path in paths} == kept
    printed = snakemake(
        copy_of_run, *settings, *(["--", *targets, *(f"results/a/{name}" for name in names)] if targets else [])
    )
    assert all(words in printed for words in told)
    assert set(ran(copy_of_run)) == made_again
    for path in paths:
        assert path.with_name(f"{path.name}.changed").read_bytes() == kept[path]
        path.with_name(f"{path.name}.changed").unlink()
    same_results(copy_of_run, small_run)


@pytest.fixture
def small_disk(tmp_path):
    """The config of a study whose results lie on a disk of their own, and a function that gives the disk an option."""
    settings, disk = small_study(tmp_path), tmp_path / "results"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", disk]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a disk here")
    yield settings, lambda option: subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True)
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_told_and_goes_on_with_more_room(small_run, small_disk, tmp_path):
    settings, remount = small_disk
    printed = snakemake(tmp_path, *settings, "--", *LAST, fails=True)
    assert re.search(r"Error: there is no room left on the disk of \S*results/a/\S+; see to it, and run again", printed)
    remount("size=200m")
    done = {path.name.removesuffix(".tsv") for path in (tmp_path / "results/a/benchmarks").glob("*.tsv")}
    assert "quality_check" in done
    snakemake(tmp_path, *settings, "--", *LAST)
    assert "quality_check" not in ran(tmp_path)
    same_results(tmp_path, small_run, BUT)


def test_a_folder_that_cannot_be_written_is_told(small_run, small_disk, tmp_path):
    settings, remount = small_disk
    remount("size=200m")
    snakemake(tmp_path, *settings, "--", "results/a/contrast-age_stat-t_statmap.nii.gz")
    remount("ro")
    printed = snakemake(tmp_path, *settings, "--", *LAST, fails=True)
    assert "the folder results cannot be written (Read-only file system); make it writable" in printed
    assert "Traceback" not in printed
    remount("rw")
    snakemake(tmp_path, *settings, "--", *LAST)
    assert not {"fit", "masked_maps"} & set(ran(tmp_path))
    same_results(tmp_path, small_run, BUT)
