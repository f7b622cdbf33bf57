"""A file that takes no more bytes than it can have, whatever a server sends."""

import shutil
from pathlib import Path

from secondlevel.base.errors import InputError


class Bounded:
    """A file that is downloaded; used in a ``with`` block, and by pooch as a file.

    Parameters
    ----------
    path : str or Path
        Where it is written; its folder is there.
    url : str
        Where it comes from.
    most : int
        How many bytes a file of its kind can have.
    """

    def __init__(self, path, url, most):
        self.path, self.url, self.most = Path(path), url, most
        self.room = shutil.disk_usage(self.path.parent).free
        self.size = 0

    def __enter__(self):
        self.file = open(self.path, "wb")  # noqa: SIM115
        return self

    def __exit__(self, *_):
        self.file.close()

    def require_room(self, size):
        """An `InputError` if the file cannot have so many bytes."""
        if size > self.most:
            raise InputError(
                f"{self.url} gives more than {self.most:,} bytes, which no file of its kind has, so it was not kept; "
                "check base_url in the config."
            )
        if size > self.room:
            raise InputError(
                f"{self.url} gives more than the {self.room:,} bytes that are free on the disk of {self.path.parent}; "
                "make room, and run again."
            )

    def write(self, chunk):
        """Write some more bytes, unless they are too many."""
        self.size += len(chunk)
        self.require_room(self.size)
        self.file.write(chunk)

    def flush(self):
        """Do nothing: all is written at the end."""
