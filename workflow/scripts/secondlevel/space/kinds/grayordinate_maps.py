"""Maps of grayordinates as they are read: CIFTI-2, and what maps of parcels in such files have in common with them."""

from functools import cached_property

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.cifti import atlas_on, read_labels, read_scalar
from secondlevel.space.cifti_axes import CORTEX, describe, difference, require_mesh, require_same, structures
from secondlevel.space.files import file_identity
from secondlevel.space.kinds.grayordinates import Grayordinates
from secondlevel.space.meshed_maps import OnMeshes
from secondlevel.space.meshes import mesh_of
from secondlevel.space.protocol import Reading
from secondlevel.space.reference import space_of_names
from secondlevel.space.units import GRAYORDINATES


class Cifti:
    """What maps of grayordinates and of parcels have in common, see `protocol.Kind`; a frame is an axis of nibabel.

    Parameters
    ----------
    about : dict
        From `forms.wanted`.
    """

    def __init__(self, about):
        self.about = about

    def glance(self, source):
        """What there is to know of a map, which here needs all of it."""
        return Reading(self.read(source).frame)

    def read(self, source):
        """All of a map."""
        values, axis = read_scalar(source)
        return Reading(axis, values)

    identity, describe = map(staticmethod, (file_identity, describe))

    def alike(self, frames):
        """Which frames are the same."""
        groups = []
        for number, frame in enumerate(frames):
            group = next((group for group in groups if difference(frame, frames[group[0]]) is None), None)
            groups.append([number]) if group is None else group.append(number)
        return groups

    def unlike(self, frame, other):
        """How a frame is not that of others, in words."""
        return f"does not fit the rest: {difference(frame, other)}"

    def frame_of(self, source):
        """The elements of one of the maps."""
        return read_scalar(source)[1]

    def proposed(self, mask, common, frame):
        """The elements that are asked for."""
        if mask == "background":
            return np.ones(len(frame), dtype=bool), f"all {self.unit.many} of the maps"
        return self.given(mask, frame), mask

    def given(self, mask, frame):
        """The elements that a mask has, an array of bool; an `InputError` if it is of others."""
        if str(mask).endswith(".dlabel.nii"):
            labels, axis = read_labels(mask)
            values = labels.numbers
        else:
            values, axis = read_scalar(mask)
        if frame is not None:
            require_same(mask, axis, "the maps", frame)
        return np.nan_to_num(values) != 0

    def require_mask(self, mask, frame):
        """An `InputError` if a mask cannot be read, or is of other elements than a frame, unless that is None."""
        self.given(mask, frame)

    def require_atlas(self, files, frame):
        """An `InputError` if an atlas cannot be read, or is of other meshes than a frame, unless that is None."""
        (path,) = files
        read_labels(path) if frame is None else atlas_on(frame, path)


class GrayordinateMaps(OnMeshes, Cifti):
    """Maps of grayordinates, see `protocol.Kind`."""

    unit, frame, frames = GRAYORDINATES, "set of grayordinates", "sets of grayordinates"
    remedy = "Bring all of them to one set of meshes and voxels"
    advice = "bring all to one set"

    @cached_property
    def meshes(self):
        """The mesh of each hemisphere that the config names one for."""
        return {part: mesh_of(given, part) for part, given in self.about.get("surfaces", {}).items()}

    def read(self, source):
        """All of a map; an `InputError`, too, if its cortex is not on the meshes of the config."""
        reading = super().read(source)
        counts = {CORTEX[name]: n for name, _, n in structures(reading.frame) if name in CORTEX}
        for part, mesh in self.meshes.items():
            if mesh.size != counts.get(part, mesh.size):
                raise InputError(
                    f"The surface {mesh.path} has {mesh.size:,} vertices, and that of the {part} cortex in the maps "
                    f"has {counts[part]:,}; name one of the same density."
                )
        return reading

    def of_meshes(self, frame, fwhm, joined):
        """What is unusual of the meshes, in sentences; see `protocol.Kind`."""
        for name, _, n_vertices in structures(frame) if fwhm or joined else ():
            if n_vertices:
                require_mesh(name, self.meshes)
        return super().of_meshes(frame, fwhm, joined)

    def space(self, inside, frame, sources, label):
        """The `Grayordinates` to analyse, and words of warning."""
        names = {part: str(given) for part, given in self.about.get("surfaces", {}).items()}
        found = Grayordinates(inside, frame, self.bare, names, label or space_of_names(sources))
        return found, self.of_meshes(frame, 0, False)
