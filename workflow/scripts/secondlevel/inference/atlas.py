"""Names of places in the brain."""

import re

import numpy as np

from secondlevel.base.cells import labelled, read_cells
from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.space.images import read_labels
from secondlevel.space.labels import Labels

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def region_names(path):
    """The names of an atlas' regions by number, from a table with the columns `index` and `name`.

    Raises
    ------
    InputError
        If the table cannot be read, a number is none or there twice, or a name is missing; the line is named.
    """
    table, names = read_cells(path), {}
    for line, (index, name) in enumerate(
        zip(labelled(table, "index", path), labelled(table, "name", path), strict=True), 2
    ):
        if not isinstance(index, str) or not WHOLE.fullmatch(index):
            found = f"'{short(index)}'" if isinstance(index, str) else "none"
            raise InputError(
                f"{path}: the column 'index' must hold whole numbers, those of the atlas' image, and line {line} has "
                f"{found}; correct it."
            )
        if not isinstance(name, str):
            raise InputError(f"{path} has no name for the region {index} in line {line}; give it one.")
        if int(index) in names:
            raise InputError(f"{path} has the region {index} once more in line {line}; keep one of its lines.")
        names[int(index)] = name
    return names


class Atlas:
    """Names of places in the brain.

    Parameters
    ----------
    data : ndarray of int, shape (x, y, z)
        The number of each voxel's region; 0 is none.
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    names : dict of str by int
    """

    def __init__(self, data, affine, names):
        self.data, self.inverse, self.names = data, np.linalg.inv(affine), names

    @classmethod
    def read(cls, image, table):
        """From a label image and a table with the columns `index` and `name`, as BIDS has them.

        Raises
        ------
        InputError
            If the image or the table cannot be read, or a number of either is not whole.
        """
        names = region_names(table)
        return cls(*read_labels(image), names)

    def numbers(self, places):
        """The numbers of the regions at places in mm, shape (n, 3); 0 outside of all."""
        indices = np.rint(places @ self.inverse[:3, :3].T + self.inverse[:3, 3]).astype(int)
        within = ((indices >= 0) & (indices < self.data.shape)).all(axis=1)
        numbers = np.zeros(len(indices), dtype=np.int64)
        numbers[within] = self.data[tuple(indices[within].T)]
        return numbers

    def name(self, number):
        """The name of a region, which is its number if the table has none."""
        return self.names.get(number, str(number))

    def __call__(self, place):
        """The name of the region at a place in mm; None outside of all regions."""
        (number,) = self.numbers(np.asarray(place)[np.newaxis])
        return self.name(int(number)) if number else None


def regions_on(files, space):
    """The region of each element of a space.

    Parameters
    ----------
    files : list of str
        Of an atlas: an image and its table for voxels, else files in the format of the maps; empty if there is none.
    space : space.protocol.Space

    Returns
    -------
    space.labels.Labels or None
        Called with an element, it gives the name of its region.

    Raises
    ------
    InputError
        If a file cannot be read, or does not fit the space.
    """
    if not files:
        return None
    if hasattr(space, "regions"):
        return space.regions(files)
    atlas = Atlas.read(*files)
    numbers = atlas.numbers(space.places(np.arange(space.size)))
    return Labels(numbers, {int(number): atlas.name(int(number)) for number in np.unique(numbers) if number})
