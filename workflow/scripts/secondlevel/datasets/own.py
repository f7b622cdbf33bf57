"""A study of the user's own: a table with a row for each map, and where the maps are."""

import glob
import os
import re
from pathlib import Path

import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.base.tables import identified, labelled, read_table

ENDINGS = (".nii", ".nii.gz", ".img")
SUBJECT = "subject"  # the column that keeps participant_id where a row is more than a participant
ENTITY = {"session": "ses", "session_id": "ses"}  # of columns that have another name than their BIDS entity
MOST_OF_NAME = 255  # bytes that the name of a file can have
FIELD = re.compile(r"\{([^{}]*)\}")


def read_study(path, id_columns):
    """Read the user's table, and give each row an ID.

    Parameters
    ----------
    path : str
        A TSV table.
    id_columns : list of str
        The columns that tell the rows apart, usually ``participant_id`` alone.

    Returns
    -------
    pandas.DataFrame
        As text, with the IDs, joined by "_" from the columns, in `participant_id`. A column of that name that is not
        the whole ID is kept as `subject`.

    Raises
    ------
    InputError
        If a column is not there, a row has no ID or too long a one, or two rows have the same, be it with and without
        ``sub-``.
    """
    table = read_table(path)
    ids = identified(table, id_columns, path)
    bare = ids.map(without_prefix)
    if bare.duplicated().any():
        first, second = ids[bare == bare[bare.duplicated()].iloc[0]].iloc[:2]
        same = (
            f"more than one row for {short(first)}"
            if first == second
            else f"rows for {short(first)} and for {short(second)}, who are one"
        )
        raise InputError(
            f"{path} has {same}; keep one of them, or, if subjects have several maps, name the columns that tell the "
            "rows apart in the config key 'datasets.own.id', such as [participant_id, session]."
        )
    if "participant_id" in table and list(id_columns) != ["participant_id"]:
        if SUBJECT in table:
            raise InputError(
                f"{path} has both columns participant_id and {SUBJECT}. Since rows are told apart by "
                f"{', '.join(id_columns)}, participant_id is kept as {SUBJECT}: rename the other one."
            )
        table = table.rename(columns={"participant_id": SUBJECT})
    return pd.concat([ids.rename("participant_id"), table], axis=1) if "participant_id" not in table else table


def without_prefix(label):
    """An ID without the ``sub-`` that BIDS puts before it."""
    return label.removeprefix("sub-")


def find_maps(table, maps, source, id_columns=("participant_id",)):
    """Find the map of each row.

    Parameters
    ----------
    table : pandas.DataFrame
        From `read_study`.
    maps : str or dict
        A path with columns of the table in braces, such as ``maps/{participant_id}.nii.gz``; or the name of a column
        that holds paths, seen from the table's folder; or the ``folder`` of BIDS derivatives with the entities of the
        wanted files, such as ``contrast`` and ``stat``.
    source : str
        The table's file name.
    id_columns : list of str
        As for `read_study`.

    Returns
    -------
    paths : list of str
        The path of each row's map, be it there or not; None if a column names none or no file fits.
    extra : list of str
        Files that fit but belong to no row.

    Raises
    ------
    InputError
        If a column is not there, more than one file fits a row, a name is too long, or `map` has another meaning.
    """
    if "map" in table and maps != "map":
        raise InputError(
            f"{source} has a column 'map', which is where the maps found would be written; rename it, or, if it holds "
            "their paths, set the config key 'datasets.own.maps' to map."
        )
    if SUBJECT in table and list(id_columns) != ["participant_id"]:
        table = table.assign(participant_id=table[SUBJECT])
    if isinstance(maps, dict):
        others = [name for name in id_columns if name not in ("participant_id", SUBJECT)]
        paths, extra = by_entities(table, maps, others)
    elif FIELD.search(maps):
        paths, extra = by_pattern(table, maps, source), None
    else:
        folder, extra = Path(source).parent, []
        paths = [None if pd.isna(name) else str(folder / name) for name in labelled(table, maps, source)]
    require_names(paths, source)
    return paths, of_no_row(paths, maps) if extra is None else extra


def seen_from(folder, path):
    """A path as it is seen from a folder; one from the root stays as it is, wherever the study is copied to."""
    return path if os.path.isabs(path) else os.path.relpath(path, folder)


def require_names(paths, source):
    """An `InputError` if a map's path holds a name that no file can have."""
    for line, path in enumerate(paths, 2):
        try:
            os.fsencode(path or ""), (path or "").encode()
        except UnicodeEncodeError as error:
            which = f"{short(path)}, which cannot be written in {error.encoding}"
            elsewise = "" if error.encoding == "utf-8" else ", or set PYTHONUTF8=1 in the environment"
            raise InputError(f"{source}: the map of line {line} would be {which}; rename it{elsewise}.") from None
        if path and max((len(part.encode()) for part in Path(path).parts), default=0) > MOST_OF_NAME:
            raise InputError(
                f"{source}: the map of line {line} would be {short(path)}, whose name is too long for a file; correct "
                "the line, or the config key 'datasets.own.maps'."
            )


def by_pattern(table, pattern, source):
    """Maps by a path with columns in braces; an ID is tried with and without its ``sub-``."""
    fields = dict.fromkeys(FIELD.findall(pattern))
    columns = {
        name: labelled(table, name, f"{source}, which the config key 'datasets.own.maps' asks for") for name in fields
    }
    paths = []
    for row in range(len(table)):
        values = {name: column.iloc[row] for name, column in columns.items()}
        if any(pd.isna(value) for value in values.values()):
            paths.append(None)
            continue
        tries = [values]
        if "participant_id" in values:
            bare = without_prefix(values["participant_id"])
            tries += [values | {"participant_id": label} for label in (bare, f"sub-{bare}")]
        found = [FIELD.sub(lambda field, some=some: some[field[1]], pattern) for some in tries]
        paths.append(next((path for path in found if os.path.exists(path)), found[0]))
    return paths


def of_no_row(paths, pattern):
    """Files that fit the pattern of maps and are none of some paths."""
    literal = re.split(r"\{[^{}]*\}", pattern)
    there = set(map(os.path.normpath, glob.glob("*".join(map(glob.escape, literal)))))
    return sorted(there - {os.path.normpath(path) for path in paths if path})


def bare_index(label):
    """The label of an entity without zeros before a number: ``run-01`` is run 1 (None stays None)."""
    return (label.lstrip("0") or "0") if label and label.isdecimal() else label


def entities_of(name):
    """The BIDS entities in the name of a file: sub 01 and stat effect in ``sub-01_stat-effect_statmap.nii.gz``."""
    return dict(part.split("-", 1) for part in name.split(".")[0].split("_")[:-1] if "-" in part)


def by_entities(table, wanted, id_columns):
    """Maps in a folder of BIDS derivatives, by the entities in their names, those of `id_columns` among them."""
    folder, suffix = Path(wanted["folder"]), wanted.get("suffix", "statmap")
    if not os.path.isdir(folder):
        raise InputError(f"config key 'datasets.own.maps.folder': {short(folder)} is not a folder; correct it.")
    entities = {key: bare_index(str(value)) for key, value in wanted.items() if key not in ("folder", "suffix")}
    own = [ENTITY.get(name, name) for name in id_columns]
    found = {}
    for path in sorted(folder.rglob(f"*_{glob.escape(suffix)}.*")):
        of_file = entities_of(path.name)
        fits = all(bare_index(of_file.get(key)) == value for key, value in entities.items())
        if fits and path.name.endswith(ENDINGS) and "sub" in of_file:
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
