"""All maps of a table, each read once."""

from functools import partial

from secondlevel.base.threads import in_threads
from secondlevel.sample.quality import read_and_inspect
from secondlevel.space.survey import Surveyor


def read_all(paths, against, grid=None, threads=1):
    """Look at every map, and find what those have in common that are kept.

    Parameters
    ----------
    paths : iterable of str or None
    against : list of list of str
        Why each is left out whatever the map is, as `selection.objections` gives it.
    grid : tuple, optional
        The grid onto which maps are resampled, as for `images.read_image`.
    threads : int
        As many maps are read at a time.

    Returns
    -------
    qualities : list of quality.MapQuality
        For each path.
    common : masking.Survey or None
        None if no map is kept. Of maps on several grids, which `selection.require_one_grid` refuses, only those on the
        first one are in it.
    """
    qualities, surveyor = [], Surveyor()
    found = in_threads(threads)(partial(read_and_inspect, grid=grid), paths)
    for objections, (quality, data) in zip(against, found, strict=True):
        qualities.append(quality)
        if not objections and not quality.problem and surveyor.fits(data):
            surveyor.add(data)
    return qualities, surveyor.survey()
