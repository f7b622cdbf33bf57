"""The standard brain, from nilearn: slow to import, so apart from everything else."""

from functools import cache

import numpy as np
from nilearn import datasets
from nilearn.image import resample_img
from nilearn.image.resampling import BoundingBoxError

from secondlevel.space.images import nifti


def brain_mask(affine, shape):
    """The MNI152 brain on a grid, as an array of bool; nowhere on a grid that lies elsewhere."""
    template = datasets.load_mni152_brain_mask(resolution=2)
    try:
        image = resample_img(template, affine, shape, interpolation="nearest", force_resample=True, copy_header=True)
    except BoundingBoxError:
        return np.zeros(shape, dtype=bool)
    return np.asarray(image.dataobj) > 0


@cache
def background(step=2):
    """The standard brain, shape (x, y, z), scaled to 1: every other voxel of that of 1 mm, made at once."""
    template = datasets.load_mni152_template(resolution=1).slicer[::step, ::step, ::step]
    data = np.asarray(template.dataobj, dtype=np.float32)
    return nifti(data / data.max(), template.affine)
