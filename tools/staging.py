"""Inputs of a recorded analysis, found by their checksums and laid out so that its settings find them."""

import os
import re
from itertools import chain
from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.files import digest

TABLES = (".tsv", ".txt")
MADE = "resources/"  # what the workflow itself makes or downloads, if it is not at hand
# The folder that stands for the root of the disk, as seen from where the workflow runs.
ROOT = "absolute-paths"
UNDER_ROOT = re.compile(rf'(?:[^\t\n"]*/)?{ROOT}/')


def files_below(folder, aside):
    """All files below a folder, links followed, but for hidden ones and those below some folders."""
    seen = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if real in seen or real in aside:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def find(record, folders, aside=()):
    """Find the inputs of a recorded analysis by their content, wherever they lie and whatever they are called.

    Parameters
    ----------
    record : dict
    folders : list of Path
        They are looked for below these.
    aside : container of str
        Real paths of folders that are not looked into.

    Returns
    -------
    dict of Path by str
        By their recorded paths.

    Raises
    ------
    InputError
        If some are not there, and the workflow does not make them.
    """
    wanted, sizes = set(record["inputs"].values()), set(record.get("bytes", {}).values())
    found = {}
    for path in chain.from_iterable(files_below(folder, aside) for folder in folders):
        if path.is_file() and (not sizes or path.stat().st_size in sizes):
            sha256 = digest(path)
            if sha256 in wanted:
                found.setdefault(sha256, path.resolve())
    missing = [name for name, sha in record["inputs"].items() if sha not in found and not name.startswith(MADE)]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InputError(
            f"{record['analysis']}: no file below {folders[0]} is the input {missing[0]}{more}, by its checksum; name "
            "the folder that holds the inputs, whatever they are called: make reproduce INPUTS=folder."
        )
    return {name: found[sha] for name, sha in record["inputs"].items() if sha in found}


def depth(names):
    """How many folders up the recorded paths lead at most."""
    return max((os.path.normpath(name).split(os.sep).count("..") for name in names), default=0)


def staged(name):
    """Where an input is laid, seen from where the workflow runs."""
    return ROOT + name if os.path.isabs(name) else name


def lay(found, extra, folder):
    """Lay inputs, as links, where the settings look for them.

    Parameters
    ----------
    found : dict of Path by str
        As `find` gives it.
    extra : list of str
        Maps that belonged to nobody: they are listed among the results, so empty files stand for them.
    folder : Path
        Where the workflow will run.
    """
    root = str((folder / ROOT).resolve())
    absolute = sorted(filter(os.path.isabs, found), key=len, reverse=True)
    for name, path in found.items():
        place = folder / staged(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        # A table can hold paths from the root of the disk.
        text = path.read_text(encoding="utf-8", errors="replace") if name.endswith(TABLES) else ""
        if any(other in text for other in absolute):
            anywhere = re.compile("|".join(map(re.escape, absolute)))
            place.write_text(anywhere.sub(lambda path: root + path[0], text), encoding="utf-8")
        else:
            place.symlink_to(path)
    for name in extra:
        (folder / staged(name)).parent.mkdir(parents=True, exist_ok=True)
        (folder / staged(name)).touch()


def settings_there(config):
    """A config in which paths from the root of the disk are those of `staged`."""
    if isinstance(config, dict):
        return {key: settings_there(value) for key, value in config.items()}
    if isinstance(config, list):
        return [settings_there(value) for value in config]
    return staged(config) if isinstance(config, str) else config


def as_recorded(text):
    """The text of a result with the paths that the recorded one has."""
    return UNDER_ROOT.sub("/", text)
