"""The first minute of a newcomer: `make run`, once all is installed, in a copy of the project that has never run.

    python benchmarks/first_minute.py                    # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/first_minute.py --beside FOLDER    # another state of the project takes turns, and stands beside
    python benchmarks/first_minute.py --quick            # one turn, only printed
    python benchmarks/first_minute.py --docs             # only makes the page anew, from the stored results

The default analysis, on all cores, to its report. Each turn has a copy of its own, without results, compiled code or
caches beside it; the environment is that of the Python that runs this. The command that make itself prints is not
counted among the lines.
"""

import argparse
import itertools
import shutil
import sys
import tempfile
from pathlib import Path

import runs
from common import PAGE, RESULTS, as_read, markdown, n_cores, read_table, rewrite_block, three_digits
from last import store

TURNS = 3
CASE = ("state", "cores")
# What a clone does not have, or what the run does not read.
LEFT_OUT = (".*", "__pycache__", "results", "resources", "wheels")


def newcomers_run(project, folder):
    """Copy a state of the project, and run the default analysis there."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / ".venv").symlink_to(sys.prefix)
    # The environment is there and is not to be touched, whatever the times of the files.
    return runs.call(["make", "--silent", "--old-file=.venv/bin/.ready", "run"], folder)


def measure(projects, turns):
    """A row for each state of the project; they take turns, and the best counts."""
    calls = {name: [] for name in projects}
    for _, (name, project) in itertools.product(range(turns), projects.items()):
        with tempfile.TemporaryDirectory(prefix="newcomer_") as root:
            calls[name].append(newcomers_run(project, Path(root) / "secondlevel"))
        found = calls[name][-1]
        print(
            f"{name}: first line {found.first:.1f} s, end {found.seconds:.1f} s, {found.cpu:.1f} s of CPU", flush=True
        )
    return [
        {
            "state": name,
            "cores": n_cores(),
            "first_line_seconds": f"{min(call.first for call in some):.2f}",
            "seconds": f"{min(call.seconds for call in some):.2f}",
            "cpu": f"{min(call.cpu for call in some):.2f}",
            "lines": some[-1].printed.count("\n"),
            "turns": turns,
        }
        for name, some in calls.items()
    ]


def as_markdown(rows):
    """The table of the page."""
    keys = ("first_line_seconds", "seconds", "cpu")
    lines = [[row["state"], *(three_digits(row[key]) for key in keys), row["lines"]] for row in rows]
    about = f"{rows[0]['cores']} cores; best of {rows[0]['turns']} turns."
    header = ["", "to the first line, s", "to the end, s", "s of CPU", "lines it prints"]
    return f"{about}\n\n{markdown(header, lines)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    runs.add_beside(parser)
    parser.add_argument("--quick", action="store_true", help="one turn, only printed")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    asked, path = parser.parse_args(), RESULTS / "first_minute.tsv"
    if asked.quick:
        print(as_markdown(as_read(measure(runs.states(asked.beside), 1))))
        return
    if not asked.docs:
        store(path, measure(runs.states(asked.beside), TURNS), CASE)
    rewrite_block(PAGE, "first", as_markdown(read_table(path)))


if __name__ == "__main__":
    main()
