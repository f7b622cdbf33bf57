"""Maps divided by their own mean, as of blood flow and uptake, whose level over the whole brain differs by subject."""

import numpy as np

from secondlevel.base.errors import InputError


class ByMean:
    """The maps of some subjects, each divided by its mean over the elements that are analysed and have a value.

    Parameters
    ----------
    rows : iterable of ndarray, shape (n_elements,)
        With `about`, as of `smoothed_maps.SmoothedMaps`.
    subjects : sequence of str
    unit : units.Unit

    Attributes
    ----------
    means : dict of float
        Of each map read so far, by subject.
    """

    def __init__(self, rows, subjects, unit):
        self.rows, self.subjects, self.unit, self.means = rows, subjects, unit, {}

    def __iter__(self):
        """Arrays of float32, shape (n_elements,); an `InputError` of a map whose mean is not above 0."""
        for subject, row in zip(self.subjects, self.rows, strict=True):
            mean = float(np.nanmean(row, dtype=np.float64)) if np.isfinite(row).any() else 0.0
            # Of a map around 0 the mean is chance, and dividing by it turns signs, or makes values of any size.
            if not mean > 0:
                raise InputError(
                    f"config key 'scale_maps': the mean of the map of {subject} over the analysed {self.unit.many} is "
                    f"{mean:g}; global_mean is for values above 0, such as blood flow or uptake: write null."
                )
            self.means[subject] = mean
            yield (row / mean).astype(np.float32)

    def about(self, subjects):
        """What was done, as JSON, once all maps are read."""
        return self.rows.about(subjects) | {"GlobalMeans": self.means}
