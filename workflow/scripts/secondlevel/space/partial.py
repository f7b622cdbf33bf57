"""What the maps of a sample have in common where not all of them need a value."""

import numpy as np

from secondlevel.space.survey import Survey, Surveyor


class PartialSurveyor(Surveyor):
    """Goes through maps on one frame, with NaN where one has no value."""

    def add(self, data):
        """Look at one more map."""
        there = np.isfinite(data)
        if self.n_maps == 0:
            self.first, self.total = data, np.zeros(data.shape)
            self.lowest, self.highest = np.full(data.shape, np.inf), np.full(data.shape, -np.inf)
            self.relative_total, self.relative_lowest = np.zeros(data.shape), np.full(data.shape, np.inf)
            self.levels = []
            self.counts, self.zeros = np.zeros(data.shape, dtype=np.int32), np.zeros(data.shape, dtype=np.int32)
        self.total += np.where(there, data, 0)
        np.fmin(self.lowest, data, out=self.lowest, where=there)
        np.fmax(self.highest, data, out=self.highest, where=there)
        self.levels.append(level_of(data[there]))
        relative = data / self.levels[-1]
        self.relative_total += np.where(there, relative, 0)
        np.fmin(self.relative_lowest, relative, out=self.relative_lowest, where=there)
        self.counts += there
        self.zeros += data == 0
        self.n_maps += 1

    def survey(self):
        """What the maps have in common; None of no map."""
        if self.n_maps == 0:
            return None
        some = self.counts > 0
        mean, relative_mean = (
            np.where(some, total / np.where(some, self.counts, 1), np.nan)
            for total in (self.total, self.relative_total)
        )
        finite, varies = self.counts == self.n_maps, self.lowest < self.highest
        relative = relative_mean, self.relative_lowest, np.array(self.levels)
        return Survey(mean, finite, varies, self.zeros, self.n_maps, self.counts, self.lowest, *relative)


def level_of(values):
    """The level of a map, the mean of its values that are above an eighth of their mean, which the background is not.

    NaN where it is not above 0, as nothing is relative to that then.
    """
    values = values.astype(np.float64)
    values = values[values > values.mean() / 8] if values.size else values
    level = values.mean() if values.size else np.nan
    return level if level > 0 else np.nan
