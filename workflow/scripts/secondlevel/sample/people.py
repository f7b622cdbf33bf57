"""Whose map each row of a table is. Rows of one person are alike, and no test may take them for independent."""

import re

import numpy as np

from secondlevel.base.levels import to_unit

# Columns that say who somebody is, beside those that tell the rows apart.
NAMES = ("subject", "subject_id", "person", "person_id", "participant")
OF_SESSION = re.compile(r"_(ses|run|visit)-.*")  # what follows the person in an ID such as sub-01_ses-2


def people(sample, id_columns=("participant_id",)):
    """The person of each row.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_rows,), by column
        The table of kept rows, with their IDs in ``participant_id``.
    id_columns : list of str
        The columns of the config that tell rows apart.

    Returns
    -------
    ndarray of str, shape (n_rows,)
        By the column that tells the fewest persons, of those that say who somebody is.
    """
    ids = np.array([OF_SESSION.sub("", row.removeprefix("sub-")) for row in sample["participant_id"]])
    named = [name for name in sample if name.lower() in NAMES or (len(id_columns) > 1 and name == id_columns[0])]
    told = [sample[name] for name in named if not np.isin(sample[name], ("", "n/a")).any()]
    return min([ids, *told], key=lambda labels: len(np.unique(labels)))


def people_of(sample, settings):
    """The person of each row of an analysis' table, from its settings."""
    own = settings["dataset"] == "own"
    return people(sample, settings["datasets"]["own"]["id"] if own else ("participant_id",))


def blocks_or_people(sample, settings):
    """What rows belong together by, numbered from 0: the blocks that are declared, else the persons.

    Of blocks within blocks those of the outermost level whose blocks may change places, else of the innermost.
    """
    levels = to_unit(settings["permutation"]["blocks"])
    labels = [sample[level["variable"]] for level in levels] or [people_of(sample, settings)]
    return np.unique(np.column_stack(labels), axis=0, return_inverse=True)[1].ravel()


def maps_and_people(n_maps, n_people, noun="map"):
    """How many there are, in words, such as "24 maps of 12 people", or "24 subjects" who have one each."""
    if n_people == n_maps:
        return f"{n_maps:,} subject{'s' * (n_maps != 1)}"
    return f"{n_maps:,} {noun}s of {n_people:,} {'people' if n_people > 1 else 'person'}"
