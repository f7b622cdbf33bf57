"""Pseudo-t: t with a variance that is smoothed over the brain, for samples too small to estimate it voxel by voxel.

Nichols and Holmes 2002 (Hum. Brain Mapp. 15), as in SnPM and in randomise's option -v. Under each shuffle the
residual variance of every voxel is averaged with its neighbours inside the mask by a Gaussian, and the effect is
divided by the root of that. It has no known distribution, so that only permutation gives p values.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from secondlevel.permutation import BLOCK, over_tiles, rows_of
from secondlevel.statistic import NOTHING, Ordinary, tested, unit_residuals

TIE = 1e-5  # relative: pseudo-t of float32 products that differ by less are ties


@dataclass(frozen=True)
class Smoother:
    """A Gaussian average over neighbours inside a mask.

    Attributes
    ----------
    inside : ndarray of bool, shape (x, y, z)
    sigmas : ndarray, shape (3,)
        In voxels.
    """

    inside: np.ndarray
    sigmas: np.ndarray

    @classmethod
    def of_fwhm(cls, inside, affine, fwhm):
        """From a full width at half maximum in mm."""
        sizes = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
        return cls(inside, fwhm / (np.sqrt(8 * np.log(2)) * sizes))

    def sums(self, values):
        """Weighted sums of values of shape (n_voxels,) over the neighbours inside."""
        volume = np.zeros(self.inside.shape)
        volume[self.inside] = values
        return gaussian_filter(volume, self.sigmas, mode="constant")[self.inside]

    def __call__(self, values):
        return self.sums(values) / self.sums(1)


def scores(maps, test, rows, threads):
    """Effects and residual variances of a block of shuffles, each of shape (n_shuffles, n_voxels), and up to a scale.

    Both are in the voxel's own scale: t is their ratio, effect / sqrt(variance).
    """

    def one_tile(tile, start):
        units = unit_residuals(tile, test.split, rows.dtype)
        length = np.linalg.norm(test.split.without_nuisance(tile.astype(np.float64)), axis=0)
        explained = rows[0] @ units
        lost = sum(np.square(row @ units) for row in rows[1:])
        return explained * length, (1 - lost - np.square(explained)) * length**2 / test.split.df

    effects, variances = zip(*over_tiles(one_tile, maps, threads), strict=True)
    return np.concatenate(effects, axis=1), np.concatenate(variances, axis=1)


def pseudo_t(effect, variance, smoother):
    """Pseudo-t of each voxel under one shuffle; 0 where there is nothing to divide by."""
    smoothed = smoother(variance)
    some = smoothed > NOTHING**2 * smoothed.max()
    root = np.sqrt(smoothed, where=some, out=np.ones_like(smoothed))
    return np.divide(effect, root, where=some, out=np.zeros_like(effect))


def observed_pseudo_t(maps, test: Ordinary, smoother):
    """Pseudo-t of every voxel in the observed order, shape (n_voxels,)."""
    effect, variance = scores(maps, test, test.vectors[:, None], 1)
    return pseudo_t(effect[0], variance[0], smoother)


def max_pseudo_t(
    maps, test: Ordinary, smoother, shuffles, blocks, exceedances=False, threads=1, progress=None, search=None
):
    """As `permutation.max_statistics`, for the pseudo-t of one contrast of one row.

    Returns
    -------
    maxima : dict of ndarray of float64, shape (n_shuffles,), by method
    reached : ndarray of int64, shape (n_voxels,), or None
    """
    import joblib  # slow to import, and rarely needed

    stop = min(blocks.stop * BLOCK, shuffles.count + 1)
    found, reached = [], np.zeros(maps.shape[1], dtype=np.int64) if exceedances else None
    level = tested(observed_pseudo_t(maps, test, smoother), test.two_sided) * (1 - TIE) if exceedances else None
    for number in blocks:
        effect, variance = scores(maps, test, rows_of([test], shuffles, number)[0], threads)
        new = range(min(BLOCK, stop - number * BLOCK))
        whole = joblib.Parallel(n_jobs=threads, prefer="threads")(
            joblib.delayed(pseudo_t)(effect[k], variance[k], smoother) for k in new
        )
        evidence = [tested(t, test.two_sided) for t in whole]
        found.append({"maxT": [t.max() for t in evidence]} | (search.maxima(whole, threads) if search else {}))
        if exceedances:
            reached += sum((t >= level).astype(np.int64) for t in evidence[number == 0 :])
        if progress:
            progress((number - blocks.start) * BLOCK + len(new))
    methods = ("maxT", *(search.methods if search else ()))
    return {method: np.concatenate([part[method] for part in found] or [[]]) for method in methods}, reached
