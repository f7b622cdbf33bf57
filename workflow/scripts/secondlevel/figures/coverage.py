"""The mask over the standard brain."""

import numpy as np
from matplotlib.colors import ListedColormap

from secondlevel.figures.slices import draw_slices, headline
from secondlevel.figures.style import drawable

SLICES = 7


def evenly(mask):
    """Axial slices from the bottom of a mask to its top, as `slices.draw_slices` takes them."""
    places = np.argwhere(mask.inside) @ mask.affine[2, :3] + mask.affine[2, 3]
    return [("z", float(at)) for at in np.linspace(places.min(), places.max(), 2 * SLICES + 1)[1::2]]


@drawable
def draw_coverage(mask, covers, colour):
    """Draw a mask over the standard brain, on axial slices from its bottom to its top.

    Parameters
    ----------
    mask : space.protocol.Space
    covers : dict
        As `coverage` gives it.
    colour : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (row,) = draw_slices([evenly(mask)], mask.inside, mask.affine, width=11, side=0)
    size = f"{covers['voxels']:,} voxels, {covers['volume_ml']:,.0f} ml"
    shares = f"{covers['share_of_brain']:.1%} of the MNI152 brain; {covers['share_outside_brain']:.1%} of the mask"
    headline(figure, f"The mask ({size}) covers {shares} lies outside of it")
    for part in row:
        part.show(part.values(mask.inside, mask.affine), cmap=ListedColormap([colour]), alpha=0.5)
    return figure
