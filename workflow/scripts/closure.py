"""Which files of the core a script reaches, by following its imports. Plain Python, loaded by the Snakefile.

Imports of the core name a file of it: ``from secondlevel.base.files import digest``.
"""

import functools
import hashlib
import re
from pathlib import Path

PACKAGE = "secondlevel"
# What only talks: no result follows from them.
SILENT = {f"{PACKAGE}.base.{name}" for name in ("errors", "logs", "names", "signs")}
# Reading the text as Python would take a second of every job.
IMPORT = re.compile(rf"^[ \t]*from ({PACKAGE}(?:\.\w+)*) import\b", re.MULTILINE)


@functools.cache
def imported(path):
    """The modules of the core that a Python file imports, with the packages that they are in."""
    names = set()
    for module in IMPORT.findall(content(path).decode()):
        parts = module.split(".")
        names |= {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
    return frozenset(names)


def file_of(module, packages):
    """The path of a module, seen from the folder of scripts."""
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if module in packages else f"{path}.py"


def reached(script, find):
    """The files of the core that a script reaches.

    Parameters
    ----------
    script : str
        Its name, without ending.
    find : callable
        Takes a path, seen from the folder of scripts, and returns where the file is.

    Returns
    -------
    dict of str by module
        Where each file is, in the order of the modules' names.
    """
    found, waiting = {}, imported(find(f"{script}.py"))
    while waiting:
        packages = {module.rpartition(".")[0] for module in waiting | found.keys()} | {PACKAGE}
        new = {module: find(file_of(module, packages)) for module in waiting}
        found |= new
        waiting = set().union(*map(imported, new.values())) - found.keys()
    return dict(sorted(found.items()))


@functools.cache
def content(path):
    """What is in a file, read once a run."""
    return Path(path).read_bytes()


def digest(paths):
    """A short digest of files."""
    return hashlib.sha256(b"".join(map(content, paths))).hexdigest()[:16]


def core_digest(script, find):
    """A digest of the core files from which a script's results follow, so that editing one of them reruns its rule."""
    return digest(path for module, path in reached(script, find).items() if module not in SILENT)
