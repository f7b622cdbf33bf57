"""Say in words what will be analysed: called in a dry run, with the settings of all analyses on standard input."""

import json
import sys

from secondlevel.base.errors import InputError
from secondlevel.base.signs import on_a_line, say
from secondlevel.report.outlook import outlook


def tell(analyses):
    """Say what is to say of analyses, from their settings by name, and return whether all can run."""
    good = True
    for name, settings in analyses.items():
        try:
            lines = outlook(settings)
        except InputError as error:
            lines, good = [f"It cannot run: {error}"], False
        say(f"\nAnalysis {name}", *(f"  {on_a_line(line)}" for line in lines))
    return good


def main():
    sys.exit(not tell(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
