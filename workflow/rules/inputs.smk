"""The files that an analysis is made from: those of its dataset, and those that its settings name. No rules here."""

import csv
import glob
import hashlib
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace

# The datasets whose files are listed with their checksums.
PINNED = {name: dataset.files for name, dataset in DATASETS.items() if dataset.files}


def pinned_maps(name):
    """Where the files of a map of such a dataset lie, with the wildcard of the subject."""
    return [f"resources/{name}/maps/sub-{{subject}}{ending}" for ending in PINNED[name].endings]


def of_subject(values):
    """The value of a subject, for params."""
    return lambda wildcards: values[wildcards.subject]


def pinned_timeout(name):
    """The timeout of a dataset, for params; it is no reason to download again."""
    return lambda wildcards, output: config["datasets"][name]["timeout"]


def sample_table(wildcards):
    """The sample table of an analysis' dataset."""
    dataset = SETTINGS[wildcards.analysis]["dataset"]
    if dataset in PINNED:
        return f"resources/{dataset}/sample.tsv"
    return {
        "simulated_localizer": f"{SIMULATED}/sample.tsv",
        "localizer": LOCALIZER_TABLE.replace("{slug}", LOCALIZER_SLUG),
        "own": f"results/{wildcards.analysis}/participants.tsv",
    }[dataset]


def sample_maps(wildcards):
    """The maps of an analysis' dataset. Those of some datasets are known once their table is made."""
    dataset = SETTINGS[wildcards.analysis]["dataset"]
    if dataset == "simulated_localizer":
        return expand(f"{SIMULATED}/maps/sub-{{id}}.nii.gz", id=SIMULATED_IDS)
    if dataset in PINNED:
        return [path.format(subject=subject) for subject in PINNED[dataset].maps for path in pinned_maps(dataset)]
    if dataset == "localizer":
        listed = listed_maps(checkpoints.localizer_table.get(slug=LOCALIZER_SLUG).output.table)
        return expand(LOCALIZER_MAP, slug=LOCALIZER_SLUG, subject=listed)
    table = checkpoints.own_table.get(analysis=wildcards.analysis).output.table
    listed, folder = listed_maps(table), Path(table).parent
    files = [os.path.normpath(folder / path) for path in listed.values()]
    files += [path.removesuffix(".img") + ".hdr" for path in files if path.endswith(".img")]
    # A map that is not there and is not made is a reason to leave its subject out, and no error here.
    return [local(path) for path in files if Path(path).is_file() or is_made(path)]


def listed_maps(table):
    """The map of each subject that has one, by ID, from a sample table."""
    with open(table, encoding="utf-8") as file:
        return {
            row["participant_id"]: row["map"] for row in csv.DictReader(file, delimiter="\t") if row["map"] != "n/a"
        }


@functools.cache
def is_made(path):
    """Whether a file is made by a rule, as maps and tables can be in a workflow that this one is a part of."""
    return not IS_MAIN and any(rule.is_producer(path) for rule in workflow.rules)


def named(key, path):
    """A file that a key of the config names, as an input.

    Of a workflow of its own the settings have told before that it is not there; where it is part of another one, all
    rules are known only now. Snakemake would show an exception with a traceback, and a file that is not there, and that
    no rule makes, it takes for one that has not changed.
    """
    if not os.path.isfile(path) and not is_made(path):
        sys.exit(f"Error: {signs.shown(settings.complaints.no_file(key, path))}")
    return local(path)


def given_mask(wildcards):
    """The user's mask, if any."""
    mask = SETTINGS[wildcards.analysis]["mask"]
    return [] if mask in ("background", "mni") else named("mask", mask)


def reference_grid(wildcards):
    """The image onto whose grid maps are resampled, if any."""
    reference = SETTINGS[wildcards.analysis]["resample_to"]
    return named("resample_to", reference) if reference else []


def participants(wildcards):
    """The user's table."""
    return named("datasets.own.participants", SETTINGS[wildcards.analysis]["datasets"]["own"]["participants"])


def own_atlas(*parts):
    """The files of the user's own atlas, if any."""
    is_own = isinstance(config["tables"]["atlas"], dict)
    return lambda wildcards: [named(f"tables.atlas.{part}", ATLAS[part]) for part in parts if is_own]


def atlas(*parts):
    """The files of the atlas, if any, be it the user's own or one that is brought."""
    return lambda wildcards: own_atlas(*parts)(wildcards) or [ATLAS[part] for part in parts if ATLAS]


def map_sidecars(wildcards):
    """The JSON files beside the user's maps, if every map has one."""
    maps = own_maps(SimpleNamespace(analysis=FIRST[wildcards.analysis]))
    paths = [re.sub(r"(\.nii|\.img)(\.gz)?$", ".json", path) for path in maps if not path.endswith(".hdr")]
    return list(map(local, paths)) if all(map(os.path.isfile, paths)) else []


def own_maps(wildcards):
    """The user's maps, if any."""
    return sample_maps(wildcards) if SETTINGS[wildcards.analysis]["dataset"] == "own" else []


def state_of(read, *files):
    """What the user's files among the inputs of a rule are, for params.

    Snakemake sees by their times that files are newer than results, but not that they are others with older times.

    Parameters
    ----------
    read : str
        The output of the rule that tells what it has read.
    *files : callable
        Functions that give the files.
    """

    def state(wildcards):
        paths = flatten([function(wildcards) for function in files])
        return notes.state_of([path for path in paths if not is_made(path)], str(read).format(**wildcards))

    return state


def design_files(wildcards):
    """The matrix, IDs and blocks of a design that was written for other software, which the sample is joined with."""
    given = facts.elsewhere(SETTINGS[wildcards.analysis])
    return [local(given[key]) for key in ("mat", "rows", "grp") if key in given]


def files_there(maps):
    """A digest of the names of the files that could be maps, so that a new one is seen."""
    if isinstance(maps, dict):
        files = Path(maps["folder"]).rglob("sub-*")
    else:
        files = glob.glob("*".join(glob.escape(part) for part in re.split(r"\{[^{}]*\}", maps)))
    files = sorted(path for path in map(str, files) if not is_made(path))
    return hashlib.sha256(os.fsencode("\n".join(files))).hexdigest()[:16]


def inputs_of(wildcards):
    """All of them, for the record."""
    first = SimpleNamespace(analysis=FIRST[wildcards.analysis])
    own = SETTINGS[wildcards.analysis]["dataset"] == "own"
    design = SETTINGS[wildcards.analysis].get("elsewhere", {}).get("files", [])
    given = [
        given_mask(wildcards),
        reference_grid(wildcards),
        *atlas("image", "labels")(wildcards),
        *map(local, design),
    ]
    table = participants(wildcards) if own else sample_table(first)
    return [table, *sample_maps(first), *[path for path in given if path]]
