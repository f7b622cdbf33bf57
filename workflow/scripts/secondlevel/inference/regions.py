"""How much of each region of an atlas is truly active, at least: a set that nobody chose by the map."""

import numpy as np

from secondlevel.base.columns import write_columns
from secondlevel.base.files import write_json
from secondlevel.inference.discoveries import at_least_of_each

NOWHERE = "outside of all regions"
COLUMNS = {
    "index": ("number of the region in the image of the atlas", None),
    "region": ("name of the region", None),
    "elements": ("number of elements of the mask in the region", "elements"),
    "discoveries": ("how many of them are truly active, at least, whatever regions are chosen", "elements"),
    "discoveries_share": ("share of them that is truly active, at least", "share"),
}


def region_table(levels, numbers, name):
    """A table with a row for each region that the mask meets.

    Parameters
    ----------
    levels : ndarray of int, shape (n_elements,)
        From `discoveries.levels`.
    numbers : ndarray of int, shape (n_elements,)
        The number of each element's region, 0 outside of all.
    name : callable
        Takes a number and returns the region's name.

    Returns
    -------
    dict of sequence, by column
        Those of `COLUMNS`, in the order of the numbers.
    """
    regions, of_region = np.unique(numbers, return_inverse=True)
    sizes, found = np.bincount(of_region), at_least_of_each(levels, of_region)
    names = [name(int(number)) if number else NOWHERE for number in regions]
    return dict(zip(COLUMNS, (regions, names, sizes, found, (found / sizes).round(6)), strict=True))


def write_regions(output, levels, regions):
    """Write the table of regions of a contrast, and what its columns are, if they are among the outputs.

    Parameters
    ----------
    output : mapping of str to path
        With ``regions`` and ``regions_columns``, or without.
    levels : ndarray of int, shape (n_elements,), or None
    regions : space.labels.Labels or None
        Of the elements.
    """
    if "regions" in output:
        write_columns(output["regions"], region_table(levels, regions.numbers, regions.names.__getitem__))
        write_json(output["regions_columns"], about_columns())


def about_columns():
    """What the columns are, as the JSON files of BIDS tables say it."""
    return {name: {"Description": what} | ({"Units": unit} if unit else {}) for name, (what, unit) in COLUMNS.items()}
