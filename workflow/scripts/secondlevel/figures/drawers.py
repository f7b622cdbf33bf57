"""Who draws the maps of each kind of space. The rules' scripts ask for pictures, and never what an element is."""

from typing import Protocol

from secondlevel.figures.contrast import cut_point, logp_figure, z_figures
from secondlevel.figures.coverage import draw_coverage
from secondlevel.figures.montage import draw_montage
from secondlevel.figures.spread import draw_spread
from secondlevel.figures.style import BLUE


class Drawer(Protocol):
    """The pictures of maps of one kind; each method gives a matplotlib.figure.Figure, or several in a dict."""

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects) -> dict:
        """Pictures of z by the names of the rule's outputs: where it passes, and all of it with what passes outlined.

        Parameters
        ----------
        contrast : str
        z, statistic : ndarray, shape (n_elements,)
            The map, and that whose peak is shown.
        two_sided : bool
        thresholds : dict by method
            Entries of the contrast's thresholds.
        effects : dict of ndarray, shape (n_elements,)
            ``effect``, ``lower`` and ``upper`` end of its interval, where they are drawn and the contrast has them.
        """

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """Maps of -log10 p by the key of their correction, in colour above `start`, outlined where p <= alpha."""

    def montage(self, maps, table):
        """Every subject's map, shape (n_subjects, n_elements), as `quality.read_similarity` tells of them."""

    def coverage(self, about):
        """What is analysed, with what `sample.coverage.coverage` gives."""

    def spread(self, sd):
        """The standard deviation of the residuals, shape (n_elements,)."""


class OfVolumes:
    """Pictures of volumes, on slices over the standard brain; see `Drawer`.

    Parameters
    ----------
    mask : space.kinds.volume.Mask
    cut_coords : list of float or "peak", optional
        The point of the slices in mm.
    """

    def __init__(self, mask, cut_coords=None):
        self.mask, self.cut_coords = mask, cut_coords

    def where(self, statistic, two_sided):
        """The affine, and the point of the slices."""
        return self.mask.affine, cut_point(self.cut_coords, statistic, self.mask, two_sided)

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects):
        """On slices, in a glass brain, and a mosaic of the whole."""
        where = self.where(statistic, two_sided)
        return z_figures(contrast, self.mask.volume(z), *where, two_sided, thresholds)

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """On slices, a row for each correction."""
        volumes = {method: self.mask.volume(values) for method, values in maps.items()}
        return logp_figure(contrast, volumes, *self.where(statistic, two_sided), start, alpha)

    def montage(self, maps, table):
        """One slice of each."""
        return draw_montage(maps, self.mask, table)

    def coverage(self, about):
        """The mask over the standard brain."""
        return draw_coverage(self.mask, about, BLUE)

    def spread(self, sd):
        """On slices."""
        return draw_spread(sd, self.mask)


def drawer_of(space, cut_coords=None):
    """Who draws maps of a space, a `Drawer`; with the point of slices of volumes."""
    if space.brain:
        return OfVolumes(space, cut_coords)
    # Volumes need none of the others.
    if hasattr(space, "axes"):
        from secondlevel.figures.drawn_images import OfImages

        return OfImages(space)
    if getattr(space, "meshes", None):
        from secondlevel.figures.drawn_meshes import OnMeshes

        return OnMeshes(space)
    from secondlevel.figures.drawn_elements import InALine, OfConnectome

    return OfConnectome(space) if hasattr(space, "edges") else InALine(space)
