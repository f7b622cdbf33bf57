"""Regions by number: atlases of a mesh or of grayordinates, and clusters that are written as such."""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.names import short

# How atlases call what is no region; without regard to capitals, dashes and blanks.
NOWHERE = {"", "???", "unknown", "background", "none", "medialwall"}
NOWHERE |= {"backgroundfreesurferdefinedmedialwall", "freesurferdefinedmedialwall"}
SPREAD = 0x9E3779  # odd, so that products with it are all different; about .618 of all colours


@dataclass(frozen=True)
class Labels:
    """The region of each element.

    Attributes
    ----------
    numbers : ndarray of int64, shape (n_elements,)
        0 is none.
    names : dict of str by int
        Of every number but 0.
    """

    numbers: np.ndarray
    names: dict

    def __call__(self, element):
        """The name of the region of an element; None if it is in none."""
        return self.names.get(int(self.numbers[element]))

    def at(self, elements):
        """The regions of some elements, or of other ones that lie at these; -1 is nowhere."""
        elements = np.asarray(elements)
        return Labels(np.where(elements >= 0, self.numbers[elements], 0), self.names)


def labels_of(path, numbers, table):
    """Regions from their numbers and the table that names these.

    Parameters
    ----------
    path : str
        Of the atlas, for messages.
    numbers : ndarray of int, shape (n_elements,)
        0 may lack a name.
    table : dict of str by int
        Names such as ``???`` and ``unknown`` stand for none.

    Returns
    -------
    Labels

    Raises
    ------
    InputError
        If there is a number that the table does not name.
    """
    found = np.unique(numbers)
    unnamed = [int(number) for number in found if number and int(number) not in table]
    if unnamed:
        raise InputError(
            f"The atlas {path} holds the number {unnamed[0]}, which its own table of labels does not name"
            + (f", and {len(unnamed) - 1} more" if len(unnamed) > 1 else "")
            + "; take the table of this atlas."
        )
    names = {number: name.strip() for number, name in table.items() if not is_nowhere(name)}
    if 0 in names:  # a region like any other, which needs another number
        free = max(names) + 1
        numbers, names[free] = np.where(numbers == 0, free, numbers), names.pop(0)
    return Labels(np.where(np.isin(numbers, list(names)), numbers, 0).astype(np.int64), names)


def is_nowhere(name):
    """Whether a name in an atlas stands for no region."""
    return "".join(sign for sign in name.lower() if sign.isalnum() or sign == "?") in NOWHERE


def colours(numbers):
    """A colour for each number from 1 to 2**24 - 1, uint8 of shape (n, 3): no two are the same, and none is black."""
    codes = np.asarray(numbers, dtype=np.int64) * SPREAD % 2**24
    return np.column_stack([codes >> shift & 255 for shift in (0, 8, 16)]).astype(np.uint8)


def named(numbers, names=None, noun="cluster"):
    """The names of all numbers above 0, those of the dict `names` or such as "cluster 3"."""
    found = [int(number) for number in np.unique(numbers) if number > 0]
    return {number: short((names or {}).get(number, f"{noun} {number}")) for number in found}
