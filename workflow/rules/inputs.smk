"""The files that an analysis is made from: those of its dataset, and those that its settings name. No rules here."""

import csv
import glob
import hashlib
import os
import re
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
    # A map that is not there is a reason to leave its subject out, and no error here.
    return [local(path) for path in files if Path(path).is_file()]


def listed_maps(table):
    """The map of each subject that has one, by ID, from a sample table."""
    with open(table, encoding="utf-8") as file:
        return {
            row["participant_id"]: row["map"] for row in csv.DictReader(file, delimiter="\t") if row["map"] != "n/a"
        }


def given_mask(wildcards):
    """The user's mask, if any."""
    mask = SETTINGS[wildcards.analysis]["mask"]
    return [] if mask in ("background", "mni") else local(mask)


def reference_grid(wildcards):
    """The image onto whose grid maps are resampled, if any."""
    reference = SETTINGS[wildcards.analysis]["resample_to"]
    return local(reference) if reference else []


def participants(wildcards):
    """The user's table."""
    return local(SETTINGS[wildcards.analysis]["datasets"]["own"]["participants"])


def files_there(maps):
    """A digest of the names of the files that could be maps, so that a new one is seen."""
    if isinstance(maps, dict):
        files = Path(maps["folder"]).rglob("sub-*")
    else:
        files = glob.glob("*".join(glob.escape(part) for part in re.split(r"\{[^{}]*\}", maps)))
    return hashlib.sha256(os.fsencode("\n".join(sorted(map(str, files))))).hexdigest()[:16]


def inputs_of(wildcards):
    """All of them, for the record."""
    first = SimpleNamespace(analysis=FIRST[wildcards.analysis])
    own = SETTINGS[wildcards.analysis]["dataset"] == "own"
    given = [given_mask(wildcards), reference_grid(wildcards), *map(local, (ATLAS or {}).values())]
    table = participants(wildcards) if own else sample_table(first)
    return [table, *sample_maps(first), *[path for path in given if path]]
