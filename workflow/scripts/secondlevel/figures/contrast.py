"""The maps of one contrast as figures, with their titles."""

import numpy as np

from secondlevel.base.sides import peak
from secondlevel.figures.brains import draw_maps, draw_mosaic, passing
from secondlevel.figures.colours import scale_of
from secondlevel.figures.glass import draw_glass
from secondlevel.figures.slices import points
from secondlevel.inference.catalogue import BY_KEY
from secondlevel.inference.thresholds import above, least_logp


def cut_point(cut_coords, statistic, mask, two_sided):
    """The point that slices go through, in mm: the one asked for, or, for "peak", that of the largest statistic.

    Parameters
    ----------
    cut_coords : list of float or "peak"
    statistic : ndarray, shape (n_voxels,)
    mask : space.images.Mask
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
    fdr, threshold = thresholds["fdr"], thresholds["fdr"]["threshold"]
    name = "|z|" if two_sided else "z"
    n = fdr["voxels_above"]
    found = f"{name} > {threshold:.2f}, {n} voxel{'s' if n > 1 else ''}" if n else name
    title = f"{contrast}: {found} (FDR {fdr['alpha']:g})" + ("" if n else ": no voxel passes")
    shown = passing(z, threshold, two_sided)
    scale = scale_of("z", shown, two_sided, hidden=threshold or 0)
    opaque_from = thresholds["bonferroni"]["threshold"] if threshold is None else threshold
    whole = f"{contrast}: z, outlined where it passes FDR {fdr['alpha']:g}{'' if n else ' (nowhere)'}"
    passes, both = above(z, threshold, two_sided), scale_of("z", z, True)
    return {
        "z": draw_maps([shown], affine, points(cut_coords), scale, title),
        "glass": draw_glass(shown, affine, scale, title),
        "highlight": draw_mosaic(z, affine, cut_coords[2], opaque_from, passes, both, whole),
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
    shown = {key: passing(volume, start, False) for key, volume in volumes.items()}
    names = [
        f"{BY_KEY[key].map_title}{'' if image.any() else f': no voxel above {start:g}'}" for key, image in shown.items()
    ]
    passes = [above(volume, least_logp(alpha), False) for volume in volumes.values()]
    mark = float(-np.log10(alpha))
    scale = scale_of("-log10 p", np.array(list(shown.values())), False, hidden=start, mark=mark)
    title = f"{contrast}: -log10 p, outlined where p is at most {alpha:g}"
    several = len(names) > 1
    if not several:
        title = f"{contrast}: -log10 p, {names[0]} (line: p = {alpha:g})"
    return draw_maps(list(shown.values()), affine, points(cut_coords), scale, title, names if several else None, passes)
