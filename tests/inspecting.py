"""Maps of volumes looked at, and subjects chosen by what is found, as the rules do it."""

from secondlevel.sample import quality
from secondlevel.sample.selection import objections, selection_of
from secondlevel.space.forms import VOLUME
from secondlevel.space.kinds.volume_maps import Volumes

WANTED = {"kind": VOLUME, "parts": [], "rows": False}
VOLUMES = Volumes(WANTED)


def glance(path):
    """What the header of a map tells."""
    return quality.glance(path, VOLUMES)


def inspect(path, kind=VOLUMES):
    """What all of a map tells."""
    return quality.read_and_inspect(path, kind)[0]


def inspected(table, covariates, labels, exclude, source, look=inspect):
    """Who of a table is kept if its maps are looked at."""
    against = objections(table, covariates, labels, exclude, source)
    return selection_of(table, against, [look(path) for path in table["map"]], VOLUMES, source)
