"""What tests of whole maps share: a mask with a smooth map in it, and clusters by scipy."""

import numpy as np
from scipy import ndimage

from secondlevel.space.neighbourhood import REACH, Neighbourhood

SHAPE = (9, 8, 7)
CONNECTIVITIES = [6, 18, 26]


def example(seed=0, smooth=1.0):
    """A mask with holes, and a smooth map of t-like values in it."""
    rng = np.random.default_rng(seed)
    inside = rng.random(SHAPE) < 0.9
    values = ndimage.gaussian_filter(rng.normal(size=SHAPE), smooth)[inside]
    return inside, 2 * values / values.std()


def volume_of(values, inside):
    volume = np.zeros(inside.shape)
    volume[inside] = values
    return volume


def naive_clusters(values, inside, threshold, connectivity, two_sided):
    """Extent and mass of each voxel's cluster, from scipy's labels."""
    structure = ndimage.generate_binary_structure(3, REACH[connectivity])
    extent, mass = np.zeros(inside.shape), np.zeros(inside.shape)
    for sign in (1, -1) if two_sided else (1,):
        volume = sign * volume_of(values, inside)
        labels, n = ndimage.label(volume > threshold, structure)
        for label in range(1, n + 1):
            extent[labels == label] = sign * (labels == label).sum()
            mass[labels == label] = sign * (volume[labels == label] - threshold).sum()
    return extent[inside], mass[inside]


def walled(wall):
    """Two cubes of 27 voxels of height 2 that a wall parts, of voxels outside the mask or without a number."""
    inside = np.ones((7, 3, 3), dtype=bool)
    values = np.full(inside.shape, 2.0)
    if wall == "outside":
        inside[3] = False
    else:
        values[3] = np.nan
    return Neighbourhood(inside, 26), values[inside]
