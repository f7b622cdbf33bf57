"""Say in words what will be analysed: called in a dry run, with the settings of all analyses on standard input."""

import json
import sys

from secondlevel.base.errors import InputError
from secondlevel.base.signs import on_a_line, say
from secondlevel.report.outlook import outlook


def main():
    failed = False
    for name, settings in json.load(sys.stdin).items():
        try:
            lines = outlook(settings)
        except InputError as error:
            lines, failed = [f"It cannot run: {error}"], True
        say(f"\nAnalysis {name}", *(f"  {on_a_line(line)}" for line in lines))
    sys.exit(failed)


if __name__ == "__main__":
    main()
