"""Parcels that are analysed: regions with one value each, which have no neighbours."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nibabel as nib
import numpy as np

from secondlevel.base.columns import numbers, read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.space.cifti import atlas_on, read_scalar, write_scalar
from secondlevel.space.images import about_software, write_sidecar
from secondlevel.space.intents import UNSPECIFIED
from secondlevel.space.protocol import no_neighbours
from secondlevel.space.units import PARCELS
from secondlevel.space.written_tables import write_parcels


@dataclass(frozen=True, eq=False)
class Parcels:
    """The parcels of an analysis; see `protocol.Space`.

    Attributes
    ----------
    inside : ndarray of bool, shape (n_parcels,)
    names : tuple of str
        Of all parcels.
    axis : nibabel.cifti2.ParcelsAxis or None
        Of maps in CIFTI.
    label : str or None
    """

    inside: np.ndarray
    names: tuple
    axis: nib.cifti2.ParcelsAxis | None = None
    label: str | None = None

    unit, brain = PARCELS, False
    place_columns, size_columns = ("parcel",), ("parcels",)

    @classmethod
    def load(cls, files):
        """From a mask, as `save` wrote it."""
        (path,) = map(str, files)
        label = read_json(Path(path).with_name("mask.json")).get("SpatialReference")
        if path.endswith(".tsv"):
            table = read_columns(path)
            return cls(numbers(table["value"]) != 0, tuple(table["parcel"]), None, label)
        values, axis = read_scalar(path)
        return cls(values != 0, tuple(map(str, axis.name)), axis, label)

    @property
    def frame_names(self):
        """Those of all parcels."""
        return self.names

    @cached_property
    def size(self):
        """Number of parcels."""
        return int(self.inside.sum())

    @cached_property
    def elements(self):
        """Where each column lies among all parcels, shape (n_elements,)."""
        return np.flatnonzero(self.inside)

    def full(self, values, outside=0):
        """Put values of shape (n_elements,) back into an array of all parcels."""
        whole = np.full(self.inside.shape, outside, dtype=np.asarray(values).dtype)
        whole[self.inside] = values
        return whole

    def neighbourhood(self, connectivity):
        """There is none: an `InputError`."""
        no_neighbours(PARCELS)

    def components(self, chosen, connectivity):
        """Each of some parcels is its own component."""
        return np.cumsum(chosen) * chosen, int(np.sum(chosen))

    def summits(self, heights, labels, elements):
        """Each of some parcels is one."""
        return np.ones(elements.size, dtype=bool)

    def place(self, element):
        """Its name."""
        return (self.names[self.elements[element]],)

    def distances(self, element, others):
        """Parcels have no distance."""
        return np.full(np.shape(others), np.inf)

    def sizes(self, elements):
        """Their number."""
        return (len(elements),)

    def smooth(self, values, fwhm):
        """Parcels are not smoothed."""
        return values[self.inside]

    def regions(self, files):
        """The `Labels` of an atlas of parcels in CIFTI, a ``.plabel.nii`` file."""
        return atlas_on(self.axis, *files).at(self.elements)

    def read(self, files):
        """The values of a map, float64 of shape (n_elements,)."""
        if self.axis is None:
            return numbers(read_columns(files)["value"])[self.inside]
        return read_scalar(files)[0].astype(np.float64)[self.inside]

    def put(self, path, values):
        """Write values of all parcels."""
        if self.axis is None:
            write_parcels(path, self.names, {"value": values})
        else:
            write_scalar(path, values, self.axis)

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=UNSPECIFIED):
        """Write a map, see `protocol.Space`; in CIFTI as float32."""
        self.put(files, self.full(np.asarray(values, dtype=dtype), outside))
        write_sidecar(files, about | {"OutsideMask": outside, "Parcels": self.size}, self.label)

    def save(self, files, about):
        """Write the mask, and a JSON file that says how it came about."""
        self.put(files[0], self.inside.astype(np.int32))
        about = about | {"Description": "parcels to analyse", "Type": "ROI", "Parcels": self.size}
        write_json(Path(files[0]).with_name("mask.json"), about_software(about, self.label))
