"""How the maps of a table's rows can be named for the config key 'datasets.own.maps', from the files below a folder.

Each way is tried by what the workflow itself finds maps with, so that what is proposed is what a run will find.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.datasets.derivatives import ENTITY, bare_index, entities_of, without_prefix
from secondlevel.datasets.own import FIELD, SUBJECT, find_sources
from secondlevel.space.forms import kind_of, wanted
from secondlevel.space.sources import paths_of
from study_kinds import ENDINGS, TABLES, is_map, kind_of_file, paired, rank, table_of_parcels, with_surfaces

ID = "participant_id"
NOTHING = dict.fromkeys(("kind", "surfaces", "parcels", "nodes", "axes"))  # that the config need not say of maps
MOST_TRIED = 20  # ways to name maps that are held against the table


@dataclass(frozen=True)
class Maps:
    """A way to name the maps.

    Attributes
    ----------
    own : dict
        What the config says of them below ``datasets.own``: ``maps``, and what goes with them.
    paths : list of str or None
        The map of each row, as `find_sources` has it; None where none is there.
    files : list of str
        That the maps are read from.
    """

    own: dict
    paths: list
    files: list

    @property
    def wanted(self):
        """Where they are."""
        return self.own["maps"]

    @property
    def kind(self):
        """One of `forms.KINDS`."""
        return kind_of(NOTHING | self.own)

    @property
    def count(self):
        """How many rows have a map."""
        return len(self.paths) - self.paths.count(None)

    @property
    def example(self):
        """One of the files."""
        return self.files[0]


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
    files = sorted(filter(is_map, (path.relative_to(folder).as_posix() for path in Path(folder).rglob("*"))))
    if not files:
        raise InputError(f"No map is below {short(folder)}; names of maps end in {', '.join(ENDINGS)}.")
    rows = rows_of(table, id_columns)
    ways = paired([*by_entities(folder, files, rows), *by_path(folder, files, rows)])
    ways.sort(key=lambda way: (rank(way[1][0]), -len(way[1])))
    found, known = [], set()
    for own, of_way in ways:
        if len(found) < MOST_TRIED and not known.issuperset(of_way):
            maps = tried(own, table, source, id_columns)
            if maps:
                found.append(replace(maps, own=with_surfaces(own, of_way, folder)))
                known.update(os.path.relpath(path, folder) for path in maps.files)
    if not found:
        raise InputError(
            f"Of {len(files):,} maps below {short(folder)}, such as {short(files[0])}, none is known to be of a "
            f"row of {short(source)}, such as {short(next(iter(rows[0].values())))}; write IDs as the paths have them."
        )
    return found


def tried(own, table, source, id_columns):
    """What the workflow finds of a way to name maps; None if it finds none, or several for a row."""
    whole = NOTHING | own | {"id": id_columns}
    try:
        sources, _ = find_sources(table, whole, source)
    except InputError:
        return None
    about = wanted({"dataset": "own", "datasets": {"own": whole}, "space": None})
    files = [paths_of(each, about) if each else [] for each in sources]
    there = [paths if all(map(os.path.exists, paths)) else [] for paths in files]
    paths = [each if of_row else None for each, of_row in zip(sources, there, strict=True)]
    found = Maps(own, paths, [path for of_row in there for path in of_row])
    return found if found.count else None


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
            stem, _, ending = name.partition(".")
            of_name = stem.rpartition("_")[2], f".{ending}" * bool(kind_of_file(name))
            kind = (*of_name, *((key, bare_index(value)) for key, value in entities.items()))
            kinds.setdefault(kind, []).append((place, file))
    for (suffix, ending, *entities), found in (kinds | generalised(kinds)).items():
        paths = [path for _, path in found]
        if len({place for place, _ in found}) == len(paths):
            of_name = {} if suffix == "statmap" else {"suffix": suffix}
            of_name |= (
                {"extension": ending}
                if ending and not ending.startswith(".nii") and (suffix, ending) != ("relmat", ".tsv")
                else {}
            )
            yield {"folder": common_folder(folder, paths)} | of_name | dict(entities), paths


def generalised(kinds):
    """Kinds without an entity in which the files of subjects differ, such as the run."""
    found = {}
    for kind, files in kinds.items():
        for number in range(2, len(kind)):
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


def sort_of(sign):
    """What a sign is, as far as labels go."""
    return "digit" if sign.isdecimal() else "letter" if sign.isalpha() else None


def bounds(text):
    """Where a label can begin or end in a text: not amid letters, nor amid digits."""
    kinds = [None, *map(sort_of, text), None]
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


def named_maps(given, table, source, id_columns):
    """The maps by a way that the user names: a path with columns in braces, a column of paths, or a table of values.

    Raises
    ------
    InputError
        If it is none of these, or leads to no map.
    """
    maps = None
    if os.path.isfile(given) and given.lower().endswith(TABLES):
        maps = tried(table_of_parcels(given, source), table, source, id_columns)
    elif FIELD.search(given) or given in table:
        maps = tried({"maps": given}, table, source, id_columns)
    if maps is None:
        raise InputError(
            f"MAPS={short(given)} is no folder that is there, and no path with columns of {short(source)} in braces, "
            f"nor one of its columns, that leads to maps, nor a table of them; its columns are {listed(table)}."
        )
    return maps
