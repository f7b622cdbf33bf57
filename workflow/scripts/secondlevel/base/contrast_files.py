"""The files of one contrast among those of all contrasts that a rule names."""


def files_of(contrast, files):
    """What a rule names ``<contrast>_<name>``, by name.

    Parameters
    ----------
    contrast : str
        Which has no underscore.
    files : mapping of str to path
        The named inputs or outputs of a rule.

    Returns
    -------
    dict of str to path
    """
    start = f"{contrast}_"
    return {name.removeprefix(start): path for name, path in files.items() if name.startswith(start)}
