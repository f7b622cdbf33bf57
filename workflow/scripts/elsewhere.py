"""Designs that were written for other software, whose files settings.py makes ordinary settings of. Plain Python."""

import os
import re
import unicodedata


class Refused(Exception):
    """Why a design cannot be taken over, in a sentence."""


def require_file(key, path):
    """Refuse a file that is not there."""
    if not os.path.isfile(path):
        raise Refused(f"config key '{key}': the file {path} does not exist; correct it.")


def label(name):
    """A name of letters and digits, as file names have it: ``incongruent_vs_congruent`` is incongruentVsCongruent.

    FitLins names its maps in the same way.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()  # without accents
    words = re.findall("[A-Za-z0-9]+", plain)
    return "".join(words[:1] + [word.title() for word in words[1:]])


def require_unsaid(settings, keys, what):
    """Refuse keys of a config that say what another file says."""
    for key in keys:
        if settings.get(key):
            raise Refused(f"config key '{key}': {what} says that; leave out one of them.")
