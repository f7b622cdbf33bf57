"""What a dry run tells of the maps' values, from some of the maps."""

from functools import cache

from secondlevel.base.errors import InputError
from secondlevel.sample.notices import of_fill, of_zeros
from secondlevel.sample.quality import emptiness
from secondlevel.space.mask_forms import masks_of, unruled
from secondlevel.space.masking import mask_counts
from secondlevel.space.survey import survey

LOOKED_AT = 20  # maps


def values(chosen, kind, settings):
    """What to say of the values of some of the maps, if they are on one frame."""
    paths = list(chosen.table["map"][chosen.kept])
    if len(kind.alike([quality.frame for quality in chosen.qualities_of_kept])) > 1:
        return []
    if len(paths) > LOOKED_AT:
        paths = [paths[len(paths) * k // LOOKED_AT] for k in range(LOOKED_AT)]
    mask = masks_of(unruled(settings["mask"]), kind.about["parts"])
    damaged, fills, counts = looked_at(tuple(paths), kind, mask)
    if not fills and len(damaged) == sum(chosen.kept):
        raise InputError(f"No subject can be kept, for {damaged[0]} and the like.")
    zeros = counts and of_zeros(counts, kind.unit, len(fills), settings["zeros"])
    left_out = [f"The run will leave out one more: {problem}." for problem in damaged]
    return [*left_out, *(notice for notice in (of_fill(fills, kind.unit), zeros) if notice)]


@cache
def looked_at(sources, kind, mask):
    """What the values of some maps are like; analyses of the same maps share it.

    Returns
    -------
    damaged : list of str
        Why each map cannot be used that only its values tell of.
    fills : list of float or None
        The value of the background of each other one, as `space.background.fill_value` gives it.
    counts : dict or None
        As `space.masking.mask_counts` gives them, with the number of those analysed; None where a mask leaves nothing.
    """
    damaged, fills, frames = [], [], []

    def readable():
        """The maps that can be read; one is in memory at a time."""
        for source in sources:
            try:
                reading = kind.read(source)
                problem = emptiness(source, reading.values)
            except InputError as error:
                problem = str(error).removesuffix(".")
            if problem:
                damaged.append(problem)
                continue
            fills.append(reading.fill)
            frames.append(reading.frame)
            yield reading.values

    common = survey(readable())
    if common is None:
        return damaged, fills, None
    try:
        # The standard brain takes long to find, and no word here depends on it.
        proposed, _ = kind.proposed(mask if is_path(mask) else "background", common, frames[0])
        inside, counts = mask_counts(common, proposed, "", kind.unit)
    except InputError:  # a mask that leaves nothing is told by the run
        return damaged, fills, None
    return damaged, fills, counts | {kind.unit.title: int(inside.sum())}


def is_path(mask):
    """Whether the config's mask is the path of one, or one for each mesh."""
    return mask not in ("background", "mni")


def told_mask(mask):
    """The config's mask in words."""
    return ", ".join(f"{key} {told_mask(part)}" for key, part in mask.items()) if isinstance(mask, dict) else mask
