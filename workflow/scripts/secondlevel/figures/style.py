"""What all figures share: colours, settings of matplotlib, and how they are written."""

from io import StringIO
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from secondlevel.base.files import replacing
from secondlevel.figures.titles import with_titles

matplotlib.rcdefaults()  # whatever a matplotlibrc in the working folder or at home says
matplotlib.rcParams.update(
    {
        "svg.hashsalt": "secondlevel",  # equal figures make equal files
        "text.parse_math": False,  # a $ in a name is a $
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#666666"  # told apart by colour-blind readers too
PALETTE = (BLUE, ORANGE, "#009e73", "#cc79a7", "#56b4e9", "#e69f00", GREY)  # of groups, after Okabe and Ito


def save(figure, *paths):
    """Write a figure to files, whose endings choose the formats, and close it."""
    for path in paths:
        with replacing(path) as part:
            if path.endswith(".svg"):
                written = StringIO()
                figure.savefig(written, format="svg", dpi=150, metadata={"Date": None})
                Path(part).write_text(with_titles(written.getvalue()), encoding="utf-8")
            else:
                figure.savefig(part, dpi=150)
    plt.close(figure)


def bins_of(maxima):
    """Edges of a histogram's bars; of whole numbers, such as extents, each bar holds as many as the others."""
    n_bins, low, high = min(60, max(10, len(maxima) // 20)), maxima.min(), maxima.max()
    if (maxima == np.round(maxima)).all():
        width = max(1, np.ceil((high - low + 1) / n_bins))
        return np.arange(low - 0.5, high + width + 0.5, width)
    return np.linspace(low, high, n_bins + 1) if high > low else n_bins


def fitting(labels, inches, largest):
    """The font size, up to the largest, at which the longest label fits into some inches."""
    return float(np.clip(72 * inches / (0.62 * max(map(len, labels), default=1)), 4, largest))
