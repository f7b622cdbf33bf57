"""How maps of each kind are read: a new kind is a file in ``kinds`` and a branch here, and one in `registry`."""

from secondlevel.space.differences import Differences
from secondlevel.space.forms import CONNECTOME, GRAYORDINATES, SURFACE, VOLUME
from secondlevel.space.grids import reference_grid
from secondlevel.space.kinds.volume_maps import Volumes


def kind_of_maps(wanted, reference=None):
    """How maps are read.

    Parameters
    ----------
    wanted : dict
        The ``kind``, one of `forms.KINDS`, and what the config says of it, as `forms.wanted` gives it.
    reference : str, optional
        The image onto whose grid volumes are resampled.

    Returns
    -------
    protocol.Kind
    """
    if "difference" in wanted:
        of_one = {key: value for key, value in wanted.items() if key not in ("difference", "zeros")}
        return Differences(kind_of_maps(of_one, reference), wanted)
    if wanted["kind"] == VOLUME:
        return Volumes(wanted, reference, reference_grid(reference) if reference else None)
    # One alone, since the others take long to import.
    if wanted["kind"] == SURFACE:
        from secondlevel.space.kinds.surface_maps import Surfaces as Found
    elif wanted["kind"] == GRAYORDINATES:
        from secondlevel.space.kinds.grayordinate_maps import GrayordinateMaps as Found
    elif wanted["kind"] == CONNECTOME:
        from secondlevel.space.kinds.connectome_maps import Connectomes as Found
    elif wanted["ending"] == ".tsv":
        from secondlevel.space.kinds.parcel_maps import ParcelMaps as Found
    else:
        from secondlevel.space.kinds.parcel_maps import CiftiParcelMaps as Found
    return Found(wanted)
