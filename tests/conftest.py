"""What the tests share: running the workflow for real, and where the real data are."""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server import Server, emotion_regulation
from study import config, people, write_maps, write_table

REPO = Path(__file__).resolve().parents[1]
EMOTION_REGULATION = REPO.parent / "shared" / "datasets" / "emotion_regulation"
DEFAULT = REPO / "config" / "config.yaml"  # for configs that change the default analysis


def snakemake_command(directory, *arguments, snakefile=None, cores=2):
    """The command that runs the workflow in a folder, and its environment."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", snakefile or REPO / "Snakefile", "--cores", cores]
    command += ["--directory", directory, "--workflow-profile", REPO / "profiles" / "default", *arguments]
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    environment.pop("PYTHONPATH", None)  # scripts must find the core by themselves
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users do not have it
    return [str(part) for part in command], environment


def snakemake(directory, *arguments, fails=False, **more):
    """Run the workflow in a folder and give what it printed; `fails` says whether it is to fail."""
    command, environment = snakemake_command(directory, *arguments, **more)
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, env=environment, timeout=900, **out)
    assert (done.returncode != 0) == fails, done.stdout
    return done.stdout


def tool(name, *arguments, folder, root=REPO, **environment):
    """What a tool of a copy of the project prints, and its exit code."""
    environment = os.environ | {"PYTHONPATH": str(root / "workflow" / "scripts")} | environment
    command = [sys.executable, root / "tools" / f"{name}.py", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    return (done.stdout + done.stderr).decode(), done.returncode


def results_in(folder):
    """The content of all results in a folder, but for what tells of times."""
    paths = [path for path in (folder / "results").rglob("*") if path.is_file()]
    times = {"logs", "benchmarks", ".checksums", ".read"}
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if not times & set(path.parts)}


def same_results(folder, other, but=()):
    """Results in two folders are the same files, byte for byte, but for those whose paths hold some words."""
    found, expected = (
        {name: content for name, content in results_in(f).items() if not any(word in name for word in but)}
        for f in (folder, other)
    )
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []


def jobs_of(printed):
    """The rules and job counts of the table that a dry run prints."""
    lines = printed.split("Job stats:")[1].splitlines()[3:] if "Job stats:" in printed else []
    table = {}
    for line in lines:
        if line.startswith("total"):
            break
        rule, count = line.split()
        table[rule] = int(count)
    return table


def ran(folder):
    """The same of the last run in a folder, from Snakemake's log of it."""
    logs = sorted((folder / ".snakemake" / "log").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
    return jobs_of(logs[-1].read_text())


@contextlib.contextmanager
def shared(tmp_path_factory, name):
    """A folder that all processes of the tests share, and whether this one is to fill it; the others wait for it.

    It is in the folder that the environment names `SHARED_RUNS`, where several calls of pytest share it.
    """
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    root = Path(os.environ.get("SHARED_RUNS", root))
    with open(root / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = root / f"{name}.done"
        yield root / name, not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def default_run(tmp_path_factory):
    """A folder in which the default analysis has run. Tests must leave its files as they are."""
    with shared(tmp_path_factory, "default") as (folder, empty):
        if empty:
            folder.mkdir()
            (folder / "screen.txt").write_text(snakemake(folder))
    return folder


@pytest.fixture(scope="session")
def emotion_regulation_run(tmp_path_factory, real_data):
    """A folder in which the emotion regulation analysis has run, its data from a local server."""
    with shared(tmp_path_factory, "emotion_regulation") as (folder, empty):
        if empty:
            folder.mkdir()
            with Server(emotion_regulation(real_data)) as server:
                settings = folder / "server.yaml"
                settings.write_text(json.dumps({"datasets": {"emotion_regulation": {"base_url": server.url}}}))
                snakemake(folder, "--configfile", REPO / "config" / "emotion_regulation.yaml", settings)
    return folder


def small_study(folder):
    """A small study of one's own with four chunks of permutations; returns the arguments that name its config."""
    folder.mkdir(exist_ok=True)
    write_table(folder / "participants.tsv", people())
    write_maps(folder, people())
    return config(
        folder,
        design="age + group",
        factors={"group": None},
        contrasts=[{"name": "age", "weights": "age"}],
        tfce={"statistic": "t"},
        permutation={"count": 2000, "chunks": 4},
        figures={"formats": ["svg"]},
    )


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """A folder in which the small study has run. Tests must leave its files as they are."""
    with shared(tmp_path_factory, "small") as (folder, empty):
        if empty:
            snakemake(folder, *small_study(folder))
    return folder


@pytest.fixture(scope="session")
def real_data():
    """The folder of the emotion regulation dataset."""
    if not EMOTION_REGULATION.is_dir():
        pytest.skip(f"the emotion regulation dataset is not at {EMOTION_REGULATION}")
    return EMOTION_REGULATION
