"""Maps on slices of the standard brain."""

import numpy as np

from secondlevel.figures.colours import beside, draw_bar
from secondlevel.figures.slices import draw_slices, headline
from secondlevel.figures.style import drawable
from secondlevel.inference.thresholds import above

SLICES = 8  # of a mosaic, in two rows


def passing(volume, threshold, two_sided):
    """A map's values above a threshold, 0 elsewhere, and everywhere if the threshold is None."""
    return np.where(above(volume, threshold, two_sided), volume, np.zeros_like(volume))


@drawable
def draw_maps(volumes, affine, cuts, scale, title, titles=None, outlined=()):
    """Draw maps on the same slices of the standard brain, a row for each map, on one scale.

    Parameters
    ----------
    volumes : list of ndarray, shape (x, y, z)
        What is in colour; 0 is not drawn.
    affine : ndarray, shape (4, 4)
    cuts : list of (str, float)
        As `slices.points` gives them.
    scale : colours.Scale
    title : str
    titles : list of str, optional
        Of the rows.
    outlined : sequence of ndarray of bool, shape (x, y, z)
        For each map, what a line goes around.

    Returns
    -------
    matplotlib.figure.Figure
    """
    drawn = np.logical_or.reduce([volume != 0 for volume in volumes])
    figure, rows = draw_slices([cuts] * len(volumes), drawn, affine, titles)
    headline(figure, title)
    for number, (volume, row) in enumerate(zip(volumes, rows, strict=True)):
        for part in row:
            part.show(part.values(volume, affine), **scale.style)
            if outlined:
                part.outline(part.values(outlined[number], affine))
    if drawn.any():
        draw_bar(figure, scale, beside(figure))
    return figure


def heights(inside, affine, through):
    """The heights in mm of the axial slices of a mosaic, evenly over those at which most voxels are.

    Parameters
    ----------
    inside : ndarray of bool, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    through : float
        A height that is one of them, if any voxel is so low or high.

    Returns
    -------
    list of float
    """
    places = np.argwhere(inside) @ affine[2, :3] + affine[2, 3]
    wanted = [through] if places.min() <= through <= places.max() else []
    low, high = min(wanted + [np.quantile(places, 0.02)]), max(wanted + [np.quantile(places, 0.98)])
    step = max(1.0, (high - low) / (SLICES - 0.5))
    first = low + (through - low) % step
    return [float(first + step * number) for number in range(SLICES)]


@drawable
def draw_mosaic(volume, affine, through, opaque_from, passes, scale, title):
    """Draw a whole map on axial slices, the fainter the smaller its values, with a line around the voxels that pass.

    Readers see what nearly passed, too (Taylor et al. 2023, NeuroImage 274).

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    through : float
        The height of one of the slices in mm.
    opaque_from : float
        The size of the values that are not see-through.
    passes : ndarray of bool, shape (x, y, z)
    scale : colours.Scale
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    cuts, half = [("z", at) for at in heights(volume != 0, affine, through)], SLICES // 2
    figure, rows = draw_slices([cuts[:half], cuts[half:]], volume != 0, affine)
    headline(figure, title)
    for part in sum(rows, []):
        values = part.values(volume, affine)
        part.show(values, alpha=np.clip(np.abs(values) / opaque_from, 0, 1), **scale.style)
        part.outline(part.values(passes, affine))
    draw_bar(figure, scale, beside(figure))
    return figure
