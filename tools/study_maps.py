"""How the maps of a table's rows can be named for the config key 'datasets.own.maps', from the files below a folder.

Each way is tried by what the workflow itself finds maps with, so that what is proposed is what a run will find.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.datasets.own import (
    ENDINGS,
    ENTITY,
    FIELD,
    SUBJECT,
    bare_index,
    entities_of,
    find_maps,
    without_prefix,
)

ID = "participant_id"
MOST_TRIED = 20  # ways to name maps that are held against the table
# What paths of estimates of effects hold, and those of images that are none.
EFFECT = re.compile(r"stat-(effect|cope|beta)_|(^|[/_-])(con|cope|beta)[_\d.]|effect", re.I)
OTHER = re.compile(
    r"stat-(?!effect_|cope_|beta_)|spm[TF]_|[tzF]stat|var(cope|iance)|(^|/)(ResMS|RPV)\.|(^|[/_-])mask\.|_(bold|T1w)\."
)


@dataclass(frozen=True)
class Maps:
    """A way to name the maps.

    Attributes
    ----------
    wanted : str or dict
        As the config has it.
    paths : list of str or None
        The map of each row; None where none is there.
    """

    wanted: str | dict
    paths: list

    @property
    def count(self):
        """How many rows have a map."""
        return len(self.paths) - self.paths.count(None)

    @property
    def example(self):
        """One of the maps."""
        return next(filter(None, self.paths))


def maps_below(folder, table, source, id_columns):
    """The ways to name the maps below a folder, the best first: estimates of effects, of the most rows.

    Parameters
    ----------
    folder : str
        As the config is to have it.
    table : pandas.DataFrame
        From `read_study`.
    source : str
        The table's file name.
    id_columns : list of str

    Returns
    -------
    list of Maps
        At least one; no two find the same map for a row.

    Raises
    ------
    InputError
        If no image lies there, or no way names one for each of some rows.
    """
    below = (path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.name.endswith(ENDINGS))
    files = sorted(below)
    if not files:
        raise InputError(f"No image is below {short(folder)}; names of maps end in {', '.join(ENDINGS)}.")
    rows = rows_of(table, id_columns)
    ways = [*by_entities(folder, files, rows), *by_path(folder, files, rows)]
    ways.sort(key=lambda way: (rank(way[1][0]), -len(way[1])))
    found, known = [], set()
    for wanted, of_way in ways:
        if len(found) < MOST_TRIED and not known.issuperset(of_way):
            maps = tried(wanted, table, source, id_columns)
            if maps:
                found.append(maps)
                known.update(os.path.relpath(path, folder) for path in maps.paths if path)
    if not found:
        raise InputError(
            f"Of {len(files):,} images below {short(folder)}, such as {short(files[0])}, none is known to be of a "
            f"row of {short(source)}, such as {short(next(iter(rows[0].values())))}; write IDs as the paths have them."
        )
    return found


def tried(wanted, table, source, id_columns):
    """What the workflow finds of a way to name maps; None if it finds none, or several for a row."""
    try:
        paths, _ = find_maps(table, wanted, source, id_columns)
    except InputError:
        return None
    found = Maps(wanted, [path if path and os.path.exists(path) else None for path in paths])
    return found if found.count else None


def rank(path):
    """How likely a file is an estimate of an effect, by its path: 0 likely, 2 unlikely."""
    return 2 if OTHER.search(path) else 0 if EFFECT.search(path) else 1


def rows_of(table, id_columns):
    """For each row the labels of its ID by what they are called between braces."""
    first, *others = id_columns
    name = first if others else ID
    persons = table[SUBJECT if others and first == ID else name]
    columns = {name: persons.map(without_prefix) if name == ID else persons} | {other: table[other] for other in others}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_entities(folder, files, rows):
    """Ways by BIDS entities: for each what the config says, and the files, one of a row each."""
    own = [ENTITY.get(name, name) for name in list(rows[0])[1:]]
    places = set()
    for person, *others in (row.values() for row in rows):
        labels = (bare_index(label.removeprefix(f"{key}-")) for label, key in zip(others, own, strict=True))
        places.add((without_prefix(person), *labels))
    kinds = {}
    for file in files:
        name = file.rpartition("/")[2]
        entities = entities_of(name)
        place = (entities.pop("sub", None), *(bare_index(entities.pop(key, None)) for key in own))
        if place in places:
            suffix = name.split(".")[0].rpartition("_")[2]
            kind = (suffix, *((key, bare_index(value)) for key, value in entities.items()))
            kinds.setdefault(kind, []).append((place, file))
    for (suffix, *entities), found in (kinds | generalised(kinds)).items():
        paths = [path for _, path in found]
        if len({place for place, _ in found}) == len(paths):
            of_suffix = {} if suffix == "statmap" else {"suffix": suffix}
            yield {"folder": common_folder(folder, paths)} | of_suffix | dict(entities), paths


def generalised(kinds):
    """Kinds without an entity in which the files of subjects differ, such as the run."""
    found = {}
    for kind, files in kinds.items():
        for number in range(1, len(kind)):
            found.setdefault(kind[:number] + kind[number + 1 :], []).append(files)
    return {kind: [file for files in several for file in files] for kind, several in found.items() if len(several) > 1}


def common_folder(folder, paths):
    """The deepest folder that holds the files of all subjects, as the config has it."""
    common = Path(os.path.commonpath([os.path.dirname(path) for path in paths]) if len(paths) > 1 else "").parts
    stop = next((number for number, part in enumerate(common) if part.startswith("sub-")), len(common))
    return os.path.join(folder, *common[:stop])


def by_path(folder, files, rows):
    """Ways by a path with columns in braces: the same."""
    if "{" in folder or "}" in folder:
        return
    by_label = {}
    for row in rows:
        by_label.setdefault(next(iter(row.values())), []).append(row)
    found = {}
    for file in files:
        for label in labels_in(file, by_label) if "{" not in file and "}" not in file else ():
            for row in by_label[label]:
                marked = with_fields(file, row)
                if marked:
                    found.setdefault(marked, []).append(file)
    yield from ((os.path.join(folder, marked), found[marked]) for marked in sorted(found))


def kind_of(sign):
    """What a sign is, as far as labels go."""
    return "digit" if sign.isdecimal() else "letter" if sign.isalpha() else None


def bounds(text):
    """Where a label can begin or end in a text: not amid letters, nor amid digits."""
    kinds = [None, *map(kind_of, text), None]
    return [n for n in range(len(text) + 1) if kinds[n] != kinds[n + 1] or kinds[n] is None]


def labels_in(text, known):
    """Those of the known labels that a text holds."""
    places, longest = bounds(text), max(map(len, known))
    parts = (text[start:end] for start in places for end in places if start < end <= start + longest)
    return dict.fromkeys(part for part in parts if part in known)


def with_fields(path, row):
    """A path with names of columns in braces in the place of a row's labels; None if it lacks one of them."""
    fields = {chr(0xE000 + number): f"{{{name}}}" for number, name in enumerate(row)}  # signs of nobody's names
    for sign, label in zip(fields, row.values(), strict=True):
        places, marked, position = set(bounds(path)), "", 0
        while position < len(path):
            end = position + len(label)
            fits = {position, end} <= places and path[position:end] == label
            marked += sign if fits else path[position]
            position = end if fits else position + 1
        if marked == path:
            return None
        path = marked
    for sign, field in fields.items():
        path = path.replace(sign, field)
    field = f"{{{ID}}}"  # which stands for an ID with sub- and without, alike in the whole path
    return path.replace(f"sub-{field}", field) if path.count(f"sub-{field}") == path.count(field) else path


def named_maps(wanted, table, source, id_columns):
    """The maps by a way that the user names: a path with columns in braces, or a column of paths.

    Raises
    ------
    InputError
        If it is neither, or leads to no map.
    """
    maps = tried(wanted, table, source, id_columns) if FIELD.search(wanted) or wanted in table else None
    if maps is None:
        raise InputError(
            f"MAPS={short(wanted)} is no folder that is there, and no path with columns of {short(source)} in braces, "
            f"nor one of its columns, that leads to maps; its columns are {listed(table)}."
        )
    return maps
