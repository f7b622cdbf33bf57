"""Compare the results in two folders byte for byte, as after a change of the code that must change no number.

    PYTHONPATH=workflow/scripts python tools/compare.py ONE OTHER

Each is a folder of results, or one that holds such. Logs, benchmarks and notes are left aside; the record and the page
of the report, which hold times, versions and digests, are counted apart. Ends with code 1 if anything else differs.
"""

import sys
from pathlib import Path

from secondlevel.base.files import LEDGER, NOTES, digest
from secondlevel.base.signs import on_a_line, say
from secondlevel.report.provenance import NAME, REPORT

ASIDE = {"logs", "benchmarks", NOTES, LEDGER}
OF_THE_RUN = {NAME, REPORT}


def results_in(folder):
    """The digests of all results below a folder, by their path from there."""
    files = [path for path in Path(folder).rglob("*") if path.is_file() and not path.name.startswith(".")]
    paths = {path.relative_to(folder): path for path in files}
    return {str(name): digest(path) for name, path in sorted(paths.items()) if not ASIDE & set(name.parts)}


def main(one, other):
    first, second = results_in(one), results_in(other)
    alone = [f"only {one} has {name}" for name in first.keys() - second.keys()]
    alone += [f"only {other} has {name}" for name in second.keys() - first.keys()]
    differing = [name for name in first.keys() & second.keys() if first[name] != second[name]]
    of_the_run = [name for name in differing if Path(name).name in OF_THE_RUN]
    wrong = sorted([*alone, *(f"{name} differs" for name in differing if name not in of_the_run)])
    say(*map(on_a_line, wrong))
    same = len(first.keys() & second.keys()) - len(differing)
    say(f"{same} files are the same, byte for byte; {len(wrong)} are not; {len(of_the_run)} tell of the run itself.")
    sys.exit(1 if wrong or not first else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
