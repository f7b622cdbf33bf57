"""What the columns of a user's table can be in a design, and a design with factors and contrasts that follows."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from elsewhere import label
from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.base.tables import numbers, read_table
from secondlevel.datasets.derivatives import without_prefix
from secondlevel.datasets.own import SUBJECT
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables
from secondlevel.model.grammar import variables_of

ID = "participant_id"
# What columns that tell persons apart, and rows of one person, are called; the words of columns by what they are for.
PERSON = (ID, "participant", "subject_id", "subject", "subj", "sub", "id")
VISIT = ("session", "session_id", "ses", "visit", "run", "time", "timepoint", "wave", "condition")
GROUP = {"group", "groups", "diagnosis", "diag", "dx", "cohort", "arm", "treatment", "patient", "case", "status"}
SITE = {"sex", "gender", "site", "scanner", "center", "centre"}
NUISANCE = {"age", *SITE}
# Levels that others are compared with.
REFERENCE = ["control", "controls", "healthy", "hc", "nc", "con", "ctrl", "ctl", "cn", "td", "nt", "placebo", "sham"]
REFERENCE += ["baseline", "before", "pre", "none", "no", "0"]
MOST_LEVELS, MOST_MISSING, MOST_CHARACTERS = 8, 0.1, 60
WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Column:
    """A column of the table, as it is in the rows that have a map.

    Attributes
    ----------
    name : str
    what : str
        In words.
    levels : tuple of str
        Of a factor, the reference first.
    is_number : bool
        Whether it can be a covariate.
    missing : float
        The share of the rows without a value.
    """

    name: str
    what: str
    levels: tuple = ()
    is_number: bool = False
    missing: float = 0

    @property
    def term(self):
        """How a formula names it."""
        return self.name if WORD.fullmatch(self.name) else f"`{self.name}`"


@dataclass
class Proposal:
    """Settings of the config that are proposed.

    Attributes
    ----------
    design : str
    contrasts : list of (dict, str)
        Each contrast, and what it compares.
    factors : dict of str or None by name
    center : list of str
    blocks : dict or None
    """

    design: str
    contrasts: list
    factors: dict = field(default_factory=dict)
    center: list = field(default_factory=list)
    blocks: dict | None = None


def id_columns_of(path):
    """The columns that tell the rows of a table apart, as far as their names and labels tell.

    Raises
    ------
    InputError
        If the table cannot be read, or no column can.
    """
    table = read_table(path)
    known = {name.casefold(): name for name in reversed(table.columns)}
    whole = [name for name in table if table[name].notna().all()]
    person = next((known[name] for name in PERSON if name in known), None)
    person = person or next((name for name in whole if table[name].is_unique), None)
    if person is None:
        raise InputError(f"No column of {short(path)} tells whose row each is; name one participant_id.")
    labels = table[person].map(without_prefix, na_action="ignore")
    if labels.is_unique or person not in whole:
        return [person]
    others = [known[name] for name in VISIT if name in known] + whole
    for other in others:
        if (
            other in whole
            and other != person
            and not table.assign(**{person: labels}).duplicated([person, other]).any()
        ):
            return [person, other]
    return [person]


def columns_of(table, source, id_columns):
    """What each column is that is not the ID of a person or the path of a map, a list of `Column`."""
    own = {ID, id_columns[0], "map", *([SUBJECT] if len(id_columns) > 1 else [])}
    return [column_of(table, name, source) for name in table if name not in own]


def column_of(table, name, source):
    """What a column is, from the rows that are given."""
    cells = table[name].dropna()
    counts, missing = Counter(cells), 1 - len(cells) / len(table)
    n_missing = f", {len(table) - len(cells)} missing" if missing else ""
    if "`" in name or len(counts) < 2:
        return Column(name, f"{len(counts)} different value{'s' * (len(counts) != 1)}{n_missing}")
    try:
        values = numbers(table, name, source)
    except InputError:
        values = None
    coded = values is not None and bool((values.dropna() % 1 == 0).all()) and words_of(name) & (GROUP | SITE)
    if (values is None or coded) and len(counts) <= MOST_LEVELS and min(counts.values()) > 1:
        levels = sorted(counts, key=lambda level: (rank(level), level))
        what = ", ".join(f"{short(level)} ({counts[level]})" for level in levels)
        return Column(name, what + n_missing, tuple(levels), missing=missing)
    if values is not None:
        what = f"numbers from {values.min():g} to {values.max():g}{n_missing}"
        return Column(name, what, is_number=True, missing=missing)
    return Column(name, f"text, {len(counts)} different, such as {short(cells.iloc[0])}{n_missing}")


def words_of(name):
    """The words of a column's name."""
    return set(re.findall(r"[a-z]+", name.casefold()))


def rank(level):
    """Where a level stands among those that others are compared with."""
    return REFERENCE.index(level.casefold()) if level.casefold() in REFERENCE else len(REFERENCE)


def propose(table, columns, id_columns, source):
    """A design and its contrasts for some columns.

    Compared are visits, if persons have several; else groups, by what a column is called or the first that is a factor;
    else asked is for the slope of the first column of numbers, else for the mean. Age, sex and site are held, as far as
    the rows suffice for it.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows that have a map.
    columns : list of Column
    id_columns : list of str
    source : str
        The table's file name.

    Returns
    -------
    Proposal
    """
    visits = next((column for column in columns if column.name in id_columns[1:] and column.levels), None)
    if visits:
        person = SUBJECT if id_columns[0] == ID else id_columns[0]
        blocks = {"variable": person, "shuffle": "within"}
        term = person if WORD.fullmatch(person) else f"`{person}`"
        factors = {visits.name: visits.levels[0], person: None}
        return Proposal(f"{visits.term} + {term}", compared(visits), factors, blocks=blocks)
    held = [column for column in columns if words_of(column.name) & NUISANCE]
    others = [column for column in columns if column not in held]
    groups = [column for column in others if column.levels]
    named = [column for column in groups if words_of(column.name) & GROUP]
    asked = next(iter([*named, *groups, *(column for column in others if column.is_number)]), None)
    if asked is None:
        return Proposal("1", [({"name": "mean", "weights": "intercept"}, "the mean of the maps")])
    proposal = with_column(Proposal("", asked_of(asked)), asked)
    for column in held:
        more = with_column(proposal, column)
        usable = (column.levels or column.is_number) and column.missing <= MOST_MISSING
        proposal = more if usable and can_be_fitted(more, table, source) else proposal
    return proposal


def with_column(proposal, column):
    """A proposal with a column more in its design."""
    return replace(
        proposal,
        design=" + ".join(filter(None, [proposal.design, column.term])),
        factors=proposal.factors | ({column.name: column.levels[0]} if column.levels else {}),
        center=proposal.center + ([] if column.levels else [column.name]),
    )


def asked_of(column):
    """The contrasts that ask for a column's effect."""
    if column.levels:
        return compared(column)
    return [({"name": named(column.name, 1), "weights": column.term}, f"the slope of {short(column.name)}")]


def compared(column):
    """The contrasts of each level of a factor with its reference, and of them all if there are several."""
    first, *others = column.levels
    contrasts = [
        ({"name": named(f"{level} vs {first}", n), "weights": f"{column.name}[{level}]"}, f"{level} minus {first}")
        for n, level in enumerate(others, 1)
    ]
    if len(others) > 1:
        weights = [contrast["weights"] for contrast, _ in contrasts]
        contrasts.append(({"name": named(column.name, 0), "weights": weights}, f"any difference of {column.name}"))
    names = [contrast["name"] for contrast, _ in contrasts]
    if len(set(names)) < len(names):
        for number, (contrast, _) in enumerate(contrasts, 1):
            contrast["name"] = f"contrast{number}"
    return contrasts


def named(words, number):
    """The name of a contrast: letters and digits of some words, or a number where they have none."""
    return label(words)[:MOST_CHARACTERS] or f"contrast{number}"


def can_be_fitted(proposal, table, source):
    """Whether the rows suffice for the design of a proposal, and tell its contrasts."""
    kept = table.dropna(subset=variables_of(proposal.design))
    try:
        variables, _ = design_variables(kept, proposal.design, proposal.factors, proposal.center, source)
        _, _, dropped = fitted_design(proposal.design, variables, [contrast for contrast, _ in proposal.contrasts])
    except InputError:
        return False
    return not dropped
