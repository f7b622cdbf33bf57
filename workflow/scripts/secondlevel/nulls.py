"""The null distribution of the max statistic, in pieces and whole."""

from dataclasses import dataclass

import numpy as np

from secondlevel.files import replacing


@dataclass(frozen=True)
class Null:
    """Maxima of consecutive shuffles, for each contrast of an analysis.

    Attributes
    ----------
    first : int
        Number of the first shuffle; shuffle 0 is the observed order.
    maxima : ndarray of float64, shape (n_contrasts, n_shuffles)
        Largest statistic of each shuffle.
    exceedances : ndarray of int64, shape (n_contrasts, n_voxels)
        For each voxel the number of these shuffles, shuffle 0 apart, that reach its observed statistic.
    """

    first: int
    maxima: np.ndarray
    exceedances: np.ndarray

    def save(self, path):
        """Write to an ``.npz`` file."""
        with replacing(path) as part:
            np.savez(part, first=self.first, maxima=self.maxima, exceedances=self.exceedances)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        with np.load(path) as content:
            return cls(int(content["first"]), content["maxima"], content["exceedances"])

    @classmethod
    def concatenate(cls, pieces):
        """Join pieces, in any order, into the null of all shuffles from 0 on; a gap is a ValueError."""
        pieces = sorted((piece for piece in pieces if piece.maxima.size), key=lambda piece: piece.first)
        ends = np.cumsum([0] + [piece.maxima.shape[1] for piece in pieces])
        if [piece.first for piece in pieces] != ends[:-1].tolist():
            raise ValueError(f"chunks start at shuffles {[piece.first for piece in pieces]}, not at {ends[:-1]}")
        maxima = np.concatenate([piece.maxima for piece in pieces], axis=1)
        return cls(0, maxima, sum(piece.exceedances for piece in pieces))
