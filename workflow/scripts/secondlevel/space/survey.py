"""What the maps of a sample have in common, element by element."""

from dataclasses import dataclass

import numpy as np

from secondlevel.base.files import replacing


@dataclass(frozen=True)
class Survey:
    """What the maps of a sample have in common, element by element; arrays of the shape of a map.

    Attributes
    ----------
    mean : ndarray of float64
        NaN where a map is NaN, or some are infinite to both sides.
    finite : ndarray of bool
        Whether every map has a finite value.
    varies : ndarray of bool
        Whether the maps differ.
    zeros : ndarray of int
        How many maps are exactly 0.
    n_maps : int
    counts : ndarray of int, optional
        How many maps have a value, where not all need one; `mean` and `varies` are then those of the maps that have.
    lowest : ndarray of float, optional
        The least of these values.
    relative_mean, relative_lowest : ndarray of float, optional
        The same of maps that are divided by their own level.
    levels : ndarray of float, shape (n_maps,), optional
        These, see `partial.level_of`.
    """

    mean: np.ndarray
    finite: np.ndarray
    varies: np.ndarray
    zeros: np.ndarray
    n_maps: int
    counts: np.ndarray | None = None
    lowest: np.ndarray | None = None
    relative_mean: np.ndarray | None = None
    relative_lowest: np.ndarray | None = None
    levels: np.ndarray | None = None

    def write(self, path):
        """Write it, to be read by `read_survey`."""
        with replacing(path) as part, open(part, "wb") as file:
            np.savez(file, **{name: value for name, value in vars(self).items() if value is not None})


def read_survey(path):
    """Read what `Survey.write` wrote."""
    with np.load(path) as content:
        return Survey(**{name: content[name] if content[name].ndim else content[name].item() for name in content})


class Surveyor:
    """Goes through maps on one frame, and keeps what a `Survey` needs of them."""

    def __init__(self):
        self.n_maps = 0

    def fits(self, data):
        """Whether a map has the shape of those before."""
        return self.n_maps == 0 or data.shape == self.first.shape

    def add(self, data):
        """Look at one more map."""
        if self.n_maps == 0:
            self.first, self.total = data, np.zeros(data.shape)
            self.finite, self.varies = np.ones(data.shape, dtype=bool), np.zeros(data.shape, dtype=bool)
            self.zeros = np.zeros(data.shape, dtype=np.int32)
        with np.errstate(invalid="ignore"):  # of infinite values of both signs
            self.total += data
        self.finite &= np.isfinite(data)
        self.varies |= data != self.first
        self.zeros += data == 0
        self.n_maps += 1

    def survey(self):
        """What the maps have in common; None of no map."""
        if self.n_maps == 0:
            return None
        return Survey(self.total / self.n_maps, self.finite, self.varies, self.zeros, self.n_maps)


def survey(maps):
    """Go once through an iterable of maps on one frame, one in memory at a time; gives a `Survey`, or None of none."""
    surveyor = Surveyor()
    for data in maps:
        surveyor.add(data)
    return surveyor.survey()
