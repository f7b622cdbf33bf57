"""The null distributions of the max statistics."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

from secondlevel.figures.style import BLUE, GREY, ORANGE, bins_of, drawable
from secondlevel.inference.catalogue import BY_KEY


@drawable
def null_figure(contrast, maxima, summaries):
    """The histograms of a contrast's nulls.

    Parameters
    ----------
    contrast : str
    maxima : dict of ndarray, shape (n,), by method
        Of every shuffle but the observed order.
    summaries : list of dict
        What `inference.correction.correct` says of each method.

    Returns
    -------
    matplotlib.figure.Figure
    """
    nulls = []
    for summary in summaries:
        name, method = summary["statistic"]["name"], summary["method"]
        label = f"max {BY_KEY[method].axis}{f'|{name}|' if summary['two_sided'] else name} of the contrast {contrast}"
        shown = summary["observed_maximum"], summary["threshold"], summary["alpha"], label
        nulls.append(Histogram(maxima[method], *shown))
    return draw_nulls(nulls)


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
