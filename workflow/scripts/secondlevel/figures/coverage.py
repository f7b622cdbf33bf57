"""The mask over the standard brain."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from secondlevel.figures.slices import slices
from secondlevel.figures.style import drawable
from secondlevel.space.images import nifti


@drawable
def draw_coverage(mask, covers, colour):
    """Draw a mask over the standard brain, on axial slices from its bottom to its top.

    Parameters
    ----------
    mask : space.images.Mask
    covers : dict
        As `coverage` gives it.
    colour : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    heights = np.argwhere(mask.inside) @ mask.affine[2, :3] + mask.affine[2, 3]
    edges = np.linspace(heights.min(), heights.max(), 8)
    figure = plt.figure(figsize=(11, 2.6))
    size = f"{covers['voxels']:,} voxels, {covers['volume_ml']:,.0f} ml"
    shares = f"{covers['share_of_brain']:.1%} of the MNI152 brain; {covers['share_outside_brain']:.1%} of the mask"
    figure.suptitle(f"The mask ({size}) covers {shares} lies outside of it", fontsize=11)
    display = slices(figure, ((edges[:-1] + edges[1:]) / 2).tolist(), display_mode="z", annotate=False)
    display.annotate(size=8)
    inside = nifti(mask.inside.astype(np.float32), mask.affine)
    display.add_overlay(inside, threshold=0.5, cmap=ListedColormap([colour]), transparency=0.5)
    return figure
