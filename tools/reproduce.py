"""In an unpacked archive: find the inputs, run the workflow with the archived settings, and compare the results.

    PYTHONPATH=workflow/scripts python tools/reproduce.py FOLDER [ARGUMENTS ...]

The inputs are found below the folder, and among those in the archive, by their checksums, and laid out, as links, in
the folder reproduced/, where the workflow runs. All other arguments go to snakemake, as `make reproduce` gives --cores.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

from packing import FOLDER, INPUTS, LIST, complaints
from secondlevel.base.errors import InputError
from secondlevel.base.files import write_json
from secondlevel.base.signs import say
from secondlevel.report.provenance import NAME, REPORT, machine, read_record, software
from staging import as_recorded, depth, find, lay, settings_there
from verify import give_up, verify

ROOT = Path(__file__).resolve().parent.parent
REPRODUCED = "reproduced"
OF_NOBODY = "results/maps_without_participant.tsv"  # in the folder of an archived analysis


def records():
    """The record of each analysis of the archive, by its folder."""
    return {path.parent: read_record(path) for path in sorted(FOLDER.glob(f"*/{NAME}"))}


def of_nobody(folder):
    """The maps that belonged to nobody in an archived analysis."""
    if not (folder / OF_NOBODY).is_file():
        return []
    with open(folder / OF_NOBODY, encoding="utf-8", newline="") as file:
        return [row["map"] for row in csv.DictReader(file, delimiter="\t")]


def tell_differences(record):
    """Say how machine and software differ from those that made the recorded results."""
    for what, then, now in (("machine", record["machine"], machine()), ("software", record["software"], software())):
        differing = [f"{key} {then[key]}, here {now[key]}" for key in then if then[key] != now.get(key)]
        say(f"{what}: {'; '.join(differing) or 'the same'}.")


def run(record, place, arguments):
    """Run the workflow with recorded settings in a folder where its inputs are laid out."""
    settings = place / f"{record['analysis']}.json"
    write_json(settings, settings_there(record["config"]))
    command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", place, *arguments]
    command += ["--configfile", settings.resolve(), "--", f"results/{record['analysis']}/{REPORT}"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if subprocess.run(list(map(str, command)), env=environment).returncode:
        raise InputError(f"{record['analysis']}: the workflow did not end well; see above.")


def main(inputs, arguments):
    good = True
    try:
        if not LIST.is_file():
            raise InputError("there is no archive/ here; unpack an archive that `make archive` made, and go there.")
        wrong = list(complaints(Path()))
        if wrong:
            raise InputError(f"{wrong[0]}; unpack the archive anew.")
        for folder, record in records().items():
            place = Path(REPRODUCED, *["up"] * depth(record["inputs"]))
            found = find(record, [Path(inputs), INPUTS], aside={os.path.realpath(REPRODUCED)})
            lay(found, of_nobody(folder), place)
            run(record, place, arguments)
            if not verify(place / "results" / record["analysis"], record | {"inputs": {}}, as_recorded):
                good = False
                tell_differences(record)
    except (InputError, OSError) as error:
        give_up(error)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
