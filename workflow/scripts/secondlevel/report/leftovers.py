"""What lies in a folder of results and is none of them: left by earlier settings, such as a contrast of another name.

Plain Python, which imports no other file: what surrounds a run uses it too.
"""

import json
from pathlib import Path

RECORD = "provenance.json"
OF_THE_FOLDER = {RECORD, "report.html", "calibration.json"}  # the last is made on demand, and may be in no record
ASIDE = {"logs", "benchmarks"}
FEW = 3


def leftovers(folder, outputs):
    """The files in a folder of an analysis that no setting of it makes.

    Parameters
    ----------
    folder : str or Path
    outputs : container of str
        The results that are recorded, by their path in the folder.

    Returns
    -------
    list of str
        Their paths in the folder, in order. Logs, benchmarks, hidden files, what a killed job left of chunks that are
        made in passing, and results that were changed by hand and kept as ``.changed`` are none.
    """
    found = []
    for path in sorted(Path(folder).rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        passing = name.parts[0] in ASIDE or name.suffix == ".changed" or name.match("permutation/chunk-*.npz")
        if path.is_file() and not hidden and not passing and name.as_posix() not in {*OF_THE_FOLDER, *outputs}:
            found.append(name.as_posix())
    return found


def in_words(folder, left):
    """A sentence on leftovers of a folder."""
    more = f" and {len(left) - FEW:,} more" if len(left) > FEW else ""
    what = "1 file is" if len(left) == 1 else f"{len(left):,} files are"
    return (
        f"{what} in {folder} that the settings of its results do not make: {', '.join(left[:FEW])}{more}; they are of "
        "earlier settings, such as a contrast of another name, so remove what is no longer wanted."
    )


def told_of_record(folder):
    """A sentence on the leftovers of a folder by the record in it, or nothing."""
    try:
        outputs = json.loads((Path(folder) / RECORD).read_text(encoding="utf-8"))["outputs"]
        left = leftovers(folder, dict(outputs))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return in_words(folder, left) if left else None
