"""What is looked for in the whole maps of shuffles, beside the largest voxel."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Search:
    """What is looked for in whole maps.

    Attributes
    ----------
    parts : dict of protocol.WholeMapStatistic
        By the key of the config that asks for each.
    """

    parts: dict

    @property
    def methods(self):
        """Names of the statistics whose maxima are found."""
        return tuple(method for part in self.parts.values() for method in part.methods)

    @property
    def ties(self):
        """By method, how much a maximum may be smaller than an observed value and still reach it, relative to it."""
        return dict(zip(self.methods, [tie for part in self.parts.values() for tie in part.ties], strict=True))

    def maxima(self, maps, threads=1):
        """The largest of each statistic in maps of shape (n_maps, n_voxels), as arrays of shape (n_maps,) by method."""

        def of_map(values):
            return [largest for part in self.parts.values() for largest in part.maxima(values)]

        with ThreadPoolExecutor(threads) as pool:
            # To hand each map to another thread would take longer than some statistics do.
            found = list((pool.map if threads > 1 else map)(of_map, maps))
        return dict(zip(self.methods, np.array(found, dtype=np.float64).T, strict=True))

    def maps(self, values):
        """The statistics at each voxel of a map of shape (n_voxels,), by method, with the sign of its side."""
        found = [map_of_method for part in self.parts.values() for map_of_method in part.maps(values)]
        return dict(zip(self.methods, found, strict=True))
