"""How far the maps lie from their fit, over the standard brain."""

import numpy as np

from secondlevel.figures.colours import Scale, beside, draw_bar
from secondlevel.figures.coverage import evenly
from secondlevel.figures.slices import BAR, draw_slices, headline
from secondlevel.figures.style import drawable

MOST = 99  # percentile of the values at which the colours end: a few vessels would make all else dark


@drawable
def draw_spread(sd, mask):
    """Draw the standard deviation of the residuals on axial slices.

    Parameters
    ----------
    sd : ndarray, shape (n_voxels,)
    mask : space.protocol.Space

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (row,) = draw_slices([evenly(mask)], mask.inside, mask.affine, width=11, side=BAR)
    headline(figure, "Standard deviation of the residuals")
    scale = Scale("sd", "viridis", 0, float(np.percentile(sd, MOST)) or 1.0)
    volume = mask.volume(np.maximum(sd, np.finfo(float).tiny))  # 0 is outside
    for part in row:
        part.show(part.values(volume, mask.affine), **scale.style)
    draw_bar(figure, scale, beside(figure))
    return figure
