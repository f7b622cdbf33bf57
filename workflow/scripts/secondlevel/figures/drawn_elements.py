"""Pictures of parcels and of the edges of connectomes, and of grayordinates without meshes."""

from functools import cached_property

import numpy as np

from secondlevel.figures.carpet import draw_carpet
from secondlevel.figures.colours import Scale
from secondlevel.figures.left_out import draw_left_out
from secondlevel.figures.matrix import Network, draw_matrices
from secondlevel.figures.ranked import draw_ranked, draw_ranked_maps
from secondlevel.figures.shown import Shown, corrected, whole
from secondlevel.figures.spread import MOST
from secondlevel.inference.thresholds import above

MOST_IN_SHORT = 20  # elements of the first picture of a report, which is seen without scrolling


class InALine:
    """Pictures of elements without a place on paper, by their names; see `drawers.Drawer`.

    Parameters
    ----------
    space : space.protocol.Space
    """

    def __init__(self, space):
        self.space, self.unit = space, space.unit

    @cached_property
    def names(self):
        """Of all elements."""
        return [" \u2013 ".join(map(str, self.space.place(k))) for k in range(self.space.size)]

    def ranked(self, contrast, z, two_sided, fdr, effects):
        """The effects with most evidence, with their intervals; of F, which has none, z."""
        effect = effects.get("effect")
        bounds = (effects["lower"], effects["upper"]) if effect is not None else None
        evidence, passes = np.abs(z) if two_sided else z, above(z, fdr["threshold"], two_sided)
        label = "effect" if effect is not None else "z"
        how = f"{contrast}: {label}", label, self.unit, f"FDR {fdr['alpha']:g}"
        return draw_ranked(z if effect is None else effect, bounds, evidence, passes, self.names, *how)

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects):
        """The effects by size, and z by size."""
        shown = whole(contrast, z, two_sided, thresholds, "filled")
        return {
            "z": self.ranked(contrast, z, two_sided, thresholds["fdr"], effects),
            "highlight": draw_ranked_maps(shown, self.names, self.unit, MOST_IN_SHORT),
        }

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """By size."""
        shown = corrected(contrast, maps, start, alpha, self.unit, "beyond the line")
        return draw_ranked_maps(shown, self.names, self.unit)

    def montage(self, maps, table):
        """Each map as a row."""
        return draw_carpet(maps, table, self.unit)

    def coverage(self, about):
        """How many are analysed, and which ones are left out."""
        return draw_left_out(self.space)

    def spread(self, sd):
        """By size."""
        return draw_ranked_maps(self.spread_of(sd), self.names, self.unit)

    def spread_of(self, sd):
        """The standard deviation of the residuals, to be drawn."""
        scale = Scale("sd", "viridis", 0, float(np.percentile(sd, MOST)) or 1.0)
        return Shown([sd], scale, "Standard deviation of the residuals")


class OfConnectome(InALine):
    """Pictures of the edges of a connectome: matrices by modules, and the strongest edges; see `drawers.Drawer`."""

    @cached_property
    def network(self):
        """The nodes and edges."""
        return Network(self.space.edges, list(self.space.names), self.space.modules)

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects):
        """The strongest edges, and the matrix."""
        shown = whole(contrast, z, two_sided, thresholds, "above the diagonal")
        return {
            "z": self.ranked(contrast, z, two_sided, thresholds["fdr"], effects),
            "highlight": draw_matrices(shown, self.network),
        }

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """A matrix for each correction."""
        shown = corrected(contrast, maps, start, alpha, self.unit, "above the diagonal")
        return draw_matrices(shown, self.network)

    def spread(self, sd):
        """As a matrix."""
        return draw_matrices(self.spread_of(sd), self.network)
