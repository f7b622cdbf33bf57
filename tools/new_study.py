"""Write a commented config for a study, and say what a dry run says of it.

    PYTHONPATH=workflow/scripts python tools/new_study.py NAME [--maps MAPS --table TABLE]

NAME can be a path, whose folder is then that of the study. MAPS is the folder of the maps, or what the config key
'datasets.own.maps' can be: a path with columns in braces, or the name of a column of TABLE that holds paths.
"""

import argparse
import os
import re
import shlex
import sys
import unicodedata
from pathlib import Path

import settings
from outlook import tell
from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.base.signs import on_a_line, say
from secondlevel.datasets.own import FIELD, read_study
from study_config import template_for, with_study
from study_maps import maps_below, named_maps
from study_table import columns_of, id_columns_of, propose
from verify import give_up

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = [ROOT / "workflow" / "schemas" / f"{name}.yaml" for name in ("defaults", "config.schema")]
SNAKEMAKE, MOST_CHARACTERS = ".venv/bin/snakemake", 100  # as the schema has it for names of analyses


def place_of(name):
    """The config of a name, a path from the root, and the name of the analysis."""
    folder, last = os.path.split(os.path.abspath(os.path.expanduser(name)))
    plain = unicodedata.normalize("NFKD", re.sub(r"\.ya?ml$", "", last)).encode("ascii", "ignore").decode()
    analysis = re.sub("[^A-Za-z0-9_-]+", "_", plain).strip("_-")[:MOST_CHARACTERS]
    if not analysis:
        raise InputError(
            f"NAME={short(name)} has no letter from a to z and no digit, of which names of results are made."
        )
    if not os.path.isdir(folder):
        raise InputError(f"There is no folder {short(folder)} for the study; make it, or correct NAME.")
    path = os.path.join(folder, f"{analysis}.yaml")
    if os.path.lexists(path):
        raise InputError(f"{short(path)} is there already; choose another NAME.")
    return path, analysis


def called_by(path):
    """The arguments that name a config, and the folder of its study unless that is this one."""
    folder, here = os.path.split(path)[0], os.getcwd()
    if folder == here:
        return shlex.join(["--configfile", os.path.basename(path)])
    return shlex.join(["--directory", folder, "--configfile", path])


def seen_from(folder, path):
    """A path as the config of a study in a folder has it: from there, or from the root where it lies elsewhere."""
    path = os.path.expanduser(path)
    found = os.path.relpath(path, folder)
    inside = found.split(os.sep)[0] != os.pardir or (folder == os.getcwd() and not os.path.isabs(path))
    return found if inside else os.path.abspath(path)


def studied(text, maps, table):
    """The template with what the maps and the table of a study tell; both paths are seen from here."""
    if not os.path.isfile(table):
        raise InputError(f"TABLE={short(table)} is no file that is there; correct it.")
    id_columns = id_columns_of(table)
    rows = read_study(table, id_columns)
    is_folder = os.path.isdir(maps)
    ways = maps_below(maps, rows, table, id_columns) if is_folder else [named_maps(maps, rows, table, id_columns)]
    with_map = rows[[path is not None for path in ways[0].paths]]
    columns = columns_of(with_map, table, id_columns)
    return with_study(text, table, ways, id_columns, columns, propose(with_map, columns, id_columns, table))


def write_config(name, maps, table):
    """Write the config of a study, which must not be there yet, and go to its folder; return its path."""
    if bool(maps) != bool(table):
        raise InputError("MAPS and TABLE are looked at together; give both, or none of them.")
    path, analysis = place_of(name)
    folder, called = os.path.dirname(path), called_by(path)
    text = template_for((ROOT / "config" / "new_study.yaml").read_text(encoding="utf-8"), analysis, called)
    if maps:
        is_path = FIELD.search(maps) or os.path.exists(os.path.expanduser(maps))
        maps, table = seen_from(folder, maps) if is_path else maps, seen_from(folder, table)
        os.chdir(folder)
        text = studied(text, maps, table)
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)
    return path


def foretold(path):
    """Say what a dry run says of a config, and return whether it can run."""
    try:
        settings.refuse(settings.misread(path))
        _, analyses = settings.analyses_of(settings.read_yaml(path), *map(settings.read_yaml, SCHEMAS))
    except settings.WrongConfig as wrong:
        say(*(f"It cannot run: {on_a_line(line)}" for line in str(wrong).splitlines()))
        return False
    return tell({name: settings.facts.of_outlook(chosen, None) for name, chosen in analyses.items()})


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--maps", default="")
    parser.add_argument("--table", default="")
    given, here = parser.parse_args(arguments), os.getcwd()
    try:
        path = write_config(given.name, given.maps, given.table)
    except (InputError, OSError) as error:
        give_up(error)
    say(on_a_line(f"{path} is written: a proposal, which says why, and what else could stand there."))
    good = not given.maps or foretold(path)
    os.chdir(here)
    words = "Read it, correct what was meant otherwise, then" if given.maps and good else "Adapt it, then"
    called = called_by(path)
    say("", on_a_line(f"{words} see what it will do and run it:"))
    say(*(on_a_line(f"  {SNAKEMAKE} {what} {called}") for what in ("-n", "--cores all")))
    sys.exit(not good)


if __name__ == "__main__":
    main(sys.argv[1:])
