"""Write a file whole or not at all, and know later whether it still is what was written."""

import contextlib
import glob
import hashlib
import json
import os
import uuid
from pathlib import Path

NOTES = ".checksums"  # the folder beside files that holds what is noted of each
LEDGER = ".read"  # the folder in results in which rules tell what they have read of the user's files


@contextlib.contextmanager
def replacing(path):
    """Give a temporary name beside `path`, and rename it to `path` if the block ends well.

    A reader, or a rerun after a killed job, thus never sees half a file. Size, time and checksum are noted first, so
    that `is_changed` can tell whether a file is as it was written.

    Parameters
    ----------
    path : str or Path
        The file to make; its folder is made too.

    Yields
    ------
    Path
        Where to write. It ends like `path`, for writers that choose a format by the ending. No two are the same, should
        a job that was taken for dead still write.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".part-{uuid.uuid4().hex}-{path.name}")
    try:
        yield part
        note(part, path)
        os.replace(part, path)
        for left in path.parent.glob(f".part-*-{glob.escape(path.name)}"):  # by a killed job
            left.unlink(missing_ok=True)
    finally:
        part.unlink(missing_ok=True)


def digest(path):
    """SHA-256 of a file, as hexadecimal text."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note(part, path):
    """Note size, time and checksum of `part`, which is to become `path`."""
    folder = path.parent / NOTES
    folder.mkdir(exist_ok=True)
    stat = part.stat()
    noted = folder / f".part-{uuid.uuid4().hex}"
    noted.write_text(json.dumps({"bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": digest(part)}))
    os.replace(noted, folder / path.name)


def is_changed(note_path):
    """Whether the file that a note is about is there, and is not what was written."""
    path = note_path.parent.parent / note_path.name
    if not path.is_file():
        return False
    try:
        return not is_as_noted(path, json.loads(note_path.read_text()))
    except ValueError:  # the note itself was cut short
        return True


def identity(stat):
    """What tells, without reading it, that a file is no other one, of what `os.stat` gives."""
    return {"bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns, "ctime_ns": stat.st_ctime_ns, "inode": stat.st_ino}


def is_as_noted(path, noted):
    """Whether a file is what was noted of it: by its `identity`, as far as it is noted, or else by its content."""
    now = identity(os.stat(path))
    if now["bytes"] != noted["bytes"]:
        return False
    return all(value == noted.get(key, value) for key, value in now.items()) or digest(path) == noted["sha256"]


def state_of(paths, ledger):
    """A text that is another one when files are replaced, be it by older ones, and the same when they are only touched.

    Parameters
    ----------
    paths : iterable of str
        Files, be they there or not.
    ledger : str
        The file, if it is there yet, in which `ledger.seen` of these files was written.

    Returns
    -------
    str
    """
    ledger = Path(ledger)
    noted, found = read_json(ledger) if ledger.is_file() else {}, []
    for path in sorted(map(str, paths)):
        now, before = identity(os.stat(path)) if os.path.exists(path) else {}, noted.get(path)
        if now and before and is_as_noted(path, before):
            now = {key: before[key] for key in now}
        found.append([path, now])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]


def json_text(content):
    """`content` as readable JSON; numpy numbers are fine, NaN and infinity are refused."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=lambda number: number.item())
    return text + "\n"


def write_json(path, content):
    """Write `content` as `json_text` gives it."""
    with replacing(path) as part:
        part.write_text(json_text(content), encoding="utf-8")


def read_json(path):
    """Read a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))
