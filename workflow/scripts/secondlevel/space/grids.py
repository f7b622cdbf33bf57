"""The grids of images: shape and affine."""

import nibabel as nib
import numpy as np

from secondlevel.space.images import read_image


def header_grid(path):
    """The grid of an image from its header alone, as `sample.quality.MapQuality` has it; None if it cannot be read."""
    try:
        image = nib.load(path)
        return image.shape[:3], tuple(np.round(image.affine.ravel(), 3).tolist())
    except (nib.filebasedimages.ImageFileError, nib.spatialimages.HeaderDataError, OSError, EOFError, ValueError):
        return None


def read_grid(path):
    """Shape and affine of an image's first three dimensions."""
    data, affine = read_image(path)
    return data.shape, affine


def describe(grid):
    """A grid in words."""
    shape, affine = grid
    affine = np.reshape(affine, (4, 4))
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    origin = ", ".join(f"{value:g}" for value in affine[:3, 3])
    return f"{' x '.join(map(str, shape))} voxels of {' x '.join(f'{s:g}' for s in sizes)} mm from ({origin})"
