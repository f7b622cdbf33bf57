"""Cluster extent and cluster mass.

A cluster is a connected component of the voxels above a cluster-forming threshold. Its extent is their number, its mass
the sum of their excess over the threshold (after Bullmore et al. 1999, IEEE Trans. Med. Imaging 18, who sum the
statistics themselves). Voxels that are not a number belong to no cluster.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.sides import sides
from secondlevel.model.tails import forming_threshold
from secondlevel.permutation.whole_maps.unionfind import components
from secondlevel.space.neighbourhood import Neighbourhood

# Masses are sums over voxels: those of float32 products that differ by less are ties.
TIE = 1e-4  # relative


@dataclass(frozen=True)
class Clusters:
    """Extent and mass of the clusters above a threshold.

    Attributes
    ----------
    neighbourhood : Neighbourhood
    threshold : float
        In units of the statistic; a voxel must exceed it.
    two_sided : bool
    """

    neighbourhood: Neighbourhood
    threshold: float
    two_sided: bool

    methods = ("maxExtent", "maxMass")
    ties = (0.0, TIE)

    @classmethod
    def of_config(cls, settings, inside, statistic, df, two_sided):
        """Clusters above ``threshold`` with ``connectivity`` neighbours, see `protocol.WholeMapStatistic`."""
        threshold = forming_threshold(settings["threshold"], statistic, df, two_sided)
        return cls(Neighbourhood(inside, settings["connectivity"]), threshold, two_sided)

    def about(self, settings):
        """The settings, and the statistic that a voxel of a cluster must exceed."""
        return settings | {"statistic_above": self.threshold}

    def clusters(self, values):
        """Components of a map's voxels above the threshold, on the positive side.

        Returns
        -------
        voxels : ndarray of int, shape (n,)
            The voxels above the threshold.
        component : ndarray of int, shape (n,)
            The component of each, a whole number; not all numbers are taken.
        extents, masses : ndarray
            Of each component.
        """
        voxels = np.flatnonzero(values > self.threshold)
        where = self.neighbourhood
        component = components(where.positions[voxels], where.offsets, where.n_cells)
        excess = values[voxels].astype(np.float64) - self.threshold
        return voxels, component, np.bincount(component), np.bincount(component, excess)

    def maxima(self, values):
        """The largest extent and the largest mass of a map of shape (n_voxels,); 0 without clusters."""
        found = [self.clusters(sign * values)[2:] for sign in sides(self.two_sided)]
        return [max(side[which].max(initial=0) for side in found) for which in (0, 1)]

    def maps(self, values):
        """For each voxel the extent and the mass of its cluster, negative on the negative side, 0 in no cluster."""
        maps = np.zeros((2, values.size))
        for sign in sides(self.two_sided):
            voxels, component, extents, masses = self.clusters(sign * values)
            maps[:, voxels] = sign * extents[component], sign * masses[component]
        return maps
