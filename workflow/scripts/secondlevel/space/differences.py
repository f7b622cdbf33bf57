"""Maps that are subtracted as they are read: of each subject the difference of two, such as after and before."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.protocol import Reading
from secondlevel.space.sources import halves


class Differences:
    """Differences of two maps of a kind, see `protocol.Kind`; what is not said here is as with the maps themselves.

    Parameters
    ----------
    kind : protocol.Kind
        Of the maps that are subtracted.
    about : dict
        From `forms.wanted`; ``difference`` has words for the first and the second map, ``zeros`` what a 0 in either
        stands for.
    """

    def __init__(self, kind, about):
        self.kind, self.about = kind, about

    def __getattr__(self, name):
        return getattr(self.kind, name)

    def glance(self, source):
        """What the headers of both maps tell; an `InputError`, too, if they are unlike."""
        first, second = (self.kind.glance(half) for half in self.both(source))
        if len(self.kind.alike([first.frame, second.frame])) > 1:
            self.require_alike(source, *map(self.kind.frame_of, self.both(source)))  # to which they may be resampled
        return Reading(first.frame, oriented=first.oriented and second.oriented)

    def read(self, source):
        """The first map minus the second; an `InputError`, too, if they are unlike."""
        first, second = (self.kind.read(half) for half in self.both(source))
        self.require_alike(source, first.frame, second.frame)
        with np.errstate(invalid="ignore"):  # of two that are infinite
            values = first.values - second.values
        if self.about["zeros"] == "missing":
            values[(first.values == 0) | (second.values == 0)] = np.nan
        fill = second.fill if first.fill is None else first.fill
        return Reading(first.frame, values, fill, first.oriented and second.oriented)

    def both(self, source):
        """The sources of the two maps; an `InputError` if one is not there."""
        found = halves(source, self.about)
        for half, words in zip(found, self.about["difference"], strict=True):
            if not half:
                raise InputError(f"its map is not there ({words})")
        return found

    def require_alike(self, source, frame, other):
        """An `InputError` if the maps on two frames cannot be subtracted."""
        if len(self.kind.alike([frame, other])) > 1:
            first, second = self.both(source)
            why = self.kind.unlike(other, frame)
            raise InputError(
                f"{second} is not on the {self.kind.frame} of {first}, from which it is subtracted: it {why}"
            )

    def frame_of(self, source):
        """The frame that all maps are brought to, or that of one of them."""
        return self.kind.frame_of(source and self.both(source)[0])

    def space(self, inside, frame, sources, label):
        """The `Space` of the elements to analyse, and words of warning."""
        return self.kind.space(inside, frame, [half for source in sources for half in self.both(source)], label)
