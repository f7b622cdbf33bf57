"""One log file a rule, and one clear sentence where a rule fails."""

import errno
import logging
import sys
import time

from secondlevel.errors import InputError

# What is wrong with a disk, by the number of the error.
DISK = {
    errno.ENOSPC: "there is no room left on the disk of",
    errno.EDQUOT: "your share of the disk is used up at",
    errno.EROFS: "it is not allowed to write at",
    errno.EACCES: "it is not allowed to open",
}


def log_to(path):
    """Send what happens from here on to a rule's log file.

    Warnings are logged too. An `InputError` that nobody catches ends the process with its one sentence; any
    other exception leaves its traceback in the log and says on standard error where to find it.

    Parameters
    ----------
    path : str
        The log file; what it held is overwritten.

    Returns
    -------
    logging.Logger
    """
    logging.basicConfig(filename=path, filemode="w", level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a log that cannot be written is no reason to fail
    log = logging.getLogger("secondlevel")

    def tell(kind, error, traceback):
        if issubclass(kind, OSError) and error.errno in DISK:
            error = f"{DISK[error.errno]} {error.filename or path}; see to it, and run again."
        if isinstance(error, (InputError, str)):
            log.error("%s", error)
            print(f"Error: {error}", file=sys.stderr)
        else:
            log.critical("Unexpected %s", kind.__name__, exc_info=(kind, error, traceback))
            print(f"Error: unexpected {kind.__name__} ({error}); the traceback is in {path}", file=sys.stderr)

    sys.excepthook = tell
    return log


class Progress:
    """Say now and then in the log how far a long loop is, how fast it goes and when it will be done.

    Parameters
    ----------
    log : logging.Logger
    total : int
        What there is to do.
    what : str
        Its name, in the plural.
    every : float
        Seconds between two lines.
    """

    def __init__(self, log, total, what, every=10):
        self.log, self.total, self.what, self.every = log, total, what, every
        self.start = self.last = time.monotonic()

    def __call__(self, done):
        now = time.monotonic()
        if now - self.last < self.every and done < self.total:
            return
        self.last = now
        rate = done / max(now - self.start, 1e-9)
        left = (self.total - done) / rate
        self.log.info("%d of %d %s done, %.0f/s, %.0f s left", done, self.total, self.what, rate, left)
