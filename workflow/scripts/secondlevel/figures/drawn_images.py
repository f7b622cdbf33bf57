"""Pictures of images that show no brain, such as maps of time and frequency."""

import numpy as np
from matplotlib.figure import Figure

from secondlevel.figures.carpet import draw_carpet
from secondlevel.figures.colours import Scale, beside, draw_bar
from secondlevel.figures.shown import Shown, corrected, thresholded, whole
from secondlevel.figures.slices import BAR, headline
from secondlevel.figures.spread import MOST
from secondlevel.figures.style import drawable

SHOWN = 6  # images along the third axis
WIDTH, TALL = 8.4, 3.2  # inches of a figure and of a row


class OfImages:
    """Pictures of pixels, see `drawers.Drawer`.

    Parameters
    ----------
    space : space.kinds.image.Image
    """

    def __init__(self, space):
        self.space, self.unit = space, space.unit

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects):
        """z where it passes, and all of it."""
        return {
            "z": draw_images(thresholded(contrast, z, two_sided, thresholds["fdr"], self.unit), self.space),
            "highlight": draw_images(whole(contrast, z, two_sided, thresholds), self.space),
        }

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """A row for each correction."""
        return draw_images(corrected(contrast, maps, start, alpha, self.unit), self.space)

    def montage(self, maps, table):
        """Each map as a row."""
        return draw_carpet(maps, table, self.unit)

    def coverage(self, about):
        """What is analysed."""
        title = f"{self.space.unit.counted(self.space.size)} are analysed, {about['share']:.1%} of the images"
        return draw_images(Shown([np.ones(self.space.size)], Scale("", "Blues", 0, 1.5), title), self.space)

    def spread(self, sd):
        """As an image."""
        scale = Scale("sd", "viridis", 0, float(np.percentile(sd, MOST)) or 1.0)
        return draw_images(Shown([sd], scale, "Standard deviation of the residuals"), self.space)


def panels_of(space):
    """The places along the third axis that are shown: all, or some, evenly."""
    n = space.inside.shape[2]
    return np.unique(np.linspace(0, n - 1, min(n, SHOWN)).round().astype(int))


@drawable
def draw_images(shown, space):
    """Draw maps as images, a row for each.

    Parameters
    ----------
    shown : shown.Shown
    space : space.kinds.image.Image

    Returns
    -------
    matplotlib.figure.Figure
    """
    places = panels_of(space)
    tall = TALL * len(shown.maps) + 0.5
    figure = Figure(figsize=(WIDTH, tall))
    grid = figure.subplots(len(shown.maps), len(places), squeeze=False)
    figure.subplots_adjust(
        left=0.09, right=1 - BAR / WIDTH - 0.02, top=1 - 0.6 / tall, bottom=0.5 / tall, hspace=0.45, wspace=0.15
    )
    headline(figure, shown.title)
    (left, low), (right, high) = (ends(space, last) for last in (False, True))
    first, second, *third = [*space.axes, "", ""][: max(2, len(space.axes))]
    for row, axes_of_map in enumerate(grid):
        volume = space.volume(np.asarray(shown.maps[row], float), np.nan)
        opaque = space.volume(shown.opaque[row]) if len(shown.opaque) else np.ones(volume.shape)
        passes = space.volume(shown.passes[row]) if len(shown.passes) else None
        for axes, place in zip(axes_of_map, places, strict=True):
            image = volume[:, :, place].T
            seen = np.ma.masked_where(~np.isfinite(image) | (image == 0), image)
            how = {"origin": "lower", "aspect": "auto", "extent": (left, right, low, high), "interpolation": "none"}
            axes.imshow(seen, alpha=np.broadcast_to(opaque[:, :, place].T, image.shape), **shown.scale.style, **how)
            if passes is not None and min(image.shape) > 1:
                outline(axes, passes[:, :, place].T, (left, right), (low, high))
            axes.set(xlabel=first, ylabel=second if place == places[0] else "")
            if third:
                axes.set_title(f"{third[0]} {space.affine[2, 3] + place * space.affine[2, 2]:g}", fontsize=9)
        if shown.titles:
            axes_of_map[0].set_title(shown.titles[row], fontsize=10, loc="left")
    draw_bar(figure, shown.scale, beside(figure))
    return figure


def ends(space, last):
    """Where the images begin or end along their first two axes, at the edges of pixels."""
    shape = np.array(space.inside.shape[:2])
    return (space.affine @ [*(shape - 0.5 if last else [-0.5, -0.5]), 0, 1])[:2]


def outline(axes, passes, across, up):
    """Draw a line around what is true in an image, whose edges lie at some places across and up."""
    if passes.any() and not passes.all():
        x, y = (np.linspace(*edges, 2 * n + 1)[1::2] for edges, n in ((across, passes.shape[1]), (up, passes.shape[0])))
        axes.contour(x, y, passes, levels=[0.5], colors="black", linewidths=0.9)
