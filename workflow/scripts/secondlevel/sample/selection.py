"""Who is in the sample, and why others are not."""

from dataclasses import dataclass

import pandas as pd

from secondlevel.base.cells import labelled
from secondlevel.base.companions import COMPANIONS, VARIANCES
from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.base.tables import numbers
from secondlevel.sample.quality import MapQuality, glance
from secondlevel.space.sources import halves


@dataclass(frozen=True)
class Selection:
    """Who of a table is kept.

    Attributes
    ----------
    table : pandas.DataFrame
        As `table.read_sample` gives it.
    qualities : list of quality.MapQuality
        One per row of the table.
    excluded : pandas.DataFrame
        Columns `participant_id` and `reason`, a row for each subject left out; several reasons are joined by "; ".
    """

    table: pd.DataFrame
    qualities: list[MapQuality]
    excluded: pd.DataFrame

    @property
    def kept(self):
        """Whether each row of the table is kept, a Series of bool."""
        return ~self.table["participant_id"].isin(self.excluded["participant_id"])

    @property
    def qualities_of_kept(self):
        """The qualities of the maps that are kept."""
        return [quality for quality, keep in zip(self.qualities, self.kept, strict=True) if keep]

    @property
    def of_unknown_orientation(self):
        """The subjects who are kept and whose maps do not say how their axes lie."""
        subjects = self.table["participant_id"][self.kept]
        return [who for who, quality in zip(subjects, self.qualities_of_kept, strict=True) if not quality.oriented]


def select(table, covariates, labels, exclude, kind, source, unlisted=None, holes=None):
    """Say who of a table is kept.

    Parameters
    ----------
    kind : space.protocol.Kind
        Of the maps, at whose headers is looked.
    table, covariates, labels, exclude, source, unlisted
        As for `objections`.
    holes : space.holes.Holes, optional
        How the files are read that belong to the maps, at whose headers is looked, too.

    Returns
    -------
    Selection

    Raises
    ------
    InputError
        As `objections`, and if two who are kept have one map.
    """
    against = objections(table, covariates, labels, exclude, source, unlisted)
    files = holes.files(table) if holes else [None] * len(table)
    qualities = [glance(path, kind, holes, beside) for path, beside in zip(table["map"], files, strict=True)]
    return selection_of(table, against, qualities, kind, source)


def objections(table, covariates, labels, exclude, source, unlisted=None):
    """Why subjects are left out whatever their maps are.

    Parameters
    ----------
    table : pandas.DataFrame
        As `table.read_sample` gives it.
    covariates, labels : list of str
        The variables that must be there, as numbers and as text.
    exclude : list of str
        IDs that the user leaves out.
    source : str
        The table's file name.
    unlisted : dict of str by str, optional
        Why a design has no place for somebody, by ID; that their variables are missing then is not said.

    Returns
    -------
    list of list of str
        The reasons, for each row of the table.

    Raises
    ------
    InputError
        If a variable is not there or no number, or nobody has an ID to be left out.
    """
    values = {name: numbers(table, name, source) for name in covariates}
    values |= {name: labelled(table, name, source) for name in labels}
    for subject in exclude:
        if subject not in set(table["participant_id"]):
            raise InputError(f"config key 'exclude' names {short(subject)}, but there is no such subject; correct it.")
    against = []
    for row, subject in enumerate(table["participant_id"]):
        missing = [name for name, column in values.items() if pd.isna(column.iloc[row])]
        reasons = ["left out by the config"] if subject in exclude else []
        if unlisted and subject in unlisted:
            reasons += [unlisted[subject]]
        elif missing:
            reasons += [f"missing value of {listed(missing)}"]
        against.append(reasons)
    return against


def selection_of(table, against, qualities, kind, source):
    """Who is kept of a table, by the `objections` to its rows and the qualities of their maps; raises as `select`."""
    reasons = [
        [*objected, quality.problem] if quality.problem else objected
        for objected, quality in zip(against, qualities, strict=True)
    ]
    rows = [(who, "; ".join(why)) for who, why in zip(table["participant_id"], reasons, strict=True) if why]
    chosen = Selection(table, qualities, pd.DataFrame(rows, columns=["participant_id", "reason"]))
    require_own_maps(table[chosen.kept], kind, source)
    return chosen


def require_own_maps(kept, kind, source):
    """An `InputError` that names subjects who have the same file as their map, or as variances, by whatever name."""
    keys = {"map": "maps"} | {COMPANIONS[key]: key for key in VARIANCES}
    of_file = {}
    for column, key in keys.items():
        for subject, path in zip(kept["participant_id"], kept.get(column, ()), strict=False):
            for one in halves(path, kind.about) if column == "map" else [path]:
                of_file.setdefault(kind.identity(one), []).append((subject, one, column.replace("_", " "), key))
    for shared in of_file.values():
        if len(shared) > 1:
            raise InputError(f"{source}: {twice(shared)}")


def twice(shared):
    """What is wrong with a file that stands for several maps: subject, path, what it is and its key, for each."""
    (first, path, what, key), *_, (last, _, other, of_other) = shared
    whose = list(dict.fromkeys(subject for subject, *_ in shared))
    if what != other:
        return (
            f"the file {path} is a {what}, that of {first}, and a {other}, too, that of {last}; correct the config key "
            f"'datasets.own.{of_other}'."
        )
    advice = f"correct the table or the config key 'datasets.own.{key}'"
    if len(whose) == 1:
        return f"the {what} of {first} is subtracted from itself: {path}; {advice}."
    return f"one file is the {what} of {listed(whose)}: {path}; {advice}, or list all of them but one below 'exclude'."


def require_one_frame(subjects, frames, kind):
    """An `InputError` that names the subjects whose maps are not on the frame that most maps are on."""
    most = max(kind.alike(frames), key=len)
    others = [(subjects[number], frame) for number, frame in enumerate(frames) if number not in most]
    if others:
        named = ", ".join(subject for subject, _ in others[:5]) + (" and others" if len(others) > 5 else "")
        raise InputError(
            f"{len(others)} of {len(frames)} maps are not on the {kind.frame} of the rest, those of {named}: the map "
            f"of {others[0][0]} {kind.unlike(others[0][1], frames[most[0]])}. "
            f"{kind.remedy}, or list these subjects below 'exclude'."
        )
