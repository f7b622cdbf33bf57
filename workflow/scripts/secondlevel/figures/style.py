"""What all figures share: colours, settings of matplotlib, and how they are written."""

import functools
import logging
import textwrap
from io import StringIO
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

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
DPI = 150  # pixels for an inch
# PNG packed to a tenth more bytes takes half the time to write.
HOW = {"png": {"pil_kwargs": {"compress_level": 3}}, "pdf": {"metadata": {"CreationDate": None}}}
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#666666"  # told apart by colour-blind readers too
PALETTE = (BLUE, ORANGE, "#009e73", "#cc79a7", "#56b4e9", "#e69f00", GREY)  # of groups, after Okabe and Ito


def drawable(draw):
    """Have a function that draws a figure give one that says why, where it cannot: the statistics are done by then."""

    @functools.wraps(draw)
    def drawn(*arguments, **named):
        try:
            return draw(*arguments, **named)
        except Exception as error:  # of any kind, as of maps that are thin, tiny or far from the standard brain
            return excuse(error)

    return drawn


def excuse(error):
    """A figure that says why another one could not be drawn; so does the log."""
    why = f"{type(error).__name__}: {' '.join(str(error).split())}"
    logging.getLogger("secondlevel").warning("a figure could not be drawn (%s)", why)
    figure, why = Figure(figsize=(8.4, 3.4)), textwrap.fill(why, 90, max_lines=8)
    figure.text(
        0.5, 0.5, f"This figure could not be drawn, and no result depends on it:\n{why}", ha="center", va="center"
    )
    return figure


def save(figure, *paths):
    """Write a figure to files, whose endings choose the formats."""
    try:
        write(figure, paths)
    except OSError:
        raise
    except Exception as error:  # some things are only drawn when they are written
        save(excuse(error), *paths)


def write(figure, paths):
    """Write a figure to files."""
    if engine := figure.get_layout_engine():  # once, and not for each file
        figure.set_dpi(DPI)
        engine.execute(figure)
        figure.set_layout_engine("none")
    for path in paths:
        with replacing(path) as part:
            if path.endswith(".svg"):
                written = StringIO()
                figure.savefig(written, format="svg", dpi=DPI, metadata={"Date": None})
                Path(part).write_text(with_titles(written.getvalue()), encoding="utf-8")
            else:
                form = path.rpartition(".")[2]
                figure.savefig(part, format=form, dpi=DPI, **HOW[form])


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
