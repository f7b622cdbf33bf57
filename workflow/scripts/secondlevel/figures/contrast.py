"""The maps of one contrast as figures, with their titles."""

from secondlevel.base.sides import peak
from secondlevel.figures.brains import draw_maps, draw_mosaic
from secondlevel.figures.glass import draw_glass
from secondlevel.figures.shown import corrected, opaque_from, thresholded, whole
from secondlevel.figures.slices import points
from secondlevel.space.units import VOXELS


def cut_point(cut_coords, statistic, mask, two_sided):
    """The point that slices go through, in mm: the one asked for, or, for "peak", that of the largest statistic.

    Parameters
    ----------
    cut_coords : list of float or "peak"
    statistic : ndarray, shape (n_voxels,)
    mask : space.protocol.Space
    two_sided : bool

    Returns
    -------
    list of float
    """
    return mask.coordinates(peak(statistic, two_sided)) if cut_coords == "peak" else cut_coords


def z_figures(contrast, z, affine, cut_coords, two_sided, thresholds):
    """The z map where it passes the false discovery rate, on slices and in a glass brain, and a mosaic of the whole.

    Parameters
    ----------
    contrast : str
    z : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    cut_coords : list of float
        The point of the slices in mm.
    two_sided : bool
    thresholds : dict by method
        Entries of the contrast's thresholds.

    Returns
    -------
    dict of matplotlib.figure.Figure
        `z`, `glass`, `highlight`.
    """
    found = thresholded(contrast, z, two_sided, thresholds["fdr"], VOXELS)
    of_all = whole(contrast, z, two_sided, thresholds)
    (values,), (passes,), through = found.maps, of_all.passes, cut_coords[2]
    return {
        "z": draw_maps([values], affine, points(cut_coords), found.scale, found.title),
        "glass": draw_glass(values, affine, found.scale, found.title),
        "highlight": draw_mosaic(z, affine, through, opaque_from(thresholds), passes, of_all.scale, of_all.title),
    }


def logp_figure(contrast, volumes, affine, cut_coords, start, alpha):
    """Maps of -log10 p, a row for each correction, with a line around p of at most the error rate.

    Parameters
    ----------
    contrast : str
    volumes : dict of ndarray, shape (x, y, z)
        By the key of a correction.
    affine : ndarray, shape (4, 4)
    cut_coords : list of float
        The point of the slices in mm.
    start : float
        The value above which the maps are in colour.
    alpha : float
        The family-wise error rate.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = corrected(contrast, volumes, start, alpha, VOXELS)
    return draw_maps(shown.maps, affine, points(cut_coords), shown.scale, shown.title, shown.titles, shown.passes)
