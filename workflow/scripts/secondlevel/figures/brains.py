"""Maps drawn on the standard brain, by nilearn."""

import matplotlib.pyplot as plt
import numpy as np
from nilearn import plotting

from secondlevel.figures.slices import slices
from secondlevel.figures.style import drawable
from secondlevel.inference.thresholds import above
from secondlevel.space.images import nifti


def passing(volume, threshold, two_sided):
    """A map's values above a threshold, 0 elsewhere, and everywhere if the threshold is None."""
    return np.where(above(volume, threshold, two_sided), volume, np.zeros_like(volume))


def drawn_from(shown, threshold):
    """The threshold for a drawing of values that all passed one: below the least, in 32 bits too."""
    least = np.abs(shown[shown != 0]).min(initial=np.inf)
    return threshold if threshold is None else min(threshold, float(least) * (1 - 1e-6))


@drawable
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
    shown = passing(volume, threshold, two_sided)
    figure = plt.figure(figsize=(8.4, 3.4))
    figure.suptitle(title if shown.any() else f"{title}\n{empty}", fontsize=11)
    display = slices(figure, cut_coords)
    if shown.any():
        extreme = float(np.abs(shown).max())
        scale = {
            "threshold": drawn_from(shown, threshold),
            "vmin": -extreme if two_sided else 0,
            "vmax": extreme,
            "cmap": cmap,
        }
        display.add_overlay(nifti(shown, affine), colorbar=True, **scale)
    display.draw_cross(linewidth=0.6, color="0.4")
    return figure


@drawable
def draw_highlight(volume, affine, cut_coords, opaque_from, passing, title):
    """Draw a whole map on slices, the fainter the smaller its values, with a line around the voxels that pass.

    Readers see what nearly passed, too (Taylor et al. 2023, NeuroImage 274).

    Parameters
    ----------
    volume : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    cut_coords : list of float
        The point of the slices in mm.
    opaque_from : float
        The size of the values that are not see-through.
    passing : ndarray of bool, shape (x, y, z)
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = plt.figure(figsize=(8.4, 3.4))
    figure.suptitle(title, fontsize=11)
    opacity, extreme = np.clip(np.abs(volume) / opaque_from, 0, 1), float(np.abs(volume).max())
    scale = {"vmin": -extreme, "vmax": extreme, "cmap": "RdBu_r", "threshold": 1e-6}
    display = slices(figure, cut_coords)
    display.add_overlay(nifti(volume, affine), transparency=nifti(opacity, affine), colorbar=True, **scale)
    if passing.any():
        display.add_contours(nifti(passing.astype(np.float32), affine), levels=[0.5], colors="black", linewidths=0.8)
    return figure


@drawable
def draw_glass(volume, affine, threshold, title, empty, cmap, two_sided):
    """Draw a map's supra-threshold voxels through a glass brain; parameters as for `draw_map`."""
    shown = passing(volume, threshold, two_sided)
    figure = plt.figure(figsize=(10, 3.2))
    figure.suptitle(title if shown.any() else f"{title}\n{empty}", fontsize=11)
    where = {"figure": figure, "axes": (0.02, 0.02, 0.96, 0.8), "display_mode": "lyrz"}
    extreme = float(np.abs(shown).max()) or 1.0
    scale = {"vmin": -extreme if two_sided else 0, "vmax": extreme, "cmap": cmap}
    scale["threshold"] = drawn_from(shown, threshold)
    image = nifti(shown, affine) if shown.any() else None
    plotting.plot_glass_brain(image, plot_abs=False, colorbar=image is not None, **scale, **where)
    return figure
