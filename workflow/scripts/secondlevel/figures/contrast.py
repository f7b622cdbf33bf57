"""The maps of one contrast as figures, with their titles."""

from secondlevel.base.sides import peak
from secondlevel.figures.brains import draw_glass, draw_highlight, draw_map
from secondlevel.inference.catalogue import BY_KEY
from secondlevel.inference.thresholds import above


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
    """The z map where it passes the false discovery rate, on slices and in a glass brain, and the whole map.

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
    passing = f"{name} > {threshold:.2f}, {n} voxel{'s' if n > 1 else ''}" if n else name
    title = f"{contrast}: {passing} (FDR {fdr['alpha']:g})"
    style = title, "no voxel passes", "RdBu_r" if two_sided else "inferno", two_sided
    opaque_from = thresholds["bonferroni"]["threshold"] if threshold is None else threshold
    nowhere = "" if n else " (nowhere)"
    title = f"{contrast}: z, outlined where it passes FDR {fdr['alpha']:g}{nowhere}"
    return {
        "z": draw_map(z, affine, cut_coords, threshold, *style),
        "glass": draw_glass(z, affine, threshold, *style),
        "highlight": draw_highlight(z, affine, cut_coords, opaque_from, above(z, threshold, two_sided), title),
    }


def logp_figure(contrast, kind, volume, affine, cut_coords, start):
    """A -log10 p map above `start`; `kind` is the key of a correction, the others are as for `z_figures`."""
    style = f"{contrast}: -log10 p, {BY_KEY[kind].map_title}", f"no voxel above {start:g}", "inferno", False
    return draw_map(volume, affine, cut_coords, start, *style)
