"""Cluster extent, cluster mass and threshold-free cluster enhancement (TFCE) of a map.

A cluster is a connected component of the voxels above a cluster-forming threshold. Its extent is their number, its mass
the sum of their excess over the threshold (Bullmore et al. 1999, IEEE Trans. Med. Imaging 18). TFCE needs no threshold
(Smith and Nichols 2009, NeuroImage 44): a voxel of height h_v gets

    integral from 0 to h_v of e(h)^E h^H dh,

where e(h) is the extent of its component at the height h. It is computed exactly, not in steps: e(h) is constant
between the heights of the map's voxels.

In a two-sided test the negative side is treated as the positive one and gets negative values; the two never meet.
Voxels outside of the mask and voxels that are not a number belong to no cluster.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy import special
from tfce import tfce

from secondlevel.tails import statistic_at, z_of
from secondlevel.unionfind import components, largest_enhancement

REACH = {6: 1, 18: 2, 26: 3}  # how many axes the step to a neighbour takes, at most
# Extents depend on single voxels, masses and enhancements on all of a cluster's statistics: those of float32 products
# that differ by less are ties.
TIE = 1e-4  # relative


@dataclass(frozen=True)
class Neighbourhood:
    """Which voxels of a mask are neighbours.

    Attributes
    ----------
    inside : ndarray of bool, shape (x, y, z)
    connectivity : {6, 18, 26}
        Voxels are neighbours if they share a face; or a face or an edge; or a face, an edge or a corner.
    """

    inside: np.ndarray
    connectivity: int

    @cached_property
    def strides(self):
        """Cells from one voxel to the next along each axis, in a grid with an empty border."""
        _, y, z = np.add(self.inside.shape, 2)
        return np.array([y * z, z, 1])

    @cached_property
    def positions(self):
        """The cell of each voxel, shape (n_voxels,)."""
        return ((np.argwhere(self.inside) + 1) @ self.strides).astype(np.int32)

    @cached_property
    def offsets(self):
        """From a cell to its neighbours, shape (connectivity,)."""
        steps = [step for step in product((-1, 0, 1), repeat=3) if 0 < np.abs(step).sum() <= REACH[self.connectivity]]
        return (np.array(steps) @ self.strides).astype(np.int32)

    @property
    def n_cells(self):
        return int(np.prod(np.add(self.inside.shape, 2)))


def forming_threshold(text, statistic, df, two_sided):
    """The statistic that a voxel of a cluster must exceed.

    Parameters
    ----------
    text : str
        "p < 0.001", "z > 3.1" or "t > 3.2". p is one- or two-sided as the test is, z the normal deviate with the tail
        probability of the statistic on one side, and t the statistic itself, whatever its name.
    statistic : dict
        Its ``name`` and the contrast's ``rank``.
    df : int
        Residual degrees of freedom.
    two_sided : bool

    Returns
    -------
    float
    """
    scale, _, number = text.split()
    number = float(number)
    if scale == "t":
        return number
    p = special.ndtr(-number) if scale == "z" else number / (2 if two_sided else 1)
    return statistic_at(statistic, p, df)


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
        return self.exact(self.KNOTS)

    def exact(self, values):
        return np.maximum(z_of(self.statistic, values, self.df, two_sided=False), 0)

    def __call__(self, values):
        heights, far = np.interp(values, self.KNOTS, self.at_knots), values > self.KNOTS[-1]
        if far.any():
            heights[far] = self.exact(values[far])
        return heights


def sides(two_sided):
    """The signs by which a map is multiplied, to find what is above 0."""
    return (1, -1) if two_sided else (1,)


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


@dataclass(frozen=True)
class Enhancement:
    """Threshold-free cluster enhancement.

    Attributes
    ----------
    neighbourhood : Neighbourhood
    extent_power, height_power : float
        E and H.
    two_sided : bool
    height : callable or None
        Turns positive statistics, in descending order, into heights; None if they are the heights.
    """

    neighbourhood: Neighbourhood
    extent_power: float
    height_power: float
    two_sided: bool
    height: object = None

    methods = ("maxTFCE",)
    ties = (TIE,)

    @cached_property
    def weights(self):
        """The factor of an extent, at its number of voxels."""
        return np.arange(self.neighbourhood.positions.size + 1.0) ** self.extent_power

    def maxima(self, values):
        """The largest enhancement of a map of shape (n_voxels,)."""
        return [max(self.largest(sign * values) for sign in sides(self.two_sided))]

    def largest(self, values):
        voxels = np.flatnonzero(values > 0)
        voxels = voxels[np.argsort(values[voxels])[::-1]]
        heights = values[voxels].astype(np.float64)
        power = self.height_power + 1
        levels = (self.height(heights) if self.height else heights) ** power / power
        where = self.neighbourhood
        return largest_enhancement(where.positions[voxels], levels, self.weights, where.offsets, where.n_cells)

    def maps(self, values):
        """The enhanced map, negative on the negative side, shape (1, n_voxels)."""
        where, values = self.neighbourhood, np.nan_to_num(values)
        heights = np.abs(values)
        if self.height:
            heights = self.height(heights)
        volume = np.zeros(where.inside.shape, np.float32)
        volume[where.inside] = np.sign(values) * heights
        powers = {"E": self.extent_power, "H": self.height_power}
        enhanced = tfce(volume, connectivity=where.connectivity, two_sided=self.two_sided, **powers)
        return enhanced[None, where.inside].astype(np.float64)


@dataclass(frozen=True)
class Search:
    """What is looked for in whole maps.

    Attributes
    ----------
    parts : tuple of Clusters or Enhancement
    """

    parts: tuple

    @property
    def methods(self):
        """Names of the statistics whose maxima are found."""
        return tuple(method for part in self.parts for method in part.methods)

    @property
    def ties(self):
        """By method, how much a maximum may be smaller than an observed value and still reach it, relative to it."""
        return dict(zip(self.methods, [tie for part in self.parts for tie in part.ties], strict=True))

    def maxima(self, maps, threads=1):
        """The largest of each statistic in maps of shape (n_maps, n_voxels), as arrays of shape (n_maps,) by method."""

        def of_map(values):
            return [largest for part in self.parts for largest in part.maxima(values)]

        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(of_map, maps))
        return dict(zip(self.methods, np.array(found, dtype=np.float64).T, strict=True))

    def maps(self, values):
        """The statistics at each voxel of a map of shape (n_voxels,), by method, with the sign of its side."""
        found = [map_of_method for part in self.parts for map_of_method in part.maps(values)]
        return dict(zip(self.methods, found, strict=True))
