"""The standard brain as a picture: the MNI152 template of 2009 in nilearn's package, without nilearn's import."""

from functools import cache

import nibabel as nib
import numpy as np

from secondlevel.base.packages import in_package

T1 = "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"


@cache
def template(step=1):
    """The standard brain without its skull.

    Parameters
    ----------
    step : int
        Of the voxels of 1 mm every so many along each axis are taken.

    Returns
    -------
    data : ndarray of float32, shape (x, y, z)
        Up to 1, and 0 outside of the brain.
    affine : ndarray, shape (4, 4)
    """
    image = nib.load(in_package("nilearn", T1)).slicer[::step, ::step, ::step]
    data = np.asarray(image.dataobj, dtype=np.float32)
    return data / data.max(), image.affine
