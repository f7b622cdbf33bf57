"""Before a run: is there room to write, is any result not what was written, was an earlier run killed?

Standard input holds what the Snakefile knows, as JSON: whether the run only looks, and the folders of its files. What
is wrong is told on standard error; the code is 1 if the run cannot begin.
"""

import json
import os
import platform
import sys
import tempfile
from pathlib import Path

import psutil

from secondlevel.files import NOTES, is_changed

LOCKS = Path(".snakemake/locks")
OWNER = Path(".snakemake/secondlevel_run.json")  # the run that may have locked this folder


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


def is_alive(owner):
    """Whether a run goes on, as far as this machine can tell: one on another machine might."""
    if owner["host"] != platform.node():
        return True
    try:
        return abs(psutil.Process(owner["pid"]).create_time() - owner["created"]) < 1
    except psutil.NoSuchProcess:
        return False


def release_locks():
    """Remove the locks of a run that was killed; return whether the folder is free."""
    locks = list(LOCKS.glob("*.lock"))
    if locks:
        try:
            owner = json.loads(OWNER.read_text())
        except (OSError, ValueError):
            owner = None
        if owner is None or is_alive(owner):
            return False
        told("The last run was killed. What it had finished is kept, and it goes on from there.")
        for lock in locks:
            lock.unlink(missing_ok=True)
    OWNER.parent.mkdir(exist_ok=True)
    OWNER.write_text(json.dumps(this_run()))
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
