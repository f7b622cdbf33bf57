"""In an unpacked archive: check the inputs, run the workflow with the archived settings, and compare the results.

Arguments go to snakemake, as `make reproduce` gives it --cores.
"""

import os
import subprocess
import sys
from pathlib import Path

from config_files import holds_json
from secondlevel.base.errors import InputError
from secondlevel.base.signs import say
from secondlevel.report.provenance import NAME, compare, machine, read_record, software
from verify import give_up, verify

ROOT = Path(__file__).resolve().parent.parent


def check_inputs(record):
    """Refuse inputs that are not those of the archived analysis; those that are made on the way may be missing."""
    changed, absent = compare(record | {"outputs": {}}, ".")
    missing = [path for path in absent if not path.startswith("resources/")]
    problems = changed + [f"the input {path} is not there" for path in missing]
    if problems:
        more = f" ({len(problems)} inputs like this)" if len(problems) > 1 else ""
        raise InputError(f"{record['analysis']}: {problems[0]}{more}; REPRODUCE.md says where inputs are looked for.")


def require_values(path):
    """Refuse settings that are not JSON, as `make archive` writes them: in YAML, Snakemake would run code."""
    if not holds_json(path.read_text(encoding="utf-8", errors="replace")):
        raise InputError(f"the settings {path} are not JSON, as they were archived; correct them.")


def tell_differences(record):
    """Say how machine and software differ from those that made the recorded results."""
    for what, then, now in (("machine", record["machine"], machine()), ("software", record["software"], software())):
        differing = [f"{key} {then[key]}, here {now[key]}" for key in then if then[key] != now.get(key)]
        say(f"{what}: {'; '.join(differing) or 'the same'}.")


def main(arguments):
    folders = sorted(path.parent for path in Path("archive").glob(f"*/{NAME}"))
    good = True
    try:
        if not folders:
            raise InputError("there is no archive/ here; unpack an archive that `make archive` made, and go there.")
        for folder in folders:
            record = read_record(folder / NAME)
            require_values(folder / "config.json")
            check_inputs(record)
            command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", *arguments]
            command += ["--configfile", folder / "config.json"]
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            if subprocess.run(list(map(str, command)), env=environment).returncode:
                raise InputError(f"{record['analysis']}: the workflow did not end well; see above.")
            if not verify(Path("results") / record["analysis"], record):
                good = False
                tell_differences(record)
    except (InputError, OSError) as error:
        give_up(error)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
