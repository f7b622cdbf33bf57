"""What a dry run tells of the maps' values, from some of the maps."""

from functools import cache

from secondlevel.base.errors import InputError
from secondlevel.sample.notices import of_fill, of_zeros
from secondlevel.sample.quality import emptiness
from secondlevel.space.background import read_subject_map
from secondlevel.space.grids import alike
from secondlevel.space.masking import background_mask, given_mask, mask_counts
from secondlevel.space.survey import survey

LOOKED_AT = 20  # maps


def values(chosen, settings):
    """What to say of the values of some of the maps, if they are on one grid."""
    paths = list(chosen.table["map"][chosen.kept])
    if len(alike([quality.grid for quality in chosen.qualities_of_kept])) > 1:
        return []
    if len(paths) > LOOKED_AT:
        paths = [paths[len(paths) * k // LOOKED_AT] for k in range(LOOKED_AT)]
    damaged, fills, counts = looked_at(tuple(paths), settings["mask"])
    if not fills and len(damaged) == sum(chosen.kept):
        raise InputError(f"No subject can be kept, for {damaged[0]} and the like.")
    zeros = counts and of_zeros(counts["VoxelsZeroInSomeMaps"], counts["Voxels"], len(fills), settings["zeros"])
    left_out = [f"The run will leave out one more: {problem}." for problem in damaged]
    return [*left_out, *(notice for notice in (of_fill(fills), zeros) if notice)]


@cache
def looked_at(paths, mask):
    """What the values of some maps are like; analyses of the same maps share it.

    Returns
    -------
    damaged : list of str
        Why each map cannot be used that only its values tell of.
    fills : list of float or None
        The value of the background of each other one, as `space.background.fill_value` gives it.
    counts : dict or None
        As `space.masking.mask_counts` gives them, with ``Voxels``; None where a mask leaves nothing.
    """
    damaged, fills, affine = [], [], None

    def readable():
        """The maps that can be read; one is in memory at a time."""
        nonlocal affine
        for path in paths:
            try:
                data, affine, fill = read_subject_map(path)
                problem = emptiness(path, data)
            except InputError as error:
                problem = str(error).removesuffix(".")
            if problem:
                damaged.append(problem)
                continue
            fills.append(fill)
            yield data

    common = survey(readable())
    if common is None:
        return damaged, fills, None
    try:
        proposed = given_mask(mask, common.mean.shape, affine) if is_path(mask) else background_mask(common.mean)
        inside, counts = mask_counts(common, proposed, "")
    except InputError:  # a mask that leaves nothing is told by the run
        return damaged, fills, None
    return damaged, fills, counts | {"Voxels": int(inside.sum())}


def is_path(mask):
    """Whether the config's mask is the path of an image."""
    return mask not in ("background", "mni")
