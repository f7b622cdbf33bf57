"""Which voxels of a mask are neighbours, and which sides of a map are looked at.

In a two-sided test the negative side of a map is treated as the positive one and gets negative values; the two never
meet. Voxels outside of the mask are nobody's neighbours.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

REACH = {6: 1, 18: 2, 26: 3}  # how many axes the step to a neighbour takes, at most


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
        """Cells of the grid with its border."""
        return int(np.prod(np.add(self.inside.shape, 2)))
