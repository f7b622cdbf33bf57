"""The characteristics of the sample by group: what papers show as their first table."""

import json
from pathlib import Path

import numpy as np

from secondlevel.model.groups import EVERYBODY
from secondlevel.sample.people import NAMES

NAME, ABOUT = "characteristics.tsv", "characteristics.json"
COLUMNS = {
    "variable": "variable of the sample table; 'maps' for the rows themselves",
    "level": "of a variable of labels the one that is counted, n/a for numbers",
    "group": "level of the factors that the contrasts compare, 'all' for everybody",
    "n": "rows that have a value; of a level, rows of it",
    "share": "of a level, of the rows of the group that have a value",
    "mean": "of numbers",
    "sd": "standard deviation, with n - 1",
    "minimum": "of numbers",
    "maximum": "of numbers",
}
MISSING = ("", "n/a")
MOST_LEVELS = 12
ROWS = "maps"


def characteristics(sample, variables, groups):
    """The rows of the table.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_rows,), by column
        The table of the kept rows.
    variables : model.terms.Variables
    groups : dict of ndarray of bool by group
        From `model.groups.groups_of`; everybody is added.

    Returns
    -------
    list of dict
        With the keys of COLUMNS; None for what there is not.
    """
    n_rows = len(sample["participant_id"])
    # What is the same for all of each group tells no more than its name.
    defining = [name for name in variables.levels if name in sample and is_the_same(sample[name], groups)]
    groups = groups | {EVERYBODY: np.ones(n_rows, dtype=bool)}
    rows = [row(ROWS, None, group, n=int(inside.sum())) for group, inside in groups.items()]
    for name, cells in sample.items():
        there = ~np.isin(cells, MISSING)
        if name in ("participant_id", "map", *NAMES) or not there.any() or name in defining:
            continue
        numbers = as_numbers(cells[there]) if name not in variables.levels else None
        levels = list(dict.fromkeys([*variables.levels.get(name, []), *sorted(set(cells[there]))]))
        if numbers is not None and len(set(numbers)) > 2:
            rows += [of_numbers(name, group, numbers[inside[there]]) for group, inside in groups.items()]
        elif len(levels) <= MOST_LEVELS:
            rows += [
                of_level(name, level, group, cells[there & inside])
                for level in sorted(set(cells[there]), key=levels.index)
                for group, inside in groups.items()
            ]
    return rows


def is_the_same(cells, groups):
    """Whether cells are the same within each of some groups."""
    return bool(groups) and all(len(set(cells[inside])) == 1 for inside in groups.values())


def row(variable, level, group, **values):
    """A row, with None for what is not given."""
    return dict.fromkeys(COLUMNS) | {"variable": variable, "level": level, "group": group} | values


def of_numbers(name, group, values):
    """The row of a variable of numbers in a group."""
    n = len(values)
    found = {"n": n}
    if n:
        found |= {"mean": float(values.mean()), "minimum": float(values.min()), "maximum": float(values.max())}
    if n > 1:
        found["sd"] = float(values.std(ddof=1))
    return row(name, None, group, **found)


def of_level(name, level, group, cells):
    """The row of a level in a group."""
    n = int((cells == level).sum())
    return row(name, level, group, n=n, **({"share": n / len(cells)} if len(cells) else {}))


def as_numbers(cells):
    """Cells as finite numbers, or None if one is none."""
    try:
        numbers = cells.astype(float)
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


def units_of(sidecars):
    """The unit that the JSON files beside maps tell, if all tell the same; else None.

    Parameters
    ----------
    sidecars : list of str
        Of every map; none, if one has no such file.
    """
    units = set()
    for path in sidecars:
        try:
            told = json.loads(Path(path).read_text(encoding="utf-8"))["Units"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        units.add(told.strip() if isinstance(told, str) else "")
    return units.pop() or None if len(units) == 1 else None
