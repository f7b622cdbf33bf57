"""The maps' values at a contrast's peak against its regressor."""

import matplotlib.pyplot as plt

from secondlevel.base.sides import peak
from secondlevel.figures.style import BLUE, ORANGE, drawable
from secondlevel.model.association import association


@drawable
def peak_figure(contrast, maps, mask, design, weights, statistic, name, two_sided):
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

    Returns
    -------
    matplotlib.figure.Figure
        Both axes are adjusted for the nuisance, and put back to the scale of the variable and of the map.
    """
    voxel = peak(statistic, two_sided)
    found = association(maps[:, voxel].astype(float), design, weights)
    labels = {"regressor": contrast, "subject": "subject", "fitted effect": f"fitted effect of {contrast}"}
    place = ", ".join(f"{value:.4g}" for value in mask.coordinates(voxel))
    title = f"Peak of {contrast} at ({place}) mm, {name} = {statistic[voxel]:.2f}"
    return draw_association(found, labels[found.axis], title)


def draw_association(found, x_label, title):
    """Draw the values of one voxel against the regressor of a contrast, with the fitted line.

    Parameters
    ----------
    found : model.association.Association
    x_label, title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(layout="constrained", figsize=(5.2, 4.2))
    axes.scatter(found.regressor, found.values, color=BLUE, alpha=0.7, edgecolor="none")
    axes.plot(found.places, found.line, color=ORANGE)
    if found.half is not None:
        ends = found.line - found.half, found.line + found.half
        axes.fill_between(found.places, *ends, color=ORANGE, alpha=0.25, linewidth=0)
    axes.set_xlabel(x_label)
    axes.set_ylabel("contrast map at the voxel")
    axes.set_title(title, fontsize=11)
    return figure
