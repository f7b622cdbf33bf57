"""Say in words what will be analysed: called in a dry run, with the settings of all analyses on standard input."""

import json
import sys

from secondlevel.errors import InputError
from secondlevel.preview import preview


def main():
    for name, settings in json.load(sys.stdin).items():
        try:
            lines = preview(settings)
        except InputError as error:
            lines = [f"It cannot run: {error}"]
        print(f"\nAnalysis {name}", *(f"  {line}" for line in lines), sep="\n")


if __name__ == "__main__":
    main()
