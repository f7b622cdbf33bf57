"""Maps of parcels as they are read: CIFTI-2, a table for all subjects, or one for each."""

from functools import lru_cache

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.names import short
from secondlevel.space.files import file_identity, require_file
from secondlevel.space.kinds.grayordinate_maps import Cifti
from secondlevel.space.kinds.named import groups_of, unlike
from secondlevel.space.kinds.parcels import Parcels
from secondlevel.space.protocol import Reading
from secondlevel.space.reference import space_of_names
from secondlevel.space.sources import ROW_OF
from secondlevel.space.units import PARCELS
from secondlevel.space.wide import read_subject, read_wide

REMEDY = "Give every map the same parcels in the same order"


class CiftiParcelMaps(Cifti):
    """Maps of parcels in CIFTI-2, see `protocol.Kind`."""

    unit, frame, frames = PARCELS, "set of parcels", "sets of parcels"
    remedy, advice = REMEDY, "give all the same parcels"

    def space(self, inside, frame, sources, label):
        """The `Parcels` to analyse, and words of warning."""
        return Parcels(inside, tuple(map(str, frame.name)), frame, label or space_of_names(sources)), []


class ParcelMaps:
    """Maps of parcels in tables, see `protocol.Kind`; a frame has the names of the parcels.

    Parameters
    ----------
    about : dict
        From `forms.wanted`.
    """

    unit, frame, frames = PARCELS, "set of parcels", "sets of parcels"
    remedy, advice = REMEDY, "give all the same parcels"

    def __init__(self, about):
        parcels = about.get("parcels")
        self.about, self.parcels = about, tuple(parcels) if isinstance(parcels, list) else parcels

    def read(self, source):
        """All of a map: its row in a table of all, or a table of its own."""
        if not self.about["rows"]:
            require_file(source)
            names, values = read_subject(source, self.parcels)
            return Reading(tuple(names), values)
        path, subject = source.split(ROW_OF, 1)
        rows, names, values = table_of(path, self.parcels, self.about.get("id", "participant_id"))
        bare = subject.removeprefix("sub-")
        found = next((label for label in (subject, bare, f"sub-{bare}") if label in rows), None)
        if found is None:
            raise InputError(f"{path} has no row for {short(subject)}.")
        return Reading(names, values[rows[found]])

    glance = read

    def identity(self, source):
        """What tells a map from all others."""
        path, *row = source.split(ROW_OF, 1) if self.about["rows"] else [source]
        return file_identity(path), *row

    def alike(self, frames):
        """Which frames are the same."""
        return groups_of(frames)

    def unlike(self, frame, other):
        """How a frame is not that of others, in words."""
        return unlike(frame, other, "parcels")

    def describe(self, frame):
        """A frame in words."""
        return PARCELS.counted(len(frame))

    def frame_of(self, source):
        """The parcels of one of the maps."""
        return self.read(source).frame

    def proposed(self, mask, common, frame):
        """The parcels that are asked for."""
        if mask == "background":
            return np.ones(len(frame), dtype=bool), "all parcels of the maps"
        return self.given(mask, frame), mask

    def given(self, mask, frame):
        """The parcels that are not 0 in a mask; an `InputError` if it is of others."""
        names, values = read_subject(mask)
        if frame is not None and tuple(names) != tuple(frame):
            raise InputError(f"The mask {mask} {unlike(tuple(names), frame, 'parcels')} of the maps; give it theirs.")
        return np.nan_to_num(values) != 0

    def require_mask(self, mask, frame):
        """An `InputError` if a mask cannot be read, or is of other parcels than a frame, unless that is None."""
        self.given(mask, frame)

    def space(self, inside, frame, sources, label):
        """The `Parcels` to analyse, and words of warning."""
        return Parcels(inside, tuple(frame), None, label), []


@lru_cache(maxsize=4)  # that of the maps, and those of what belongs to them
def table_of(path, parcels, column):
    """A table of all subjects: the number of each one's row by ID, the parcels, and the values."""
    require_file(path)
    ids, names, values = read_wide(path, list(parcels) if isinstance(parcels, tuple) else parcels or "*", (column,))
    return {label: row for row, label in enumerate(ids)}, tuple(names), values
