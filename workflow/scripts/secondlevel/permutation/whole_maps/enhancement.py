"""Threshold-free cluster enhancement (TFCE; Smith and Nichols 2009, NeuroImage 44).

An element of height h_v gets

    integral from 0 to h_v of e(h)^E h^H dh,

where e(h) is the extent of its connected component among the elements above h: the number of voxels, or the sum of the
measures of other elements. The integral is computed exactly, not in steps: e(h) is constant between the heights of the
map's elements. Those that are not a number count as 0. On the edges of a network it is TFNBS (Baggio et al. 2018, Human
Brain Mapping 39).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlevel.base.sides import sides
from secondlevel.model.tails import z_of
from secondlevel.permutation.whole_maps.joining import enhanced, largest_gain, tree_of
from secondlevel.permutation.whole_maps.order import descending
from secondlevel.permutation.whole_maps.unionfind import largest_enhancement
from secondlevel.space.graph import Graph
from secondlevel.space.neighbourhood import Neighbourhood

# Enhancements are sums over voxels: those of float32 products that differ by less are ties.
TIE = 1e-4  # relative


@dataclass(frozen=True)
class ZHeights:
    """z of positive t or F, by linear interpolation between exact values: to less than 1e-6, and exact for large ones.

    Attributes
    ----------
    statistic : dict
        Its ``name`` and the contrast's ``rank``.
    df : int
        Residual degrees of freedom.
    """

    statistic: dict
    df: int

    KNOTS = np.linspace(0, 50, 50_001)

    @cached_property
    def at_knots(self):
        """z at `KNOTS`."""
        return self.exact(self.KNOTS)

    def exact(self, values):
        """z of values, 0 where it is negative."""
        return np.maximum(z_of(self.statistic, values, self.df, two_sided=False), 0)

    def __call__(self, values):
        """z of positive values, shape (n,)."""
        heights, far = np.interp(values, self.KNOTS, self.at_knots), values > self.KNOTS[-1]
        if far.any():
            heights[far] = self.exact(values[far])
        return heights


@dataclass(frozen=True)
class Enhancement:
    """Threshold-free cluster enhancement.

    Attributes
    ----------
    neighbourhood : Neighbourhood or Graph
    extent_power, height_power : float
        E and H.
    two_sided : bool
    height : callable or None
        Turns positive statistics, in descending order, into heights; None if they are the heights.
    """

    neighbourhood: Neighbourhood | Graph
    extent_power: float
    height_power: float
    two_sided: bool
    height: object = None

    methods = ("maxTFCE",)
    ties = (TIE,)

    @classmethod
    def of_config(cls, settings, space, statistic, df, two_sided):
        """TFCE of ``statistic`` with ``extent_power``, ``height_power`` and ``connectivity`` neighbours."""
        height = ZHeights(statistic, df) if settings["statistic"] == "z" and statistic["name"] != "z" else None
        powers = settings["extent_power"], settings["height_power"]
        where = space.neighbourhood(settings["connectivity"])
        of_space = OnGraph if isinstance(where, Graph) else cls
        return of_space(where, *powers, two_sided, height)

    def about(self, settings):
        """The settings."""
        return settings

    @cached_property
    def weights(self):
        """The factor of an extent, at its number of voxels."""
        return np.arange(self.neighbourhood.positions.size + 1.0) ** self.extent_power

    def maxima(self, values):
        """The largest enhancement of a map of shape (n_voxels,)."""
        return [max(self.largest(sign * values) for sign in sides(self.two_sided))]

    def largest(self, values):
        """The largest enhancement of the positive side of a map of shape (n_voxels,)."""
        where = self.neighbourhood
        cells, heights = descending(values, where.positions)
        return largest_enhancement(cells, self.levels(heights), self.weights, where.offsets, where.n_cells)

    def levels(self, statistics):
        """The integral of h^H from 0 to the heights of positive statistics in descending order, shape (n,)."""
        power, levels = self.height_power + 1, statistics.astype(np.float64)
        levels = self.height(levels) if self.height else levels
        levels **= power
        levels /= power
        return levels

    def maps(self, values):
        """The enhanced map, negative on the negative side, shape (1, n_voxels)."""
        from tfce import tfce  # here, since it is needed once and its import takes long

        where, values = self.neighbourhood, np.nan_to_num(values)
        heights = np.abs(values)
        if self.height:
            heights = self.height(heights)
        volume = np.zeros(where.inside.shape, np.float32)
        volume[where.inside] = np.sign(values) * heights
        powers = {"E": self.extent_power, "H": self.height_power}
        enhanced = tfce(volume, connectivity=where.connectivity, two_sided=self.two_sided, **powers)
        return enhanced[None, where.inside].astype(np.float64)


class OnGraph(Enhancement):
    """The same for the elements of a `space.graph.Graph`."""

    def largest(self, values):
        """The largest enhancement of the positive side of a map of shape (n_elements,)."""
        elements, heights = descending(values, self.numbers)
        return largest_gain(elements, self.levels(heights), *self.neighbourhood.arrays, self.extent_power)

    @cached_property
    def numbers(self):
        """Those of the elements."""
        return np.arange(self.neighbourhood.size, dtype=np.int32)

    def side(self, values):
        """The elements of the positive side of a map, and their enhancement."""
        elements, heights = descending(values, self.numbers)
        parents, _, extents = tree_of(elements, *self.neighbourhood.arrays)
        return elements, enhanced(parents, extents, self.levels(heights), self.extent_power)

    def maps(self, values):
        """The enhanced map, negative on the negative side, shape (1, n_elements)."""
        found = np.zeros((1, values.size))
        for sign in sides(self.two_sided):
            elements, gained = self.side(sign * values)
            found[0, elements] = sign * gained
        return found
