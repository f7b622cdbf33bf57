"""A study of the user's own as it is analysed: a row for each map, or for each subject whose maps are subtracted."""

import os
from dataclasses import dataclass, field

import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import hint, listed, short
from secondlevel.base.tables import identified
from secondlevel.datasets.own import SUBJECT, find_sources, read_study
from secondlevel.space.forms import is_difference, operands
from secondlevel.space.sources import MINUS, subtracted


@dataclass(frozen=True)
class Study:
    """The user's table and maps.

    Attributes
    ----------
    table : pandas.DataFrame
        As text, with `participant_id`.
    sources : list of str or None
        What stands for the map of each row, see `space.sources`; None where no file is listed or found.
    extra : list of str
        Files that fit but belong to no row.
    words : list of str
        What is to be said of how the rows were made.
    """

    table: pd.DataFrame
    sources: list
    extra: list
    words: list = field(default_factory=list)


def read_own(own, source):
    """Read the user's table, find the maps, and subtract them as the config says.

    Parameters
    ----------
    own : dict
        What the config says below ``datasets.own``.
    source : str
        The table's file name.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        As `own.read_study` and `own.find_sources`, or if the levels to subtract are not in the table.
    """
    if is_difference(own["maps"]):
        return of_rows(own, source) if isinstance(own["maps"]["difference"], dict) else of_columns(own, source)
    table = read_study(source, own["id"])
    return Study(table, *find_sources(table, own, source))


def of_columns(own, source):
    """The same where the table has a row for each subject, and two maps are told for it."""
    table = read_study(source, own["id"])
    (first, more), (second, others) = (find_sources(table, operand, source) for operand in operands(own))
    known = {os.path.normpath(path) for path in (*first, *second) if path}
    extra = dict.fromkeys(path for path in (*more, *others) if os.path.normpath(path) not in known)
    return Study(table, differences(first, second), list(extra))


def of_rows(own, source):
    """The same where the table has a row for each map, and a column tells which is subtracted from which."""
    ((column, levels),) = own["maps"]["difference"].items()
    id_columns = [*own["id"], column]
    (operand,) = operands(own | {"id": id_columns})
    maps = read_study(source, id_columns)
    sources, extra = find_sources(maps, operand, source)
    there = sorted(maps[column].unique())
    for level in levels:
        if level not in there:
            raise InputError(
                f"config key 'datasets.own.maps.difference': nobody in {source} has {short(column)} '{short(level)}'; "
                f"it has {listed(there)}{hint(level, there)}"
            )
    named = [SUBJECT if name == "participant_id" else name for name in own["id"]]
    maps = maps.assign(participant_id=identified(maps, named, source), map=pd.Series(sources, dtype=object))
    kept = [name for name in maps if name not in (column, SUBJECT if named == [SUBJECT] else None)]
    table, differing = a_row_each(maps[kept], maps[column], levels, source)
    words, unused = [], [level for level in there if level not in levels]
    if differing:
        first, second = (short(f"{differing[0]}_{level}") for level in levels)
        words.append(
            "Columns that differ between the two rows of a subject, and so have one for each level, such as "
            f"{first} and {second}: {listed(differing)}."
        )
    if unused:
        words.append(f"Rows of {short(column)} {listed(unused)} are not analysed.")
    found = ([None if pd.isna(path) else path for path in table.pop(f"map_{level}")] for level in levels)
    return Study(table, differences(*found), extra, words)


def a_row_each(maps, labels, levels, source):
    """A table with a row for each subject, made of one with a row for each map.

    Parameters
    ----------
    maps : pandas.DataFrame
        With the subject in `participant_id`.
    labels : pandas.Series of str
        The level of each row.
    levels : list of str
        The two that are subtracted.
    source : str
        The table's file name.

    Returns
    -------
    table : pandas.DataFrame
        A column that differs between the two rows of somebody becomes two, with the level after its name; `map`
        always does.
    differing : list of str
        Which columns these are, beside `map`.
    """
    subjects = maps["participant_id"].unique()
    of_level = [maps[labels == level].set_index("participant_id") for level in levels]
    of_all = maps.drop_duplicates("participant_id").set_index("participant_id")
    with_both = of_level[0].index.intersection(of_level[1].index)
    columns, differing = {"participant_id": subjects}, []
    for name in of_all:
        cells = [of_one[name] for of_one in of_level]
        first, second = (of_one[with_both].fillna("") for of_one in cells)
        if name != "map" and first.equals(second):
            every = pd.concat([*cells, of_all[name]])
            columns[name] = every[~every.index.duplicated()].reindex(subjects).to_numpy()
            continue
        differing += [name]
        for level, of_one in zip(levels, cells, strict=True):
            if f"{name}_{level}" in maps:
                raise InputError(
                    f"{source} has a column {short(f'{name}_{level}')}, as {short(name)} of the rows of {short(level)} "
                    "is called where maps are subtracted; rename it."
                )
            columns[f"{name}_{level}"] = of_one.reindex(subjects).to_numpy()
    return pd.DataFrame(columns), [name for name in differing if name != "map"]


def differences(first, second):
    """The sources of differences, None where there is neither map; an `InputError` if a name holds what is between."""
    for path in (path for path in (*first, *second) if path and MINUS in path):
        raise InputError(f"The name of the map {path} has '{MINUS}', which stands between maps to subtract; rename it.")
    return [subtracted(one, other) if one or other else None for one, other in zip(first, second, strict=True)]
