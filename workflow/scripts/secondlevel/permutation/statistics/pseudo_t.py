"""Pseudo-t: t with a variance that is smoothed over the brain, for samples too small to estimate it voxel by voxel.

Nichols and Holmes 2002 (Hum. Brain Mapp. 15), as in SnPM and in randomise's option -v. Under each shuffle the
residual variance of every voxel is averaged with its neighbours inside the mask by a Gaussian, and the effect is
divided by the root of that. It has no known distribution, so that only permutation gives p values.
"""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.model.glm import Partition
from secondlevel.permutation.statistics.nuisance import FreedmanLane
from secondlevel.permutation.statistics.ordinary import precise_enough
from secondlevel.permutation.statistics.residuals import NOTHING, unit_residuals


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
        from scipy.ndimage import gaussian_filter  # here, since few analyses need it and its import takes long

        volume = np.zeros(self.inside.shape)
        volume[self.inside] = values
        return gaussian_filter(volume, self.sigmas, mode="constant")[self.inside]

    def __call__(self, values):
        """The average of values of shape (n_voxels,) over the neighbours inside."""
        return self.sums(values) / self.sums(1)


@dataclass(frozen=True)
class PseudoT:
    """t of a contrast of one row, with a smoothed variance.

    The fields of a voxel are the effect and the residual variance in the voxel's own scale: of unit residuals, r and
    (1 - R^2) / df, times the length of its residual.

    Attributes
    ----------
    split : model.glm.Partition
        Of a contrast of one row.
    two_sided : bool
    nuisance : nuisance.FreedmanLane
    smoother : Smoother
    """

    split: Partition
    two_sided: bool
    nuisance: FreedmanLane
    smoother: Smoother

    name = "pseudo-t"
    fields = 2
    # Pseudo-t of float32 products that differ by less are ties.
    TIE = 1e-5  # relative

    @classmethod
    def of_config(cls, value, split, two_sided, ground):
        """The statistic of a contrast, see `protocol.Statistic`; `value` is the width of the Gaussian in mm."""
        if split.rank > 1:
            raise InputError(
                "pseudo-t has no F: test the rows of the contrast one by one, or choose another statistic."
            )
        if ground.mask.inside.ndim != 3:
            raise InputError(
                f"pseudo-t smooths variances over the voxels of volumes, and these are {ground.mask.unit.many}: set "
                "the config key 'permutation.statistic' to another statistic, such as t."
            )
        smoother = Smoother.of_fwhm(ground.mask.inside, ground.mask.affine, value)
        return cls(split, two_sided, FreedmanLane.of(split, ground.blocks, ground.scheme), smoother)

    @property
    def dtype(self):
        """Of the products."""
        return precise_enough(self.split)

    @property
    def vectors(self):
        """The effect and a basis of the nuisance that shuffles move, shape (n_vectors, n_subjects)."""
        return self.nuisance.vectors

    def rows(self, order, signs):
        """The shuffled vectors, shape (n_vectors, n_shuffles, n_subjects)."""
        return self.nuisance.rows(order, signs, self.dtype)

    def elements(self, maps, dtype):
        """Unit residuals of maps of shape (n_subjects, n_voxels), and the lengths of the residuals."""
        length = np.linalg.norm(self.split.without_nuisance(maps.astype(np.float64)), axis=0)
        return unit_residuals(maps, self.split, dtype), length

    def scores(self, rows, elements):
        """Effect and residual variance, shape (2, n_shuffles, n_voxels), up to a scale that they share."""
        units, length = elements
        explained = rows[0] @ units
        lost = sum(np.square(row @ units) for row in rows[1:])
        return explained * length, (1 - lost - np.square(explained)) * length**2 / self.split.df

    def statistic(self, scores):
        """Pseudo-t of a whole map from its fields, shape (2, n_voxels); 0 where a map and all around it is 0."""
        effect, variance = scores
        # A voxel that the model explains whole, to rounding, keeps as good as none of its variance, but some.
        least = NOTHING * (variance + np.square(effect) / self.split.df)
        root = np.sqrt(self.smoother(np.maximum(variance, least)))
        return np.divide(effect, root, where=root > 0, out=np.zeros_like(effect))

    def tie(self, scores):
        """How much statistics that are a tie may differ."""
        return self.TIE * np.abs(scores)

    statistic_tie = tie
