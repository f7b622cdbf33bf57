"""Cluster extent and cluster mass.

A cluster is a connected component of the elements above a cluster-forming threshold. Its extent is the sum of their
measures, of voxels their number; its mass is the sum of their excess over the threshold (after Bullmore et al. 1999,
IEEE Trans. Med. Imaging 18, who sum the statistics themselves), each times its measure. Elements that are not a number
belong to no cluster. Clusters of the edges of a network are those of the network-based statistic (Zalesky et al. 2010,
NeuroImage 53).
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.sides import sides
from secondlevel.model.tails import forming_threshold
from secondlevel.permutation.whole_maps.joining import components_of
from secondlevel.permutation.whole_maps.unionfind import components
from secondlevel.space.graph import Graph
from secondlevel.space.neighbourhood import Neighbourhood

# Masses are sums over elements: those of float32 products that differ by less are ties.
TIE = 1e-4  # relative


@dataclass(frozen=True)
class Clusters:
    """Extent and mass of the clusters above a threshold.

    Attributes
    ----------
    neighbourhood : Neighbourhood or Graph
    threshold : float
        In units of the statistic; an element must exceed it.
    two_sided : bool
    """

    neighbourhood: Neighbourhood | Graph
    threshold: float
    two_sided: bool

    methods = ("maxExtent", "maxMass")
    ties = (0.0, TIE)

    @classmethod
    def of_config(cls, settings, space, statistic, df, two_sided):
        """Clusters above ``threshold`` with ``connectivity`` neighbours, see `protocol.WholeMapStatistic`."""
        threshold = forming_threshold(settings["threshold"], statistic, df, two_sided)
        return cls(space.neighbourhood(settings["connectivity"]), threshold, two_sided)

    def about(self, settings):
        """The settings, and the statistic that an element of a cluster must exceed."""
        return settings | {"statistic_above": self.threshold}

    def clusters(self, values):
        """Components of a map's elements above the threshold, on the positive side.

        Returns
        -------
        elements : ndarray of int, shape (n,)
            The elements above the threshold.
        component : ndarray of int, shape (n,)
            The component of each, a whole number; not all numbers are taken.
        extents, masses : ndarray
            Of each component.
        """
        elements = np.flatnonzero(values > self.threshold)
        excess = values[elements].astype(np.float64) - self.threshold
        if isinstance(self.neighbourhood, Graph):
            measures = self.neighbourhood.measures[elements]
            component = components_of(self.neighbourhood, elements)
            return elements, component, np.bincount(component, measures), np.bincount(component, measures * excess)
        where = self.neighbourhood
        component = components(where.positions[elements], where.offsets, where.n_cells)
        return elements, component, np.bincount(component), np.bincount(component, excess)

    def maxima(self, values):
        """The largest extent and the largest mass of a map of shape (n_elements,); 0 without clusters."""
        found = [self.clusters(sign * values)[2:] for sign in sides(self.two_sided)]
        return [max(side[which].max(initial=0) for side in found) for which in (0, 1)]

    def maps(self, values):
        """For each element the extent and the mass of its cluster, negative on the negative side, 0 in no cluster."""
        maps = np.zeros((2, values.size))
        for sign in sides(self.two_sided):
            elements, component, extents, masses = self.clusters(sign * values)
            maps[:, elements] = sign * extents[component], sign * masses[component]
        return maps
