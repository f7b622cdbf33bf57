"""Names of places in the brain."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.tables import labelled, read_table
from secondlevel.space.images import read_image


class Atlas:
    """Names of places in the brain.

    Parameters
    ----------
    data : ndarray, shape (x, y, z)
        The number of each voxel's region; 0 is none.
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    names : dict of str by int
    """

    def __init__(self, data, affine, names):
        self.data, self.inverse, self.names = data, np.linalg.inv(affine), names

    @classmethod
    def read(cls, image, table):
        """From a label image and a table with the columns `index` and `name`, as BIDS has them."""
        labels = read_table(table)
        try:
            numbers = labelled(labels, "index", table).astype(int)
        except ValueError:
            raise InputError(
                f"{table}: the column 'index' must hold whole numbers, those of the atlas {image}."
            ) from None
        return cls(*read_image(image), dict(zip(numbers, labelled(labels, "name", table), strict=True)))

    def __call__(self, place):
        """The name of the region at a place in mm; None outside of all regions."""
        index = np.rint(self.inverse[:3, :3] @ place + self.inverse[:3, 3]).astype(int)
        if (index < 0).any() or (index >= self.data.shape).any():
            return None
        number = int(self.data[tuple(index)])
        return self.names.get(number, str(number)) if number else None
