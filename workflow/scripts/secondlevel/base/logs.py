"""One log file a rule, and one clear sentence where a rule fails."""

import errno
import logging
import os
import sys
import time

from secondlevel.base.errors import InputError
from secondlevel.base.signs import on_a_line, say, shown

QUIET = "SECONDLEVEL_RUN_TELLS"  # is set where the run itself tells what went wrong in its jobs
# What is wrong with a disk, by the number of the error.
DISK = {
    errno.ENOSPC: "there is no room left on the disk of",
    errno.EDQUOT: "your share of the disk is used up at",
    errno.EROFS: "it is not allowed to write at",
    errno.EACCES: "it is not allowed to open",
}


class Shown(logging.Formatter):
    """Lines of a log, in which names do nothing to the terminal that shows it."""

    def format(self, record):
        """A record as text, on one line unless it is a traceback or a warning of Python."""
        text = super().format(record)
        return shown(text) if record.exc_info or record.name == "py.warnings" else on_a_line(text)


def log_to(path):
    """Send what happens from here on to a rule's log file.

    Warnings are logged too. An `InputError` that nobody catches ends the process with its one sentence, the last line
    of the log; any other exception leaves its traceback before it. Where no run tells it, standard error has it, too.

    Parameters
    ----------
    path : str
        The log file; what it held is overwritten.

    Returns
    -------
    logging.Logger
    """
    file = logging.FileHandler(path, mode="w", encoding="utf-8", errors="backslashreplace")
    file.setFormatter(Shown("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[file])
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a log that cannot be written is no reason to fail
    log = logging.getLogger("secondlevel")

    def tell(kind, error, traceback):
        if issubclass(kind, OSError) and error.errno in DISK:
            error = f"{DISK[error.errno]} {error.filename or path}; see to it, and run again."
        if isinstance(error, (InputError, str)):
            log.error("%s", error)
        else:
            log.error("the traceback", exc_info=(kind, error, traceback))
            error = f"unexpected {kind.__name__} ({error}); the log has the traceback"
            log.error("%s", error)
        if QUIET not in os.environ or not holds(path, on_a_line(str(error))):
            say(on_a_line(f"Error: {error} (log: {path})"), file=sys.stderr)

    sys.excepthook = tell
    return log


def holds(path, words):
    """Whether a log holds some words: on a full disk it does not."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return words in file.read()
    except OSError:
        return False


class Progress:
    """Say now and then how far a long loop is, how fast it goes and when it will be done: in the log and on the screen.

    Parameters
    ----------
    log : logging.Logger
    who : str
        Whose loop it is.
    total : int
        What there is to do.
    what : str
        Its name, in the plural.
    every : float
        Seconds between two lines.
    """

    def __init__(self, log, who, total, what, every=10):
        self.log, self.who, self.total, self.what, self.every = log, who, total, what, every
        self.start = self.last = time.monotonic()

    def __call__(self, done):
        """Tell that some are done."""
        now = time.monotonic()
        if now - self.last < self.every and done < self.total:
            return
        self.last = now
        rate = done / max(now - self.start, 1e-9)
        left = f"{(self.total - done) / rate:,.0f} s left" if done < self.total else f"in {now - self.start:.1f} s"
        line = f"{done:,} of {self.total:,} {self.what}, {rate:,.0f}/s, {left}"
        self.log.info(line)
        say(f"          {self.who}: {line}", file=sys.stderr)
