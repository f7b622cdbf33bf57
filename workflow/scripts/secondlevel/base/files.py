"""Write a file whole or not at all, and know later whether it still is what was written."""

import contextlib
import glob
import hashlib
import json
import os
import uuid
from pathlib import Path

NOTES = ".checksums"  # the folder beside files that holds what is noted of each


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
        noted, stat = json.loads(note_path.read_text()), path.stat()
    except ValueError:  # the note itself was cut short
        return True
    if stat.st_size == noted["bytes"] and stat.st_mtime_ns == noted["mtime_ns"]:
        return False
    return stat.st_size != noted["bytes"] or digest(path) != noted["sha256"]


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
