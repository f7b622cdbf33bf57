"""Datasets that are a table and one map per subject on a server, all listed with their checksums in `registry`."""

from secondlevel.base.errors import InputError


def sample_table(behaviour, subjects, map_name):
    """Give the rows of a table of variables their subjects.

    The table has no IDs: row i belongs to map i. Only here does a position stand for a subject, so the number of rows
    must be exact.

    Parameters
    ----------
    behaviour : pandas.DataFrame
        The variables, a row per subject.
    subjects : list of str
        The IDs in the order of the images.
    map_name : str
        A map's path from the sample table's folder, with ``{subject}`` where its ID goes.

    Returns
    -------
    pandas.DataFrame
        `participant_id`, `map` and the variables.

    Raises
    ------
    InputError
        If there is not one row for each subject.
    """
    if len(behaviour) != len(subjects):
        raise InputError(
            f"The dataset's table of variables has {len(behaviour)} rows for {len(subjects)} images, so nobody knows "
            "which row is whose; download it again."
        )
    table = behaviour.reset_index(drop=True)
    table.insert(0, "participant_id", subjects)
    table.insert(1, "map", [map_name.format(subject=subject) for subject in subjects])
    return table
