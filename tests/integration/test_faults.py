"""What goes wrong while a run goes on, for real, and that a plain rerun ends with the results of an undisturbed run."""

import contextlib
import os
import re
import shutil
import subprocess
import time

import psutil
import pytest

from conftest import jobs_of, ran, same_results, snakemake, snakemake_command

MAPS, NULL = "results/a/maps.npy", "results/a/permutation/null.npz"


@pytest.fixture
def copy_of_run(small_run, tmp_path):
    shutil.copytree(small_run, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def permuting_run(copy_of_run):
    """A copy of the run that has yet to permute, and a function that gives the arguments to do so in some chunks."""
    for path in [copy_of_run / NULL, *begun(copy_of_run)]:
        path.unlink()
    settings = ("--configfile", copy_of_run / "mine.yaml")
    return copy_of_run, lambda chunks: (*settings, "--set-scatter", f"permutations={chunks}", "--", NULL)


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


def begun(folder):
    """The logs of the chunks of permutations that have begun."""
    return list(folder.glob("results/a/logs/permute_*.log"))


def permuting(process, folder, chunks):
    """The jobs that permute, once so many chunks have begun."""
    if len(begun(folder)) < chunks:
        return []
    found = []
    for job in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, IndexError):
            if job.cmdline()[-1].endswith("permute.py") and "python" in job.name():
                found.append(job)
    return found


def test_after_a_killed_job_and_a_killed_run_a_plain_rerun_goes_on(small_run, permuting_run):
    folder, arguments = permuting_run[0], permuting_run[1](4)
    run = start(folder, *arguments)
    # With two cores, a third chunk begins once another one is done.
    wait_for(lambda: permuting(run, folder, 3), run)[0].kill()
    printed = run.communicate()[0]
    assert run.returncode != 0
    assert "permute has failed" in printed
    assert "Error: permute ended without a word in its log, as a job does that is killed" in printed
    done = len(list(folder.glob("results/a/permutation/chunk-*.npz")))
    assert 1 <= done <= 3
    for path in begun(folder):
        path.unlink()
    run = start(folder, *arguments)
    wait_for(lambda: begun(folder), run)
    run.kill()
    run.communicate()
    assert ran(folder) == {"permute": 4 - done, "reduce_null": 1}
    # Calls that run nothing leave the locks alone.
    assert "The last run was killed" not in snakemake(folder, "--summary", *arguments)
    assert "The last run was killed" not in snakemake(folder, "--dry-run", *arguments)
    assert list(folder.glob(".snakemake/locks/*.lock"))
    printed = snakemake(folder, *arguments)
    assert printed.count("The last run was killed") == 1
    assert 1 <= ran(folder)["permute"] <= 4 - done
    same_results(folder, small_run)


def test_two_runs_at_once_do_not_meet(small_run, permuting_run):
    folder, arguments = permuting_run[0], permuting_run[1](1)
    run = start(folder, *arguments)
    job = wait_for(lambda: permuting(run, folder, 1), run)[0]
    job.suspend()
    try:
        printed = snakemake(folder, *arguments, fails=True)
    finally:
        job.resume()
    assert "The last run was killed" not in printed
    assert "Directory cannot be locked" in printed
    assert "--unlock" in printed
    assert run.wait() == 0, run.communicate()[0]
    assert "Nothing to be done" in snakemake(folder, *arguments)
    same_results(folder, small_run)


# Results that are cut short, what is asked for then, and the rules that make it; what takes long is not asked for.
LATE = ["contrast-age_desc-maxT_table.tsv", "figures/contrast-age_null.svg", "provenance.json"]
EARLY = ["maps.npy", "permutation/null.npz"]
OF_EARLY = {"masked_maps", "fit", "threshold", "permute", "reduce_null", "correct", "cluster_tables"}
TRUNCATED = [
    (LATE, [], {"cluster_tables", "permutation_figures", "provenance", "report", "all"}),
    (EARLY, [*EARLY, LATE[0]], OF_EARLY),
]


def planned(folder):
    """The rules that a dry run of the small study says that it would run."""
    return jobs_of(snakemake(folder, "-n", "--configfile", folder / "mine.yaml"))


def test_inputs_that_are_replaced_by_older_ones_are_analysed_anew(copy_of_run):
    first, table = "maps/sub-01.nii.gz", "participants.tsv"
    content = {name: (copy_of_run / name).read_bytes() for name in (first, table)}
    for name, other, rule in [
        (first, (copy_of_run / "maps/sub-02.nii.gz").read_bytes(), "quality_check"),
        (table, content[table].replace(b"control", b"Control"), "own_table"),
    ]:
        (copy_of_run / name).write_bytes(other)
        os.utime(copy_of_run / name, (10**9, 10**9))
        assert rule in planned(copy_of_run), name
        (copy_of_run / name).write_bytes(content[name])
        os.utime(copy_of_run / name, (10**9, 10**9))
    assert planned(copy_of_run) == {}  # a copy has other inodes, and all else is alike


def test_truncated_results_are_made_again_with_what_follows(small_run, copy_of_run):
    settings = ("--configfile", copy_of_run / "mine.yaml")
    for names, targets, made_again in TRUNCATED:
        paths = [copy_of_run / "results/a" / name for name in names]
        for path in paths:
            os.truncate(path, path.stat().st_size * 2 // 3)
        told = [f"{path.name} is not what was written there; it will be kept as {path.name}.changed" for path in paths]
        kept = {path: path.read_bytes() for path in paths}
        if names is EARLY:  # only a run that makes them anew moves them
            printed = snakemake(copy_of_run, *settings, "--dry-run")
            assert all(words in printed for words in told)
            snakemake(copy_of_run, *settings, "--touch")
            snakemake(copy_of_run, *settings, "--delete-all-output", "--dry-run")
            assert {path: path.read_bytes() for path in paths} == kept
            settings += ("--set-scatter", "permutations=1")
        printed = snakemake(copy_of_run, *settings, "--", *(f"results/a/{name}" for name in targets))
        assert all(words in printed for words in told)
        assert set(ran(copy_of_run)) == made_again
        for path in paths:
            assert path.with_name(f"{path.name}.changed").read_bytes() == kept[path]
            path.with_name(f"{path.name}.changed").unlink()
        same_results(copy_of_run, small_run)


@pytest.fixture
def small_disk(small_run, tmp_path):
    """A copy of the run but for its masked maps, its results on a disk of their own, and what gives that an option."""
    folder, disk = tmp_path / "run", tmp_path / "run" / "results"
    disk.mkdir(parents=True)
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("only root can mount a disk here")
    shutil.copytree(small_run, folder, dirs_exist_ok=True)
    (folder / MAPS).unlink()
    yield folder, lambda option: subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True)
    subprocess.run(["umount", "-l", disk], check=True)


def goes_on(folder, small_run):
    """A plain rerun makes what is missing, and no more."""
    snakemake(folder, "--configfile", folder / "mine.yaml", "--", MAPS)
    assert ran(folder) == {"masked_maps": 1}
    same_results(folder, small_run)


def test_a_full_disk_is_told_and_goes_on_with_more_room(small_run, small_disk):
    folder, remount = small_disk
    # Room for notes and logs, but not for the maps.
    remount(f"size={shutil.disk_usage(folder / 'results').used + 8192}")
    printed = snakemake(folder, "--configfile", folder / "mine.yaml", "--", MAPS, fails=True)
    assert re.search(r"Error: there is no room left on the disk of \S*results/a/\S+; see to it, and run again", printed)
    assert not (folder / MAPS).exists()
    remount("size=200m")
    goes_on(folder, small_run)


def test_a_folder_that_cannot_be_written_is_told(small_run, small_disk):
    folder, remount = small_disk
    remount("ro")
    printed = snakemake(folder, "--configfile", folder / "mine.yaml", "--", MAPS, fails=True)
    assert "the folder results cannot be written (Read-only file system); make it writable" in printed
    assert "Traceback" not in printed
    remount("rw")
    goes_on(folder, small_run)
