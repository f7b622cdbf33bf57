"""The spaces of each kind of maps: a new kind is a file in ``kinds`` and a branch here, and one in `map_registry`."""

from pathlib import Path

from secondlevel.space.kinds.image import Image, axes_beside
from secondlevel.space.kinds.volume import Mask


def read_space(files):
    """Read the elements of an analysis.

    Parameters
    ----------
    files : list of str
        That the rule of the mask has written, as `forms.Form.mask` names them.

    Returns
    -------
    protocol.Space
    """
    files = [files] if isinstance(files, str) else list(files)
    if str(files[0]).endswith(".nii.gz"):
        return (Image if axes_beside(files[0]) else Mask).load(files[0])
    name = Path(files[0]).name
    # One alone, since the others take long to import.
    if name.endswith(("mask.tsv", ".pscalar.nii")):
        from secondlevel.space.kinds.parcels import Parcels as Found
    elif name.endswith("_relmat.tsv"):
        from secondlevel.space.kinds.connectome import Connectome as Found
    elif name.endswith(".dlabel.nii"):
        from secondlevel.space.kinds.grayordinates import Grayordinates as Found
    else:
        from secondlevel.space.kinds.surface import Surface as Found
    return Found.load(files)
