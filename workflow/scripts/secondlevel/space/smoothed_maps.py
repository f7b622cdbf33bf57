"""The maps of an analysis, smoothed one at a time."""

import numpy as np


class SmoothedMaps:
    """The maps of some subjects at the elements of an analysis, smoothed as they are asked for.

    Parameters
    ----------
    sources : sequence of str
    kind : protocol.Kind
    space : protocol.Space
    fwhm : float
        In mm; 0 does not smooth.
    each : callable, optional
        What goes through the maps, as `map` does; `threads.in_threads` gives others.

    Attributes
    ----------
    fills : list of float or None
        Of each map read so far, the value of its background that is neither 0 nor NaN.
    zeros : list of int
        Of each map read so far, the elements that are exactly 0.
    """

    means = {}  # what each map was divided by, see `global_mean.ByMean`

    def __init__(self, sources, kind, space, fwhm, each=map):
        self.sources, self.kind, self.space, self.fwhm, self.each = sources, kind, space, fwhm, each
        self.fills, self.zeros, self.valued = [], [], np.zeros(space.inside.shape, dtype=bool)

    def __iter__(self):
        """Arrays of float32, shape (n_elements,)."""
        for row, valued, zeros, fill in self.each(self.smoothed, self.sources):
            self.fills.append(fill)
            self.zeros.append(zeros)
            self.valued |= valued
            yield row

    def smoothed(self, source):
        """A map at the elements, where in its frame it has a value, the elements that are 0, and its background."""
        reading = self.kind.read(source)
        data = reading.values
        zeros = np.count_nonzero((data == 0) & self.space.inside)
        return self.space.smooth(data, self.fwhm), np.isfinite(data) & (data != 0), zeros, reading.fill

    def share_on(self, elements):
        """The mean share of the kernel's weight, at the elements, that lies on some elements of the frame."""
        return round(float(self.space.smooth(elements.astype(np.float32), self.fwhm).mean()), 6)

    def about(self, subjects):
        """What was smoothed, as JSON, once all maps are read; `subjects` are their IDs."""
        return {
            "FWHM": self.fwhm,
            "KernelInsideMask": self.share_on(self.space.inside),
            "KernelOnValues": self.share_on(self.valued),
            "ZerosInMask": dict(zip(subjects, self.zeros, strict=True)),
            "BackgroundValue": {s: fill for s, fill in zip(subjects, self.fills, strict=True) if fill is not None},
        }
