"""The standard brain as voxels, and what of it another grid has."""

from functools import cache

import nibabel as nib
import numpy as np

from secondlevel.base.packages import in_package
from secondlevel.space.template import T1

STEP = 2  # mm
LEAST = 51  # of 255: nilearn's threshold, a fifth of the brightest voxel


@cache
def standard_brain():
    """The voxels of 2 mm of the MNI152 brain, as nilearn's `load_mni152_brain_mask(resolution=2)` has them.

    Returns
    -------
    inside : ndarray of bool, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    """
    image = nib.load(in_package("nilearn", T1)).slicer[::STEP, ::STEP, ::STEP]
    return np.asarray(image.dataobj) > LEAST, image.affine


def on_grid(inside, affine, target, shape):
    """The voxels of a grid whose nearest voxel of another is one of some, as nilearn's `resample_img` finds them.

    Parameters
    ----------
    inside : ndarray of bool, shape (x, y, z)
    affine, target : ndarray, shape (4, 4)
        Of the grid that they are on, and of that which is asked for.
    shape : tuple of int
        Of the latter.

    Returns
    -------
    ndarray of bool, of this shape
    """
    # Here, since few jobs of those that know a brain need them, and their import takes long.
    from scipy.linalg import inv
    from scipy.ndimage import affine_transform

    # scipy's inverse, since numpy's rounds otherwise, and a voxel can lie halfway between two.
    there = np.eye(4) if np.array_equal(affine, target) else inv(affine) @ target
    matrix = there[:3, :3]
    straight = np.array_equal(np.diag(np.diag(matrix)), matrix)
    how = {"offset": there[:3, 3], "output_shape": tuple(shape), "order": 0}
    return affine_transform(inside.astype(np.uint8), np.diag(matrix) if straight else matrix, **how) > 0


def brain_mask(affine, shape):
    """The MNI152 brain on a grid, as an array of bool; nowhere on a grid that lies elsewhere."""
    return on_grid(*standard_brain(), affine, shape)
