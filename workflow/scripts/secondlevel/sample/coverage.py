"""How an analysis' mask and the standard brain overlap."""

import numpy as np
from nilearn import datasets
from nilearn.image import resample_img

from secondlevel.space.brain import brain_mask
from secondlevel.space.images import nifti


def coverage(mask):
    """How a mask and the MNI152 brain overlap.

    Parameters
    ----------
    mask : space.images.Mask

    Returns
    -------
    dict
        `voxels` of the mask and their `volume_ml`; `share_of_brain`, of the whole standard brain, even where it lies
        beyond the mask's grid; `share_outside_brain`, of the mask's voxels.
    """
    template = datasets.load_mni152_brain_mask(resolution=2)
    back = np.eye(4)
    back[:3, 3] = -1  # a voxel around the grid, since half a voxel at its edges would be lost
    padded = nifti(np.pad(mask.inside, 1).astype(np.uint8), mask.affine @ back)
    how = {"interpolation": "nearest", "force_resample": True, "copy_header": True}
    covered = np.asarray(resample_img(padded, template.affine, template.shape, **how).dataobj) > 0
    return {
        "voxels": mask.size,
        "volume_ml": mask.size * float(abs(np.linalg.det(mask.affine[:3, :3]))) / 1000,
        "share_of_brain": float(covered[np.asarray(template.dataobj) > 0].mean()),
        "share_outside_brain": float(1 - brain_mask(mask.affine, mask.inside.shape)[mask.inside].mean()),
    }
