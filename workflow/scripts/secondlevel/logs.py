"""One log file a rule, and one clear sentence where a rule fails."""

import logging
import sys

from secondlevel.errors import InputError


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
    log = logging.getLogger("secondlevel")

    def tell(kind, error, traceback):
        if issubclass(kind, InputError):
            log.error("%s", error)
            print(f"Error: {error}", file=sys.stderr)
        else:
            log.critical("Unexpected %s", kind.__name__, exc_info=(kind, error, traceback))
            print(f"Error: unexpected {kind.__name__} ({error}); the traceback is in {path}", file=sys.stderr)

    sys.excepthook = tell
    return log
