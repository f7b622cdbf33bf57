"""Smoothed maps that keep their holes, and the variances of their values."""

import numpy as np

from secondlevel.space.holes import require_variances
from secondlevel.space.smoothed_maps import SmoothedMaps


class HoledMaps(SmoothedMaps):
    """The maps of some subjects at the elements of an analysis, NaN where they have no value.

    Each is smoothed inside its own values. An average of the values that are there has no part of a hole: the smoothed
    map is divided by the share of the kernel that lies on values.

    Parameters
    ----------
    sources, space, fwhm, each
        As for `smoothed_maps.SmoothedMaps`.
    files : list of dict of str
        For each map what belongs to it, by column.
    holes : holes.Holes
    """

    def __init__(self, sources, files, holes, space, fwhm, each=map):
        super().__init__(list(zip(sources, files, strict=True)), holes.kind, space, fwhm, each)
        self.holes = holes

    def smoothed(self, source):
        """As that of all maps, from a source and the files that belong to it."""
        reading = self.holes.read(*source)
        data, inside = reading.values, self.space.inside
        there = np.isfinite(data)
        zeros, row = np.count_nonzero((data == 0) & inside), data[inside]
        if self.fwhm:
            weight = self.space.smooth(there.astype(np.float32), self.fwhm)
            shares = np.where(there[inside], weight, 1)
            row = np.where(there[inside], self.space.smooth(data, self.fwhm) / shares, np.float32(np.nan))
        return row, there & (data != 0), zeros, reading.fill


def variance_rows(sample, holes, maps, space, means):
    """The variances of each subject's values, NaN where there is none.

    Parameters
    ----------
    sample : dict of ndarray of str, shape (n_subjects,), by column
    holes : holes.Holes
    maps : ndarray or memmap, shape (n_subjects, n_elements)
        With their holes.
    space : protocol.Space
    means : dict of float
        By subject, what values were divided by, if they were.

    Yields
    ------
    ndarray, shape (n_elements,)

    Raises
    ------
    InputError
        As `holes.require_variances`.
    """
    frame = holes.kind.frame_of(sample["map"][0])  # all maps are on it
    for subject, files, values in zip(sample["participant_id"], holes.files(sample), maps, strict=True):
        variances = holes.variances(files, frame)[space.inside]
        require_variances(variances, values, subject, space.unit)
        yield np.where(np.isfinite(values), variances / means.get(subject, 1) ** 2, np.nan)
