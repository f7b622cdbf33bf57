"""How maps of each kind are read: a new kind is a file in ``kinds`` and a line here, and one in `registry`."""

from secondlevel.space.differences import Differences
from secondlevel.space.forms import CONNECTOME, GRAYORDINATES, PARCELS, SURFACE, VOLUME
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
    # Volumes need none of the others, which take long to import.
    from secondlevel.space.kinds.connectome_maps import Connectomes
    from secondlevel.space.kinds.grayordinate_maps import GrayordinateMaps
    from secondlevel.space.kinds.parcel_maps import CiftiParcelMaps, ParcelMaps
    from secondlevel.space.kinds.surface_maps import Surfaces

    kinds = {SURFACE: Surfaces, GRAYORDINATES: GrayordinateMaps, CONNECTOME: Connectomes}
    kinds[PARCELS] = ParcelMaps if wanted["ending"] == ".tsv" else CiftiParcelMaps
    return kinds[wanted["kind"]](wanted)
