"""The mean of each subject's map over the mask or a region, as a variable of the design."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.sample.holes import least_subjects
from secondlevel.space.mask_rules import ruled_mask
from secondlevel.space.masking import mask_counts

MAP_MEAN = "map_mean"  # the variable


def require_no_column(table, source):
    """An `InputError` if a table has a variable of this name already."""
    if MAP_MEAN in table:
        raise InputError(
            f"{source} has a column '{MAP_MEAN}', and the config key '{MAP_MEAN}' asks for one that is made of the "
            "maps; rename the column, or leave the key out."
        )


def with_map_means(kept, common, over, given, settings, holes):
    """A table of those who are kept, with the mean of each one's map, as it is before smoothing.

    Parameters
    ----------
    kept : pandas.DataFrame
    common : space.survey.Survey
        Of their maps.
    over : str, dict or None
        What it is taken over, as a mask in the config: of its elements those that would be analysed, at which the map
        has a value. None for no such variable.
    given : str or list of str
        The files of a mask that the config names, if it names any.
    settings : params of the rule
        ``zeros`` and ``coverage``.
    holes : space.holes.Holes

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        If there is such a column, or a map has no value there.
    """
    if over is None:
        return kept
    require_no_column(kept, "the sample table")
    kind, frame = holes.kind, holes.kind.frame_of(kept["map"].iloc[0])
    proposed, where = ruled_mask(over, given, kind, common, frame, kept["participant_id"])
    least = least_subjects(settings.coverage["subjects"], common.n_maps) if settings.coverage else None
    inside, _ = mask_counts(common, proposed, where, kind.unit, settings.zeros == "missing" and not least, least)
    files = holes.files(kept.reset_index(drop=True))
    means = []
    for subject, path, beside in zip(kept["participant_id"], kept["map"], files, strict=True):
        values = holes.read(path, beside).values[inside]
        values = values[np.isfinite(values)]
        if not values.size:
            raise InputError(
                f"config key '{MAP_MEAN}': the map of {subject} has no value in the mask ({where}); name another one, "
                "or list the subject below 'exclude'."
            )
        means.append(f"{values.mean(dtype=np.float64):.10g}")
    return kept.assign(**{MAP_MEAN: means})


def stand_ins(kept, over, source):
    """The same table with numbers that stand for means which a dry run does not know."""
    if over is None:
        return kept
    require_no_column(kept, source)
    numbers = np.random.default_rng(0).standard_normal(len(kept))
    return kept.assign(**{MAP_MEAN: [f"{number:.10g}" for number in numbers]})
