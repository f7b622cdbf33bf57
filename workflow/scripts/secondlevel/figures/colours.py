"""How values become colours, and the bar that says so."""

from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.ticker import MaxNLocator

HIDDEN = (0.85, 0.85, 0.85, 1)  # in the bar, what no voxel is drawn in


@dataclass(frozen=True)
class Scale:
    """A scale of colours.

    Attributes
    ----------
    label : str
        What the values are.
    cmap : str
    low, high : float
    hidden : float
        Up to which size values are not drawn.
    mark : float or None
        A value that the bar has a line at.
    """

    label: str
    cmap: str
    low: float
    high: float
    hidden: float = 0
    mark: float | None = None

    @property
    def style(self):
        """What matplotlib's images take."""
        return {"cmap": self.cmap, "vmin": self.low, "vmax": self.high}


def scale_of(label, values, two_sided, **more):
    """A scale on which values of an array fit: both signs or positive ones."""
    extreme = float(np.abs(values).max(initial=0)) or 1.0
    if two_sided:
        return Scale(label, "RdBu_r", -extreme, extreme, **more)
    return Scale(label, "inferno", 0, extreme, **more)


def beside(figure):
    """The box of a colour bar on the right of slices."""
    width, tall = figure.get_size_inches()
    half = min(0.9, 0.3 * tall)
    return (1 - 0.9 / width, 0.48 - half / tall, 0.15 / width, 2 * half / tall)


def draw_bar(figure, scale, box):
    """Draw a scale's bar into a box of a figure (left, bottom, width, height), with its label and few round ticks.

    Returns
    -------
    matplotlib.axes.Axes
    """
    values = np.linspace(scale.low, scale.high, 512)
    colours = colormaps.get_cmap(scale.cmap)(np.linspace(0, 1, 512))
    colours[np.abs(values) < scale.hidden] = HIDDEN
    axes = figure.add_axes(box)
    drawn = ScalarMappable(Normalize(scale.low, scale.high), ListedColormap(colours))
    bar = figure.colorbar(drawn, cax=axes, ticks=MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    bar.outline.set_linewidth(0.5)
    axes.set_title(scale.label, fontsize=9, loc="left")
    axes.tick_params(labelsize=9, width=0.5)
    if scale.mark is not None and scale.low < scale.mark <= scale.high:
        axes.axhline(scale.mark, -0.4, 1, color="black", linewidth=1.5, clip_on=False)  # seen on dark colours, too
    return axes
