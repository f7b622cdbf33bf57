"""Say what is wrong in how config files are written, and in which line. Snakemake, which reads them first, does not.

PYTHONPATH=workflow/scripts python tools/check_config.py FILE ...
"""

import sys

from config_files import misread
from secondlevel.base.signs import on_a_line, say


def main(paths):
    complaints = [sentence for path in paths for sentence in misread(path)]
    say(*(f"Error: {on_a_line(sentence)}" for sentence in complaints), file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
