"""Where a subject's map has no value, and the variance of the values that it has."""

import os
from dataclasses import dataclass, field, replace

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.guarding import unguarded
from secondlevel.space.map_registry import kind_of_maps
from secondlevel.space.protocol import Kind
from secondlevel.space.sources import paths_of


@dataclass(frozen=True)
class Holes:
    """What counts as having no value, beside what is not finite.

    Attributes
    ----------
    kind : protocol.Kind
        Of the maps.
    zeros : bool
        Whether an exact 0 does.
    wrong_variances : bool
        Whether a value does whose variance is not finite, or not above 0.
    kinds : dict of protocol.Kind
        How the files are read that belong to a map, by their column of the sample table.
    resampled : bool
        Whether all are brought to one grid, so that their own need not fit.
    """

    kind: Kind
    zeros: bool = False
    wrong_variances: bool = False
    kinds: dict = field(default_factory=dict)
    resampled: bool = False

    @classmethod
    def of_config(cls, params, reference=None):
        """From a job's ``kind`` and ``holes``, and the image onto whose grid maps are resampled."""
        settings = unguarded(params.holes)
        kinds = {column: kind_of_maps(wanted, reference) for column, wanted in settings["kinds"].items()}
        kind = kind_of_maps(unguarded(params.kind), reference)
        return cls(kind, settings["zeros"], settings["wrong_variances"], kinds, reference is not None)

    def files(self, sample):
        """What belongs to the map of each row of a table of columns: a dict of sources by column, for each row."""
        return [{name: sample[name][row] for name in self.kinds} for row in range(len(sample["participant_id"]))]

    def read(self, source, files):
        """Read a map as its kind does, with its holes: NaN wherever it has no value; raises as `dig`."""
        reading = self.kind.read(source)
        return replace(reading, values=self.dig(reading, files))

    def dig(self, reading, files):
        """A map with NaN wherever it has no value.

        Parameters
        ----------
        reading : protocol.Reading
        files : dict of str
            What belongs to the map, by column.

        Returns
        -------
        ndarray of float32, of the shape of the map

        Raises
        ------
        InputError
            If a file is not there, cannot be read, or does not fit the map.
        """
        data, frame = reading.values, reading.frame
        usable = data != 0 if self.zeros else np.ones(data.shape, dtype=bool)
        if "map_mask" in files:
            usable &= self.beside("map_mask", files, frame) > 0.5
        if "map_lesion" in files:
            usable &= ~(self.beside("map_lesion", files, frame) > 0.5)
        if self.wrong_variances:
            variances = self.variances(files, frame)
            usable &= np.isfinite(variances) & (variances > 0)
        return np.where(usable, data, np.float32(np.nan))

    def glance(self, reading, files):
        """See by their headers that files can be read and fit a map that was glanced at; raises as `dig`."""
        for column in files:
            found = self.kinds[column].glance(self.source(column, files))
            if not self.resampled:
                self.require_fit(files[column], found.frame, reading.frame)

    def beside(self, column, files, frame):
        """The values of a file that belongs to a map on some frame; what is not a number is 0."""
        reading = self.kinds[column].read(self.source(column, files))
        self.require_fit(files[column], reading.frame, frame)
        return np.nan_to_num(reading.values, nan=0, posinf=np.inf, neginf=-np.inf)

    def source(self, column, files):
        """What stands for a file that belongs to a map, which is there."""
        named = files[column] if isinstance(files[column], str) else ""
        if not named or not all(map(os.path.exists, paths_of(named, self.kinds[column].about))):
            raise InputError(f"its {column.replace('_', ' ')}{named and ' ' + named} is not there")
        return named

    def require_fit(self, source, frame, of_map):
        """An `InputError` if a file is not on the frame of the map that it belongs to."""
        if len(self.kind.alike([of_map, frame])) > 1:
            why = self.kind.unlike(frame, of_map)
            raise InputError(f"{source} is not on the {self.kind.frame} of the map that it belongs to: it {why}")

    def variances(self, files, frame):
        """The variances of a map's values, from those of its standard errors if these are given."""
        if "map_variance" in files:
            return self.beside("map_variance", files, frame)
        errors = self.beside("map_standard_error", files, frame)
        return np.where(errors > 0, np.square(errors), errors)  # a negative one stays so


def require_variances(variances, values, subject, unit):
    """An `InputError` if a value of a subject's map has a variance that cannot be one, both of shape (n_elements,)."""
    wrong = np.isfinite(values) & ~(np.isfinite(variances) & (variances > 0))
    if wrong.any():
        first = variances[np.flatnonzero(wrong)[0]]
        raise InputError(
            f"The variances of {subject} are 0, negative or no number in {np.count_nonzero(wrong):,} of "
            f"{unit.counted(values.size)} where the map has a value (the first is {first:g}); correct them, or write "
            "wrong_variances: missing below coverage, so that such values count as missing."
        )
