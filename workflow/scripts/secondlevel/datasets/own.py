"""A study of the user's own: a table with a row for each map, and where the maps are."""

import glob
import os
import re
from pathlib import Path

import pandas as pd

from secondlevel.base.cells import labelled
from secondlevel.base.companions import COMPANIONS
from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.base.tables import identified, read_table
from secondlevel.datasets.derivatives import by_entities, without_prefix
from secondlevel.space.forms import READ, beside, kind_of, maps_by_part
from secondlevel.space.sources import BETWEEN, ROW_OF

SUBJECT = "subject"  # the column that keeps participant_id where a row is more than a participant
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


def find_sources(table, own, source):
    """Find what stands for the map of each row, see `space.sources`.

    Parameters
    ----------
    table : pandas.DataFrame
        From `read_study`.
    own : dict
        What the config says below ``datasets.own``.
    source : str
        The table's file name.

    Returns
    -------
    sources : list of str or None
        None where no file is listed or found.
    extra : list of str
        Files that fit but belong to no row.

    Raises
    ------
    InputError
        As `find_maps`, and if the name of a file cannot be told from what stands beside it.
    """
    maps, by_part = own["maps"], maps_by_part(own)
    if isinstance(maps, dict) and {"table", "series"} & maps.keys():
        return rows_of_a_file(table, maps, source), []
    endings = tuple(READ[kind_of(own)])
    found = [find_maps(table, of_part, source, own["id"], endings) for of_part in by_part.values()]
    extra = [path for _, extra in found for path in extra]
    if len(by_part) == 1:
        return found[0][0], extra
    sources = list(zip(*(paths for paths, _ in found), strict=True))
    for path in (path for paths in sources for path in paths if path and BETWEEN in path):
        raise InputError(f"The name of the map {path} has a '{BETWEEN}', which stands between files; rename it.")
    return [BETWEEN.join(path or "" for path in paths) if any(paths) else None for paths in sources], extra


def rows_of_a_file(table, maps, source):
    """What stands for the map of each row where one file holds all: a table by ID, or volumes by their numbers."""
    path = maps.get("table") or maps["series"]
    if ROW_OF in path:
        raise InputError(f"The name of the file {path} has a '{ROW_OF}', which stands before its rows; rename it.")
    column = "participant_id" if "table" in maps else maps["volume"]
    values = labelled(table, column, f"{source}, which the config key 'datasets.own.maps' asks for")
    return [None if pd.isna(value) else f"{path}{ROW_OF}{value}" for value in values]


def find_maps(table, maps, source, id_columns=("participant_id",), endings=(".nii", ".nii.gz", ".img")):
    """Find the file of each row.

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
    endings : tuple of str
        How the names of files in a folder may end.

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
    require_no_map(table, maps, source)
    if SUBJECT in table and list(id_columns) != ["participant_id"]:
        table = table.assign(participant_id=table[SUBJECT])
    if isinstance(maps, dict):
        others = [name for name in id_columns if name not in ("participant_id", SUBJECT)]
        paths, extra = by_entities(table, maps, others, endings)
    elif FIELD.search(maps):
        paths, extra = by_pattern(table, maps, source), None
    else:
        folder, extra = Path(source).parent, []
        paths = [None if pd.isna(name) else str(folder / name) for name in labelled(table, maps, source)]
    require_names(paths, source)
    return paths, of_no_row(paths, maps) if extra is None else extra


def find_companions(table, own, source):
    """Find what belongs to the map of each row, such as its variances.

    Parameters
    ----------
    table, own, source
        As for `find_sources`.

    Returns
    -------
    dict of list of str or None, by column of the sample table

    Raises
    ------
    InputError
        As `find_sources`, and if the table has a column of such a name.
    """
    wanted = {key: column for key, column in COMPANIONS.items() if own[key]}
    for column in wanted.values():
        if column in table:
            raise InputError(f"{source} has a column '{column}', which is where the files found would be written.")
    table, found = table.drop(columns="map", errors="ignore"), {}
    for key, column in wanted.items():
        try:
            found[column] = find_sources(table, beside(own, key), source)[0]
        except InputError as error:
            raise InputError(str(error).replace("datasets.own.maps", f"datasets.own.{key}")) from None
    return found


def require_no_map(table, maps, source):
    """An `InputError` if a table has a column `map` that is not where the maps are."""
    if "map" in table and maps != "map":
        raise InputError(
            f"{source} has a column 'map', which is where the maps found would be written; rename it, or, if it holds "
            "their paths, set the config key 'datasets.own.maps' to map."
        )


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
