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
            self.counts, self.zeros = np.zeros(data.shape, dtype=np.int32), np.zeros(data.shape, dtype=np.int32)
        self.total += np.where(there, data, 0)
        np.fmin(self.lowest, data, out=self.lowest, where=there)
        np.fmax(self.highest, data, out=self.highest, where=there)
        self.counts += there
        self.zeros += data == 0
        self.n_maps += 1

    def survey(self):
        """What the maps have in common; None of no map."""
        if self.n_maps == 0:
            return None
        some = self.counts > 0
        mean = np.where(some, self.total / np.where(some, self.counts, 1), np.nan)
        finite, varies = self.counts == self.n_maps, self.lowest < self.highest
        return Survey(mean, finite, varies, self.zeros, self.n_maps, self.counts, self.lowest)
