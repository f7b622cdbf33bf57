"""The maps' values at a contrast's peak, by group or against its regressor, and whether their residuals look normal."""

import numpy as np
from matplotlib.figure import Figure
from scipy import special

from secondlevel.base.names import listed
from secondlevel.base.sides import peak
from secondlevel.base.wording import where
from secondlevel.figures.groups import draw_cells, width_of
from secondlevel.figures.style import BLUE, GREY, ORANGE, drawable, fitting
from secondlevel.model.association import association
from secondlevel.model.cell_means import cell_means

Y_LABEL = "contrast map at the {one}"
BESIDE = 4.0  # inches, of the panel of residuals


@drawable
def peak_figure(contrast, maps, mask, model, statistic, name, two_sided, residuals):
    """The maps' values where a contrast's statistic is largest, and beside them their residuals.

    Groups are drawn as dots with their means, or as lines; else the values stand against the contrast's regressor, or
    an F contrast's fit.

    Parameters
    ----------
    contrast : str
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    mask : space.protocol.Space
    model : model.contrast_model.ContrastModel
    statistic : ndarray, shape (n_elements,)
    name : str
        Of the statistic.
    two_sided : bool
    residuals : ndarray, shape (n_subjects,)
        Studentised, at that element.

    Returns
    -------
    matplotlib.figure.Figure
        In the first panel all is adjusted for the nuisance, and put back to the scale of the variable and of the map;
        the second has the residuals against those of a normal distribution.
    """
    element = peak(statistic, two_sided)
    title = f"Peak of {contrast} at {at_peak(mask, element)}, {name} = {statistic[element]:.2f}"
    width = width_of(model.compared) if by_cell(model.compared) else 5.0
    size = (width + BESIDE, 4.2)
    figure = Figure(layout="constrained", figsize=size)
    left, right = figure.subplots(1, 2, width_ratios=(width, BESIDE))
    values = maps[:, element].astype(float)
    there = np.isfinite(values)
    draw_values(left, contrast, values[there], model.of_subjects(there), Y_LABEL.format(one=mask.unit.one))
    draw_normality(right, residuals[~np.isnan(residuals)])
    figure.suptitle(title, fontsize=fitting([title], size[0] - 0.3, 11))
    return figure


def at_peak(space, element):
    """Where an element is, in words; of a volume with the digits of its grid."""
    if space.brain:
        return f"({', '.join(f'{value:.4g}' for value in space.coordinates(element))}) mm"
    return where(dict(zip(space.place_columns, space.place(element), strict=True)))


def by_cell(compared):
    """Whether a comparison.Comparison, or None, can be drawn by cell: one of means, or of the slopes of a number."""
    return bool(compared and compared.factors and len(compared.slope) < 2)


def draw_values(axes, contrast, values, model, label):
    """Draw the values of one element, shape (n_subjects,), as a contrast_model.ContrastModel compares them."""
    axes.set_ylabel(label)
    if not by_cell(model.compared):
        found = association(values, model.design, model.weights, model.centers)
        labels = {"regressor": contrast, "subject": "subject", "fitted effect": f"fitted effect of {contrast}"}
        draw_association(axes, found, labels[found.axis])
        return
    compared = model.compared
    draw_cells(axes, cell_means(values, model.design, model.columns, compared, model.variables), compared)
    if others := [*compared.same, *compared.held]:
        axes.set_ylabel(f"{label}\n(adjusted for {listed(others, 3)})")


def draw_association(axes, found, x_label):
    """Draw the values of one element against the regressor of a contrast, with the fitted line.

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
