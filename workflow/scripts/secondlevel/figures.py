"""Figures other than brains: the design matrix, the null distribution, the effect at the peak."""

from dataclasses import dataclass

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from secondlevel.files import replacing

matplotlib.rcParams.update(
    {
        "svg.hashsalt": "secondlevel",  # equal figures make equal files
        "text.parse_math": False,  # a $ in a name is a $
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#666666"  # told apart by colour-blind readers too


def save(figure, *paths):
    """Write a figure to files, whose endings choose the formats, and close it."""
    for path in paths:
        with replacing(path) as part:
            figure.savefig(part, dpi=150, metadata={"Date": None} if path.endswith(".svg") else None)
    plt.close(figure)


def draw_design(design):
    """Draw a design matrix, each column on a scale of its own, with its range written below.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n_subjects, n_columns)

    Returns
    -------
    matplotlib.figure.Figure
    """
    low, high = design.min(), design.max()
    shades = (design - low) / (high - low).where(high > low, 1) + (high == low).astype(float)
    figure, axes = plt.subplots(layout="constrained", figsize=(1.6 + 1.1 * design.shape[1], 6))
    axes.imshow(shades, aspect="auto", cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ranges = [f"{a:g}" if a == b else f"{a:g} to {b:g}" for a, b in zip(low, high, strict=True)]
    labels = [f"{name}\n{span}" for name, span in zip(design.columns, ranges, strict=True)]
    axes.set_xticks(range(design.shape[1]), labels, fontsize=9)
    axes.set_ylabel(f"{len(design)} subjects")
    axes.set_yticks([])
    for edge in range(1, design.shape[1]):
        axes.axvline(edge - 0.5, color=ORANGE, linewidth=1)
    axes.set_title("Design matrix", fontsize=11)
    return figure


@dataclass(frozen=True)
class Histogram:
    """What is drawn of a null.

    Attributes
    ----------
    maxima : ndarray, shape (n,)
        Of every shuffle but the observed order.
    observed : float
        The observed maximum.
    threshold : float or None
        The statistic at `alpha`; None if the shuffles are too few for it.
    alpha : float
        Family-wise error rate.
    label : str
        What the statistic is.
    """

    maxima: np.ndarray
    observed: float
    threshold: float | None
    alpha: float
    label: str


def bins_of(maxima):
    """Edges of a histogram's bars; of whole numbers, such as extents, each bar holds as many as the others."""
    n_bins, low, high = min(60, max(10, len(maxima) // 20)), maxima.min(), maxima.max()
    if (maxima == np.round(maxima)).all():
        width = max(1, np.ceil((high - low + 1) / n_bins))
        return np.arange(low - 0.5, high + width + 0.5, width)
    return np.linspace(low, high, n_bins + 1) if high > low else n_bins


def draw_nulls(nulls):
    """Draw the histograms of max statistics under the null, a panel each, with threshold and observed maximum.

    Parameters
    ----------
    nulls : list of Histogram

    Returns
    -------
    matplotlib.figure.Figure
    """
    n_columns = min(2, len(nulls))
    n_rows = -(-len(nulls) // n_columns)
    size = (5.4 * n_columns, 3.8 * n_rows)
    figure, axes = plt.subplots(n_rows, n_columns, layout="constrained", figsize=size, squeeze=False)
    for axis in axes.flat[len(nulls) :]:
        axis.axis("off")
    for axis, null in zip(axes.flat, nulls, strict=False):
        n = len(null.maxima)
        axis.hist(null.maxima, bins=bins_of(null.maxima), color=BLUE, alpha=0.7)
        if null.threshold is not None:
            label = f"threshold at {null.alpha:.0%} FWE: {null.threshold:.4g}"
            axis.axvline(null.threshold, color=GREY, linestyle="--", label=label)
        axis.axvline(null.observed, color=ORANGE, label=f"observed maximum: {null.observed:.4g}")
        axis.set_xlabel(null.label)
        axis.set_ylabel("permutations")
        axis.legend(frameon=False, fontsize=8)
    figure.suptitle(f"Null distribution of the maximum over the mask, {n:,} permutations", fontsize=11)
    return figure


def draw_association(regressor, values, line, x_label, title):
    """Draw the values of one voxel against the regressor of a contrast, with the fitted line.

    Parameters
    ----------
    regressor, values : ndarray, shape (n_subjects,)
        Both adjusted for the nuisance.
    line : tuple of three ndarrays
        Places on the x axis, the fit there, and half the width of its confidence band, or None for no band.
    x_label, title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(layout="constrained", figsize=(5.2, 4.2))
    axes.scatter(regressor, values, color=BLUE, alpha=0.7, edgecolor="none")
    places, fitted, half = line
    axes.plot(places, fitted, color=ORANGE)
    if half is not None:
        axes.fill_between(places, fitted - half, fitted + half, color=ORANGE, alpha=0.25, linewidth=0)
    axes.set_xlabel(x_label)
    axes.set_ylabel("contrast map at the voxel")
    axes.set_title(title, fontsize=11)
    return figure
