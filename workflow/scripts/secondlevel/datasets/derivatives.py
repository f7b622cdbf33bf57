"""Maps in a folder of BIDS derivatives, found by the entities in their names."""

import glob
import os
from pathlib import Path

import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import short

ENTITY = {"session": "ses", "session_id": "ses"}  # of columns that have another name than their BIDS entity
OF_FILE = ("folder", "suffix", "extension")  # what is no entity of what a config says of maps


def without_prefix(label):
    """An ID without the ``sub-`` that BIDS puts before it."""
    return label.removeprefix("sub-")


def bare_index(label):
    """The label of an entity without zeros before a number: ``run-01`` is run 1 (None stays None)."""
    return (label.lstrip("0") or "0") if label and label.isdecimal() else label


def entities_of(name):
    """The BIDS entities in the name of a file: sub 01 and stat effect in ``sub-01_stat-effect_statmap.nii.gz``."""
    return dict(part.split("-", 1) for part in name.split(".")[0].split("_")[:-1] if "-" in part)


def is_other(name, endings):
    """Whether a name that ends as wanted has an ending of CIFTI, which is longer, and not wanted."""
    return name.endswith((".dscalar.nii", ".pscalar.nii")) and not set(endings) & {".dscalar.nii", ".pscalar.nii"}


def by_entities(table, wanted, id_columns, endings):
    """Maps in a folder of BIDS derivatives, by the entities in their names, those of `id_columns` among them."""
    folder, suffix = Path(wanted["folder"]), wanted.get("suffix", "statmap")
    endings = (wanted["extension"],) if "extension" in wanted else endings
    if not os.path.isdir(folder):
        raise InputError(f"config key 'datasets.own.maps.folder': {short(folder)} is not a folder; correct it.")
    entities = {key: bare_index(str(value)) for key, value in wanted.items() if key not in OF_FILE}
    own = [ENTITY.get(name, name) for name in id_columns]
    found = {}
    for path in sorted(folder.rglob(f"*_{glob.escape(suffix)}.*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):  # as of checksums
            continue
        of_file = entities_of(path.name)
        fits = all(bare_index(of_file.get(key)) == value for key, value in entities.items())
        if fits and path.name.endswith(endings) and not is_other(path.name, endings) and "sub" in of_file:
            place = (of_file["sub"], *(bare_index(of_file.get(key)) for key in own))
            found.setdefault(place, []).append(str(path))
    paths = []
    for _, row in table.iterrows():
        if pd.isna(row["participant_id"]):
            paths.append(None)
            continue
        cells = [bare_index(row[name].removeprefix(f"{key}-")) for name, key in zip(id_columns, own, strict=True)]
        files = found.pop((without_prefix(row["participant_id"]), *cells), [])
        if len(files) > 1:
            raise InputError(
                f"config key 'datasets.own.maps': {len(files)} files fit {row['participant_id']}, such as {files[0]} "
                f"and {files[1]}; add an entity that tells them apart."
            )
        paths.append(files[0] if files else None)
    return paths, [path for files in found.values() for path in files]
