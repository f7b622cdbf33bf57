"""What each map is like, and which maps cannot be used."""

import os
from dataclasses import dataclass

import numpy as np
import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed
from secondlevel.space.background import subject_map
from secondlevel.space.grids import describe, grid_of
from secondlevel.space.headers import read_header


@dataclass(frozen=True)
class MapQuality:
    """The quality of one subject's map.

    Attributes
    ----------
    problem : str or None
        Why the map cannot be used.
    grid : tuple or None
        Shape and affine, as `grids.grid_of` gives it; None if the map cannot be read.
    figures : dict
        Number of voxels that are not finite or zero, and the mean, standard deviation, least and largest of the rest.
    fill : float or None
        The value that fills the map's background, if it is neither 0 nor NaN; such voxels count as not finite.
    not_finite : ndarray of uint8 or None
        The voxels that are not finite, eight to a byte; None if all are finite.
    oriented : bool
        Whether the file says how its axes lie.
    """

    problem: str | None
    grid: tuple | None = None
    figures: dict | None = None
    fill: float | None = None
    not_finite: np.ndarray | None = None
    oriented: bool = True


def inspect(path, grid=None):
    """Look at a map.

    Parameters
    ----------
    path : str or None
        None where the sample table lists no map.
    grid : tuple, optional
        The grid onto which maps are resampled, as for `images.read_image`.

    Returns
    -------
    MapQuality
    """
    return read_and_inspect(path, grid)[0]


def read_and_inspect(path, grid=None):
    """As `inspect`, with the map's values, an array of shape (x, y, z), or None if it cannot be read."""
    if path is None:
        return MapQuality("no map is listed for this subject"), None
    try:
        header = read_header(path)
        data, affine, fill = subject_map(header, grid)
    except InputError as error:
        return MapQuality(str(error).removesuffix(".")), None
    grid = grid_of(data.shape, affine)
    finite = np.isfinite(data)
    values = data[finite & (data != 0)].astype(np.float64)
    figures = {"n_not_finite": int((~finite).sum()), "n_zero": int((data == 0).sum())}
    if values.size == 0:
        return MapQuality(emptiness(path, data), grid, figures), data
    figures |= {"mean": values.mean(), "sd": values.std(), "minimum": values.min(), "maximum": values.max()}
    not_finite = None if finite.all() else np.packbits(~finite)
    return MapQuality(None, grid, figures, fill, not_finite, header.oriented), data


def emptiness(path, data):
    """What to say of a map that holds nothing; None if it holds something."""
    holds_any = (np.isfinite(data) & (data != 0)).any()
    return None if holds_any else f"the map {path} is empty: it has no finite value other than 0"


def glance(path):
    """As `inspect`, from the file's header alone, without `figures`."""
    if path is None:
        return MapQuality("no map is listed or found")
    if not os.path.lexists(path):
        return MapQuality("its map is not there")
    try:
        header = read_header(path)
    except InputError as error:
        return MapQuality(str(error).removesuffix("."))
    return MapQuality(None, grid_of(header.shape, header.affine), oriented=header.oriented)


def quality_table(selection):
    """The quality of every map as a table.

    Parameters
    ----------
    selection : selection.Selection

    Returns
    -------
    pandas.DataFrame
        A row per subject: `participant_id`, `kept`, `grid`, the figures of `MapQuality`, and `n_not_finite_here_only`,
        the voxels that are lost to all since this kept map alone has no number there.
    """
    kept = selection.kept
    quality = pd.DataFrame([q.figures or {} for q in selection.qualities])
    quality.insert(0, "participant_id", selection.table["participant_id"])
    quality.insert(1, "kept", kept.map({True: "yes", False: "no"}))
    quality.insert(2, "grid", [describe(q.grid) if q.grid else None for q in selection.qualities])
    quality.loc[kept, "n_not_finite_here_only"] = lost_alone(selection.qualities_of_kept)
    return quality.astype({name: "Int64" for name in quality if name.startswith("n_")})


def lost_alone(qualities):
    """For each kept map, the number of voxels that are not finite in it and finite in all the others."""
    packed = [quality.not_finite for quality in qualities]
    some = [bits for bits in packed if bits is not None]
    if not some:
        return [0] * len(packed)
    once, more = np.zeros_like(some[0]), np.zeros_like(some[0])
    for bits in some:
        more |= once & bits
        once |= bits
    return [0 if bits is None else int(np.bitwise_count(bits & ~more).sum()) for bits in packed]


def of_lost(quality):
    """A sentence on each kept map that takes voxels from all the others, from a `quality_table`."""
    for subject, kept, n in quality[["participant_id", "kept", "n_not_finite_here_only"]].itertuples(index=False):
        if kept == "yes" and n:
            why = f"since only the map of {subject} has no number there (exclude it to keep them)"
            yield f"{n} voxels are lost to all {why}"


def of_orientation(unknown, n_maps):
    """A sentence on maps whose files do not say how their axes lie; None if all do. `unknown` are their subjects."""
    if not unknown:
        return None
    return (
        f"The headers of {len(unknown)} of {n_maps} maps do not say how their axes lie (neither s-form nor q-form): "
        f"left and right are left to chance. Write them anew with an affine that is right: {listed(unknown)}."
    )
