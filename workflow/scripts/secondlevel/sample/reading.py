"""All maps of a table, each read once."""

from functools import partial

from secondlevel.base.threads import in_threads
from secondlevel.sample.quality import read_and_inspect
from secondlevel.space.partial import PartialSurveyor
from secondlevel.space.survey import Surveyor


def read_all(sources, against, kind, threads=1, holes=None, files=None):
    """Look at every map, and find what those have in common that are kept.

    Parameters
    ----------
    sources : sequence of str or None
    against : list of list of str
        Why each is left out whatever the map is, as `selection.objections` gives it.
    kind : space.protocol.Kind
    threads : int
        As many maps are read at a time.
    holes : space.holes.Holes, optional
        What counts as having no value, where not all maps need one.
    files : list of dict of str, optional
        For each map what belongs to it, by column.

    Returns
    -------
    qualities : list of quality.MapQuality
        For each source.
    common : survey.Survey or None
        None if no map is kept. Of maps on several frames, which `selection.require_one_frame` refuses, only those on
        the first one are in it.
    """
    qualities, surveyor = [], PartialSurveyor() if holes else Surveyor()
    given = zip(sources, files or [{}] * len(sources), strict=True)
    found = in_threads(threads)(partial(inspected, kind=kind, holes=holes), given)
    for objections, (quality, data) in zip(against, found, strict=True):
        qualities.append(quality)
        if not objections and not quality.problem and surveyor.fits(data):
            surveyor.add(data)
    return qualities, surveyor.survey()


def inspected(given, kind, holes):
    """The quality and the values of a map, from its source and the files that belong to it."""
    return read_and_inspect(given[0], kind, holes, given[1])
