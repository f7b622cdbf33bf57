"""Figures other than brains: the design matrix, the null distribution, the effect at the peak."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from secondlevel.files import replacing

matplotlib.rcParams.update(
    {
        "svg.hashsalt": "secondlevel",  # equal figures make equal files
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


def draw_null(maxima, observed, threshold, alpha, label):
    """Draw the histogram of the max statistic under the null, its threshold and the observed maximum.

    Parameters
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

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(layout="constrained", figsize=(6.4, 4))
    axes.hist(maxima, bins=min(60, max(10, len(maxima) // 20)), color=BLUE, alpha=0.7)
    if threshold is not None:
        axes.axvline(threshold, color=GREY, linestyle="--", label=f"threshold at {alpha:.0%} FWE: {threshold:.2f}")
    axes.axvline(observed, color=ORANGE, label=f"observed maximum: {observed:.2f}")
    axes.set_xlabel(label)
    axes.set_ylabel("permutations")
    axes.set_title(f"Null distribution of the maximum over voxels, {len(maxima):,} permutations", fontsize=11)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def draw_association(regressor, values, slope, x_label, title):
    """Draw the values of one voxel against the regressor of a contrast, with the fitted line.

    Parameters
    ----------
    regressor, values : ndarray, shape (n_subjects,)
        Both adjusted for the nuisance.
    slope : float
        The fitted effect.
    x_label, title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(layout="constrained", figsize=(5.2, 4.2))
    axes.scatter(regressor, values, color=BLUE, alpha=0.7, edgecolor="none")
    ends = np.array([regressor.min(), regressor.max()])
    axes.plot(ends, values.mean() + slope * (ends - regressor.mean()), color=ORANGE)
    axes.set_xlabel(x_label)
    axes.set_ylabel("contrast map at the voxel")
    axes.set_title(title, fontsize=11)
    return figure
