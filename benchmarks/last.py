"""Stored results: of which machine they are, and what got worse since those before them."""

import math
import platform
import re
import subprocess
from pathlib import Path

from common import n_cores, read_table, three_digits, write_table

WORSE = 1.15  # times the last
# What ends a measure's name: its unit, the word for worse, and whether less of it is better.
MEASURES = {
    "per_second": ("/s", "slower", False),
    "seconds": (" s", "slower", True),
    "cpu": (" s of CPU", "slower", True),
    "peak_mb": (" MB", "larger", True),
}


def machine():
    """What a machine has, in words: processor, the cores that may be used, memory. Not its name."""
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    return f"{' '.join(_processor().split())}, {n_cores()} cores, {memory:.0f} GB"


def _processor():
    """The processor's model."""
    if platform.system() == "Darwin":
        return subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=True
        ).stdout
    listed = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:(.*)$", listed.read_text(), re.M) if listed.exists() else None
    return found[1] if found else platform.machine()


def store(path, rows, case):
    """Write results with their machine in the place of the last ones, and print what got worse.

    Parameters
    ----------
    path : Path
    rows : list of dict
    case : tuple of str
        The columns that say what was measured, together another one in each row.
    """
    before = read_table(path) if path.exists() else []
    write_table(path, [row | {"machine": machine()} for row in rows])
    print(*compared(before, read_table(path), case), sep="\n")


def compared(before, rows, case):
    """Lines on what got worse from one table of results to the next.

    Parameters
    ----------
    before, rows : list of dict
        Tables as they are read.
    case : tuple of str

    Returns
    -------
    list of str
        One for each measure that is worse by more than `WORSE`, or one that says why there is none.
    """
    if not before:
        return ["no results were stored before: there is nothing to compare with"]
    here, there = rows[0]["machine"], {row.get("machine", "a machine that they do not name") for row in before}
    if here not in there:
        return [f"the last results are of {' and '.join(sorted(there))}, these of {here}: they are not compared"]
    last = {_case(row, case): row for row in before if row.get("machine") == here}
    known = [row for row in rows if _case(row, case) in last]
    worse = [line for row in known for line in _worse(last[_case(row, case)], row, ", ".join(_case(row, case)))]
    return worse or [f"nothing is slower than the last, in {len(known)} of {len(rows)} cases"]


def _case(row, case):
    return tuple(f"{row[key]:,}" if isinstance(row.get(key), int) else str(row.get(key)) for key in case)


def _worse(last, row, name):
    """A line for each measure of a case that is worse."""
    for key in row.keys() & last.keys():
        for suffix, (unit, word, less_is_better) in MEASURES.items():
            values = last[key], row[key]
            if not key.endswith(suffix) or not all(_is_measured(value) for value in values):
                continue
            times = values[1] / values[0] if less_is_better else values[0] / values[1]
            if times > WORSE:
                shown = " → ".join(f"{three_digits(value)}{unit}" for value in values)
                yield f"{word} than the last: {name}: {key}, {shown} ({times:.2f}×)"


def _is_measured(value):
    return isinstance(value, int | float) and math.isfinite(value) and value > 0
