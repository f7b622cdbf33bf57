"""What an archive holds of an analysis, and whether an unpacked one still is what was packed."""

import hashlib
from pathlib import Path

from secondlevel.base.files import digest
from secondlevel.datasets.registry import DATASETS
from secondlevel.report.provenance import REPORT, read_sealed, sealed

FOLDER = Path("archive")
LIST = FOLDER / "files.json"  # of all other files of the archive, with their SHA-256
INPUTS = FOLDER / "inputs"
WHEELS = "wheels"
LARGE = "maps.npy"  # the values of every subject: made anew from the inputs
# What holds the variables of single subjects, which some datasets do not allow to pass on.
OF_SUBJECTS = {"participants.tsv", "sample.tsv", "design.tsv"}


def dataset(record):
    """The dataset of a recorded analysis, as the registry has it."""
    return DATASETS[record["settings"].get("dataset", "own")]


def packed_results(record):
    """The results of a recorded analysis that an archive holds, and its report, in order.

    Left out are the matrix of all maps, figures as SVG or PDF, which are there as PNG, and, of a dataset that must not
    be passed on, the tables of its variables.
    """
    left = {LARGE} if dataset(record).shared else {LARGE} | OF_SUBJECTS
    kept = [name for name in record["outputs"] if name not in left and not name.endswith((".svg", ".pdf"))]
    return sorted([REPORT, *kept])


def sha256_of(data):
    """The SHA-256 of a file or of bytes, as hexadecimal text."""
    return digest(data) if isinstance(data, Path) else hashlib.sha256(data).hexdigest()


def size_of(data):
    """The number of bytes of a file or of bytes."""
    return data.stat().st_size if isinstance(data, Path) else len(data)


def list_of(content):
    """The list of an archive's files, as JSON, from their paths on the disk, or their bytes, by path in the archive."""
    return sealed({"files": {path: sha256_of(data) for path, data in sorted(content.items())}})


def complaints(root):
    """A sentence on each file of an unpacked archive that is not there or not as it was packed.

    Raises
    ------
    InputError
        If the list of its files is not as it was packed.
    """
    for name, sha256 in read_sealed(root / LIST)["files"].items():
        if not (root / name).is_file():
            yield f"the file {name} of the archive is not there"
        elif digest(root / name) != sha256:
            yield f"the file {name} is not as it was packed"
