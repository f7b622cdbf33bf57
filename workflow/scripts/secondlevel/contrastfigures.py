"""The figures of one contrast, with their titles, from its maps and numbers."""

import numpy as np
from scipy import special

from secondlevel.figures import Histogram, draw_association, draw_nulls
from secondlevel.glm import partition
from secondlevel.statistic import tested
from secondlevel.statmaps import above, draw_glass, draw_highlight, draw_map

KINDS = {"bonferroni": "parametric, Bonferroni-corrected"} | {
    f"max{method}": f"permutation, {what}, family-wise"
    for method, what in {"T": "voxels", "Extent": "cluster extent", "Mass": "cluster mass", "TFCE": "TFCE"}.items()
}
MAXIMA = {"maxT": "", "maxExtent": "cluster extent (voxels), ", "maxMass": "cluster mass, ", "maxTFCE": "TFCE of "}


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
    passing = f"{name} > {threshold:.2f}, {fdr['voxels_above']} voxels" if fdr["voxels_above"] else name
    title = f"{contrast}: {passing} (FDR {fdr['alpha']:g})"
    style = title, "no voxel passes", "RdBu_r" if two_sided else "inferno", two_sided
    opaque_from = thresholds["bonferroni"]["threshold"] if threshold is None else threshold
    nowhere = "" if fdr["voxels_above"] else " (nowhere)"
    title = f"{contrast}: z, outlined where it passes FDR {fdr['alpha']:g}{nowhere}"
    return {
        "z": draw_map(z, affine, cut_coords, threshold, *style),
        "glass": draw_glass(z, affine, threshold, *style),
        "highlight": draw_highlight(z, affine, cut_coords, opaque_from, above(z, threshold, two_sided) != 0, title),
    }


def logp_figure(contrast, kind, volume, affine, cut_coords, start):
    """A -log10 p map above `start`; `kind` is a key of KINDS, the others are as for `z_figures`."""
    style = f"{contrast}: -log10 p, {KINDS[kind]}", f"no voxel above {start:g}", "inferno", False
    return draw_map(volume, affine, cut_coords, start, *style)


def null_figure(contrast, maxima, summaries):
    """The histograms of a contrast's nulls.

    Parameters
    ----------
    contrast : str
    maxima : dict of ndarray, shape (n,), by method
        Of every shuffle but the observed order.
    summaries : list of dict
        What `correction.null_summary` says of each method.

    Returns
    -------
    matplotlib.figure.Figure
    """
    nulls = []
    for summary in summaries:
        name, method = summary["statistic"]["name"], summary["method"]
        label = f"max {MAXIMA[method]}{f'|{name}|' if summary['two_sided'] else name} of the contrast {contrast}"
        shown = summary["observed_maximum"], summary["threshold"], summary["alpha"], label
        nulls.append(Histogram(maxima[method], *shown))
    return draw_nulls(nulls)


def peak_figure(contrast, maps, mask, design, weights, statistic, name, two_sided):
    """The maps' values where a contrast's statistic is largest, against its regressor, or an F contrast's fit.

    Parameters
    ----------
    contrast : str
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : images.Mask
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (rank, n_columns)
    statistic : ndarray, shape (n_voxels,)
    name : str
        Of the statistic.
    two_sided : bool

    Returns
    -------
    matplotlib.figure.Figure
        Both axes are adjusted for the nuisance, and put back to the scale of the variable and of the map.
    """
    split, peak = partition(design, weights), int(np.argmax(tested(statistic, two_sided)))
    values = maps[:, peak].astype(float)
    adjusted, level = split.without_nuisance(values), values.mean()
    shift = (design @ weights[0]).mean() / (weights[0] @ weights[0])
    regressor, line = regression(split, adjusted, level, shift)
    label = f"fitted effect of {contrast}" if split.rank > 1 else "subject" if is_mean(split) else contrast
    place = ", ".join(f"{value:.4g}" for value in mask.coordinates(peak))
    title = f"Peak of {contrast} at ({place}) mm, {name} = {statistic[peak]:.2f}"
    return draw_association(regressor, adjusted - adjusted.mean() + level, line, label, title)


def is_mean(split):
    """Whether the effect is the same for every subject, so that there is nothing for the maps to go with."""
    return split.rank == 1 and np.ptp(split.effect) < 1e-9 * np.abs(split.effect).max()


def regression(split, adjusted, level, shift):
    """The x axis of a peak's figure, shape (n_subjects,), and its line as `figures.draw_association` takes it.

    The axis is the fitted effect for several rows, the subjects' numbers for a mean, else the regressor.
    """
    coefficients = np.linalg.lstsq(split.effect, adjusted, rcond=None)[0]
    fitted = split.effect @ coefficients
    if split.rank > 1:
        ends = np.array([fitted.min(), fitted.max()]) + level
        return fitted + level, (ends, ends, None)
    if is_mean(split):
        ends = np.array([1, len(adjusted)])
        return np.arange(1, len(adjusted) + 1), (ends, np.full(2, level), half_band(split, adjusted - fitted, 0 * ends))
    places = np.linspace(split.effect.min(), split.effect.max(), 50)
    distances = places - split.effect.mean()
    line = places + shift, level + coefficients[0] * distances, half_band(split, adjusted - fitted, distances)
    return split.effect[:, 0] + shift, line


def half_band(split, residuals, distances):
    """Half the width of the 95 % confidence band of a line and its level, at distances from the regressor's mean."""
    variance = residuals @ residuals / split.df
    of_slope = distances**2 / (split.effect[:, 0] @ split.effect[:, 0])
    return special.stdtrit(split.df, 0.975) * np.sqrt(variance * (1 / len(residuals) + of_slope))
