"""The maps' values at a contrast's peak: by group, or against the contrast's regressor."""

import matplotlib.pyplot as plt

from secondlevel.base.names import listed
from secondlevel.base.sides import peak
from secondlevel.figures.groups import draw_cells
from secondlevel.figures.style import BLUE, ORANGE
from secondlevel.model.association import association
from secondlevel.model.cell_means import cell_means

Y_LABEL = "contrast map at the voxel"


def peak_figure(contrast, maps, mask, model, statistic, name, two_sided):
    """The maps' values where a contrast's statistic is largest.

    Groups are drawn as dots with their means, or as lines; else the values stand against the contrast's regressor, or
    an F contrast's fit.

    Parameters
    ----------
    contrast : str
    maps : ndarray or memmap, shape (n_subjects, n_voxels)
    mask : space.images.Mask
    model : model.contrast_model.ContrastModel
    statistic : ndarray, shape (n_voxels,)
    name : str
        Of the statistic.
    two_sided : bool

    Returns
    -------
    matplotlib.figure.Figure
        All is adjusted for the nuisance, and put back to the scale of the variable and of the map.
    """
    voxel = peak(statistic, two_sided)
    values, compared = maps[:, voxel].astype(float), model.compared
    place = ", ".join(f"{value:.4g}" for value in mask.coordinates(voxel))
    title = f"Peak of {contrast} at ({place}) mm, {name} = {statistic[voxel]:.2f}"
    if compared and compared.factors and len(compared.slope) < 2:
        found = cell_means(values, model.design, model.columns, compared, model.variables)
        others = [*compared.same, *compared.held]
        adjusted = f"\n(adjusted for {listed(others, 3)})" if others else ""
        return draw_cells(found, compared, f"{Y_LABEL}{adjusted}", title)
    found = association(values, model.design, model.weights, model.centers)
    labels = {"regressor": contrast, "subject": "subject", "fitted effect": f"fitted effect of {contrast}"}
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
    axes.set_ylabel(Y_LABEL)
    axes.set_title(title, fontsize=11)
    return figure
