"""What was read of files that others can change: their size, times and SHA-256, taken as their bytes are read.

The state of this module is that of one job: what it has read, and what the jobs before it have read.
"""

import contextlib
import hashlib
import os

from secondlevel.base.errors import InputError
from secondlevel.base.files import identity

READ, BEFORE = {}, {}  # by path


class Hashed:
    """A file whose bytes go into a SHA-256 as they are read."""

    def __init__(self, file):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size=-1):
        """Read at most `size` bytes, as files do."""
        data = self.file.read(size)
        self.sha256.update(data)
        return data


@contextlib.contextmanager
def noting(path):
    """Open a file to read it; once it is read to its end, what it was is noted.

    Parameters
    ----------
    path : str or Path

    Yields
    ------
    Hashed

    Raises
    ------
    InputError
        If an earlier job of the analysis has read other bytes there.
    """
    with open(path, "rb") as file:
        stat, hashed = os.fstat(file.fileno()), Hashed(file)
        yield hashed
        if file.read(1):
            return
    path, sha256 = str(path), hashed.sha256.hexdigest()
    READ[path] = identity(stat) | {"sha256": sha256}
    if BEFORE.get(path, READ[path])["sha256"] != sha256:
        raise InputError(f"The file {path} has changed while it was analysed; run the workflow again.")


def seen(paths):
    """What some files were when this job read them, by path; one that it has not read to its end is read now."""
    for path in map(str, paths):
        if path not in READ:
            with noting(path) as file:
                while file.read(1 << 20):
                    pass
    return {path: READ[path] for path in sorted(map(str, paths))}


def expect(seen_before):
    """Refuse files that are no longer what an earlier job read, as `seen` gave it, when they are read."""
    BEFORE.update(seen_before)
