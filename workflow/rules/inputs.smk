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
    about = forms.wanted(SETTINGS[wildcards.analysis])
    named = dict.fromkeys(path for source in listed.values() for path in sources.paths_of(source, about) if path)
    return there(os.path.normpath(folder / path) for path in named)


def companion_maps(wildcards):
    """The masks, lesions and variances that belong to the user's maps, if any."""
    of_columns = incomplete.beside(SETTINGS[wildcards.analysis])
    if not of_columns:
        return []
    table = checkpoints.own_table.get(analysis=wildcards.analysis).output.table
    named = dict.fromkeys(
        path
        for column, about in of_columns.items()
        for source in listed_maps(table, column).values()
        for path in sources.paths_of(source, about)
        if path
    )
    return there(os.path.normpath(Path(table).parent / path) for path in named)


def there(paths):
    """The files of maps, of those that are there or are made; one that is not is a reason to leave its subject out."""
    files = list(paths)
    files += [path.removesuffix(".img") + ".hdr" for path in files if path.endswith(".img")]
    return [local(path) for path in files if Path(path).is_file() or is_made(path)]


def listed_maps(table, column="map"):
    """The map of each subject that has one, by ID, from a sample table; or another file of theirs."""
    with open(table, encoding="utf-8") as file:
        return {
            row["participant_id"]: row[column] for row in csv.DictReader(file, delimiter="\t") if row[column] != "n/a"
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
    """The user's mask, if any, or that of each mesh."""
    masks = facts.mask_files(SETTINGS[wildcards.analysis])
    files = [named(key, path) for key, path in masks.items()]
    return files[0] if len(files) == 1 else files


def map_mean_region(wildcards):
    """The user's masks over which the mean of each map is taken, if any."""
    masks = facts.map_mean_files(SETTINGS[wildcards.analysis])
    files = [named(key, path) for key, path in masks.items()]
    return files[0] if len(files) == 1 else files


def reference_grid(wildcards):
    """The image onto whose grid maps are resampled, if any."""
    reference = SETTINGS[wildcards.analysis]["resample_to"]
    return named("resample_to", reference) if reference else []


def participants(wildcards):
    """The user's table."""
    return named("datasets.own.participants", SETTINGS[wildcards.analysis]["datasets"]["own"]["participants"])


def own_atlas(wildcards):
    """The files of the user's own atlas, if any."""
    is_own = isinstance(config["tables"]["atlas"], dict)
    return [named(f"tables.atlas.{part}", path) for part, path in ATLAS.items()] if is_own else []


def atlas(wildcards):
    """The files of the atlas, if any, be it the user's own or one that is brought."""
    return own_atlas(wildcards) or list((ATLAS or {}).values())


def map_sidecars(wildcards):
    """The JSON files beside the user's maps, if every map has one."""
    maps = own_maps(SimpleNamespace(analysis=FIRST[wildcards.analysis]))
    paths = [forms.sidecar(path) for path in maps if not path.endswith(".hdr")]
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


def files_there(own):
    """A digest of the names of the files that could be maps, so that a new one is seen."""
    files = []
    of_keys = [*forms.operands(own), *(forms.beside(own, key) for key in facts.COMPANIONS if own[key])]
    for maps in (maps for of_key in of_keys for maps in forms.maps_by_part(of_key).values()):
        if isinstance(maps, dict):
            files += Path(maps["folder"]).rglob("sub-*") if "folder" in maps else []
        else:
            files += glob.glob("*".join(glob.escape(part) for part in re.split(r"\{[^{}]*\}", maps)))
    files = sorted(path for path in map(str, files) if not is_made(path))
    return hashlib.sha256(os.fsencode("\n".join(files))).hexdigest()[:16]


def inputs_of(wildcards):
    """All of them, for the record."""
    first = SimpleNamespace(analysis=FIRST[wildcards.analysis])
    own = SETTINGS[wildcards.analysis]["dataset"] == "own"
    design = SETTINGS[wildcards.analysis].get("elsewhere", {}).get("files", [])
    mask = given_mask(wildcards)
    given = [
        *([mask] if isinstance(mask, str) else mask),
        reference_grid(wildcards),
        *atlas(wildcards),
        *map(local, design),
    ]
    table = participants(wildcards) if own else sample_table(first)
    return [table, *sample_maps(first), *companion_maps(first), *[path for path in given if path]]
