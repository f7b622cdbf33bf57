"""Before a run: is there room to write, is any result not what was written, was an earlier run killed?

Standard input holds what the Snakefile knows, as JSON: whether the run only looks, and the folders of its files. What
is wrong is told on standard error; the code is 1 if the run cannot begin.
"""

import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import psutil

from secondlevel.files import NOTES, is_changed

LOCKS = Path(".snakemake/locks")
RUNS = Path(".snakemake/secondlevel_runs.json")  # those that may have locked this folder
BEGINNING = 600  # seconds within which a run has locked its folder


def told(sentence):
    print(sentence, file=sys.stderr)


def writable(folder):
    """Whether files can be written into a folder, or where it will be made."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            return True
    except OSError as error:
        told(f"Error: the folder {folder} cannot be written ({error.strerror}); make it writable, or use --directory.")
        return False


def set_changed_aside(folder, only_look):
    """Move files that are not what was written out of the way, so that they are made again."""
    for note in sorted(folder.rglob(f"{NOTES}/*")):
        path = note.parent.parent / note.name
        if is_changed(note):
            told(f"{path} is not what was written there; it will be kept as {path.name}.changed and made again.")
            if not only_look:
                path.replace(path.with_name(f"{path.name}.changed"))
        if not path.exists() and not only_look:
            note.unlink()


def this_run():
    """The process of Snakemake, which started this one."""
    process = psutil.Process(os.getppid())
    return {"host": platform.node(), "pid": process.pid, "created": process.create_time()}


def is_alive(run):
    """Whether a run goes on, as far as this machine can tell: one on another machine might."""
    if run["host"] != platform.node():
        return True
    try:
        return abs(psutil.Process(run["pid"]).create_time() - run["created"]) < 1
    except psutil.NoSuchProcess:
        return False


def release_locks():
    """Remove the locks of runs that were killed; return whether the folder is free."""
    try:
        runs = json.loads(RUNS.read_text())
    except (OSError, ValueError):
        runs = []
    locks = list(LOCKS.glob("*.lock"))
    if locks:
        if not runs or any(map(is_alive, runs)):
            return False
        told("The last run was killed. What it had finished is kept, and it goes on from there.")
        for lock in locks:
            lock.unlink(missing_ok=True)
    # Those that began a moment ago have no locks yet.
    moment = time.time() - BEGINNING
    runs = [run for run in runs if is_alive(run) and (run["host"] == platform.node() or run["created"] > moment)]
    RUNS.parent.mkdir(exist_ok=True)
    RUNS.write_text(json.dumps([*runs, this_run()]))
    return True


def main():
    run = json.load(sys.stdin)
    folders = [Path(folder) for folder in run["folders"]]
    if not run["only_look"]:
        if not all([writable(folder) for folder in (Path(".snakemake"), *folders)]):  # noqa: C419
            sys.exit(1)
        if not release_locks():
            return  # Snakemake says that another run has this folder
    for folder in folders:
        set_changed_aside(folder, run["only_look"])


if __name__ == "__main__":
    main()
