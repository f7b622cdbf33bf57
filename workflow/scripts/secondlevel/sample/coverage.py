"""How an analysis' mask and the standard brain overlap."""

import numpy as np

from secondlevel.space.brain import brain_mask, on_grid, standard_brain


def coverage(mask):
    """How a mask and the MNI152 brain overlap.

    Parameters
    ----------
    mask : space.protocol.Space

    Returns
    -------
    dict
        Of volumes, `voxels` of the mask and their `volume_ml`; `share_of_brain`, of the whole standard brain, even
        where it lies beyond the mask's grid; `share_outside_brain`, of the mask's voxels. Of other maps, what
        `size_columns` says of all, and `share`, of their frame.
    """
    if not mask.brain:
        size = dict(zip(mask.size_columns, mask.sizes(np.arange(mask.size)), strict=True))
        return size | {"share": mask.size / mask.inside.size}
    brain, affine = standard_brain()
    back = np.eye(4)
    back[:3, 3] = -1  # a voxel around the grid, since half a voxel at its edges would be lost
    covered = on_grid(np.pad(mask.inside, 1), mask.affine @ back, affine, brain.shape)
    return {
        "voxels": mask.size,
        "volume_ml": mask.size * float(abs(np.linalg.det(mask.affine[:3, :3]))) / 1000,
        "share_of_brain": float(covered[brain].mean()),
        "share_outside_brain": float(1 - brain_mask(mask.affine, mask.inside.shape)[mask.inside].mean()),
    }
