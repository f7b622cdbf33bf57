"""Check results against the checksums that were recorded when they were made.

    PYTHONPATH=workflow/scripts python tools/verify.py [FOLDER ...]

Each is a folder of an analysis; without one, all below results/ are checked, or, in an unpacked archive, its files. To
be called where the workflow was run, as `make verify` does. Ends with code 1 if a result is missing, any file differs,
or a record is none; told only are inputs that are not there, and files beside the results that no setting of theirs
makes. Needs nothing but Python.
"""

import sys
from pathlib import Path

from packing import LIST, complaints
from secondlevel.base.errors import InputError
from secondlevel.base.signs import on_a_line, say
from secondlevel.report.leftovers import in_words, leftovers
from secondlevel.report.provenance import NAME, REPORT, compare, is_sealed, read_record


def folders_of(arguments):
    """The folders of results that are named, or all below results/."""
    folders = [Path(name) for name in arguments] or sorted(path.parent for path in Path("results").glob(f"*/{NAME}"))
    if not folders:
        raise InputError(f"There is no {NAME} below results/; run the workflow first.")
    return folders


def verify(folder, record, as_recorded=None):
    """Tell of one folder whether it is as recorded, and return that; `as_recorded` is that of `compare`."""
    changed, absent = compare(record, folder, as_recorded)
    report = folder / REPORT
    if report.is_file() and not is_sealed(report):
        changed.append(f"the report {report} is not as it was written")
    sentences = [f"{sentence}." for sentence in changed]
    if absent:
        sentences.append(f"{len(absent)} inputs are not at hand, such as {absent[0]}.")
    if not changed:
        sentences.append(f"all {len(record['outputs'])} results are as recorded.")
    left = leftovers(folder, record["outputs"])
    if left:
        sentences.append(in_words(folder, left))
    say(*(on_a_line(f"{record['analysis']}: {sentence}") for sentence in sentences))
    return not changed


def verify_archive():
    """Tell of an unpacked archive whether it is as it was packed, and return that."""
    wrong = list(complaints(Path()))
    say(*(on_a_line(f"{sentence}.") for sentence in wrong or ["all files of the archive are as they were packed"]))
    return not wrong


def give_up(error):
    """End with a sentence on what is wrong, and code 1."""
    say(on_a_line(f"Error: {error}"), file=sys.stderr)
    sys.exit(1)


def main(arguments):
    try:
        if not arguments and LIST.is_file():
            good = [verify_archive()]
        else:
            good = [verify(folder, read_record(folder / NAME)) for folder in folders_of(arguments)]
    except (InputError, OSError) as error:
        give_up(error)
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
