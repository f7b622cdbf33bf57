"""The maps' values at a contrast's peak against its regressor, and whether their residuals look normal."""

import matplotlib.pyplot as plt
import numpy as np
from scipy import special

from secondlevel.base.sides import peak
from secondlevel.figures.style import BLUE, GREY, ORANGE
from secondlevel.model.association import association


def peak_figure(contrast, maps, mask, design, weights, statistic, name, two_sided, residuals):
    """The maps' values where a contrast's statistic is largest, against its regressor, or an F contrast's fit.

    Parameters
    ----------
    contrast : str
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : space.images.Mask
    design : ndarray, shape (n_subjects, n_columns)
    weights : ndarray, shape (rank, n_columns)
    statistic : ndarray, shape (n_voxels,)
    name : str
        Of the statistic.
    two_sided : bool
    residuals : ndarray, shape (n_subjects,)
        Studentised, at that voxel.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes of the first panel are adjusted for the nuisance, and put back to the scale of the variable and of
        the map; the second has the residuals against those of a normal distribution.
    """
    voxel = peak(statistic, two_sided)
    found = association(maps[:, voxel].astype(float), design, weights)
    labels = {"regressor": contrast, "subject": "subject", "fitted effect": f"fitted effect of {contrast}"}
    place = ", ".join(f"{value:.4g}" for value in mask.coordinates(voxel))
    title = f"Peak of {contrast} at ({place}) mm, {name} = {statistic[voxel]:.2f}"
    figure, (left, right) = plt.subplots(1, 2, layout="constrained", figsize=(9, 4.2), width_ratios=(5, 4))
    draw_association(left, found, labels[found.axis])
    draw_normality(right, residuals[~np.isnan(residuals)])
    figure.suptitle(title, fontsize=11)
    return figure


def draw_association(axes, found, x_label):
    """Draw the values of one voxel against the regressor of a contrast, with the fitted line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    found : model.association.Association
    x_label : str
    """
    axes.scatter(found.regressor, found.values, color=BLUE, alpha=0.7, edgecolor="none")
    axes.plot(found.places, found.line, color=ORANGE)
    if found.half is not None:
        ends = found.line - found.half, found.line + found.half
        axes.fill_between(found.places, *ends, color=ORANGE, alpha=0.25, linewidth=0)
    axes.set_xlabel(x_label)
    axes.set_ylabel("contrast map at the voxel")


def draw_normality(axes, residuals):
    """Draw residuals, shape (n,), against normal quantiles, with the range of 95 % of normal ones at each rank.

    The i-th smallest of n has the tail probability Beta(i, n - i + 1), whose quantiles are the ends of the range, and
    whose median is its place on the x axis.
    """
    axes.set_xlabel("normal quantile")
    axes.set_ylabel("studentised residual")
    if not len(residuals):
        axes.text(0.5, 0.5, "no residuals", transform=axes.transAxes, ha="center")
        return
    rank, n = np.arange(1, len(residuals) + 1), len(residuals)
    low, middle, high = (special.ndtri(special.betaincinv(rank, n - rank + 1, q)) for q in (0.025, 0.5, 0.975))
    axes.fill_between(middle, low, high, color=GREY, alpha=0.2, linewidth=0)
    axes.plot(middle, middle, color=GREY, linewidth=1)
    axes.scatter(middle, np.sort(residuals), color=BLUE, alpha=0.7, edgecolor="none", s=18)
