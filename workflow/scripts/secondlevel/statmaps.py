"""Brain figures and the standard brain, from nilearn: slow to import, so apart from everything else."""

import matplotlib.pyplot as plt
import numpy as np
from nilearn import datasets, plotting
from nilearn.image import resample_img

from secondlevel.images import nifti


def brain_mask(affine, shape):
    """The MNI152 brain on a grid, as an array of bool."""
    template = datasets.load_mni152_brain_mask(resolution=2)
    image = resample_img(template, affine, shape, interpolation="nearest", force_resample=True, copy_header=True)
    return np.asarray(image.dataobj) > 0


def draw_map(volume, affine, cut_coords, threshold, title, empty, cmap, two_sided):
    """Draw a map's supra-threshold voxels on slices of the standard brain.

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
        Values; those up to the threshold are not drawn, nor negative ones unless `two_sided`.
    affine : ndarray, shape (4, 4)
    cut_coords : list of float
        The point of the slices in mm.
    threshold : float or None
        None if no voxel passed.
    title : str
    empty : str
        What the figure says where nothing is above the threshold.
    cmap : str
    two_sided : bool

    Returns
    -------
    matplotlib.figure.Figure
    """
    evidence = np.abs(volume) if two_sided else volume
    shown = np.where(evidence > threshold, volume, 0) if threshold is not None else np.zeros_like(volume)
    figure = plt.figure(figsize=(8.4, 3.4))
    figure.suptitle(title if shown.any() else f"{title}\n{empty}", fontsize=11)
    where = {"cut_coords": cut_coords, "draw_cross": False, "figure": figure, "axes": (0.02, 0.02, 0.96, 0.8)}
    if shown.any():
        extreme = float(np.abs(shown).max())
        scale = {"threshold": threshold, "vmin": -extreme if two_sided else 0, "vmax": extreme, "cmap": cmap}
        display = plotting.plot_stat_map(nifti(shown, affine), **scale, **where)
    else:
        display = plotting.plot_anat(colorbar=False, **where)
    display.draw_cross(linewidth=0.6, color="0.4")
    return figure
