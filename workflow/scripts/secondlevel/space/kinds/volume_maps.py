"""Maps of voxels as they are read, from NIfTI images or Analyze pairs."""

from dataclasses import dataclass

import numpy as np

from secondlevel.space.background import subject_map
from secondlevel.space.files import identity
from secondlevel.space.grids import alike, describe, grid_of
from secondlevel.space.headers import read_header
from secondlevel.space.images import load_image
from secondlevel.space.kinds.image import Image
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.masking import given_mask, proposed_mask
from secondlevel.space.protocol import Reading
from secondlevel.space.reference import told_by
from secondlevel.space.series import VolumeOf
from secondlevel.space.sources import ROW_OF, paths_of
from secondlevel.space.units import PIXELS, VOXELS


@dataclass(frozen=True, eq=False)
class Volumes:
    """Maps of voxels, see `protocol.Kind`; a frame is a grid, as `grids.grid_of` gives it.

    Attributes
    ----------
    about : dict
        What the config says of them, from `forms.wanted`.
    reference : str or None
        The image onto whose grid all maps are resampled.
    grid : tuple or None
        Its shape and affine.
    """

    about: dict
    reference: str | None = None
    grid: tuple | None = None

    frame, frames = "grid", "grids"
    remedy = "Set the key 'resample_to' to an image on the grid that all should have"
    advice = "set resample_to"

    @property
    def unit(self):
        """Voxels; or pixels, of images that show no brain."""
        return PIXELS if "axes" in self.about else VOXELS

    def header(self, source):
        """The header of a map, or of the volume of a series that it is."""
        if self.about["rows"]:
            return VolumeOf(*source.split(ROW_OF, 1))
        return read_header(source, flat="axes" in self.about)

    def glance(self, source):
        """What a map's header tells."""
        header = self.header(source)
        return Reading(grid_of(header.shape, header.affine), oriented=header.oriented)

    def read(self, source):
        """All of a map, resampled if there is a reference."""
        header = self.header(source)
        data, affine, fill = subject_map(header, self.grid, "beside" not in self.about)
        return Reading(grid_of(data.shape, affine), data, fill, header.oriented)

    def identity(self, source):
        """What tells a map from all others."""
        path, *number = source.split(ROW_OF, 1) if self.about["rows"] else [source]
        return (identity(path), *number)

    alike = staticmethod(alike)

    def describe(self, frame):
        """A grid in words."""
        return describe(frame, len(self.about["axes"]) if "axes" in self.about else None)

    def unlike(self, frame, other):
        """How a frame is not that of others, in words."""
        return f"has {self.describe(frame)}, the rest {self.describe(other)}"

    def frame_of(self, source):
        """The grid that maps are brought to: that of the reference, or of one of them."""
        if self.grid:
            return grid_of(*self.grid)
        return self.glance(source).frame

    def proposed(self, mask, common, frame):
        """The voxels that are asked for, and where they come from."""
        if "axes" in self.about and mask == "background":  # such images have none
            return np.ones(frame[0], dtype=bool), "all pixels of the images"
        return proposed_mask(mask, common, np.reshape(frame[1], (4, 4)))

    def require_mask(self, mask, frame):
        """An `InputError` if the image of a mask cannot be read, or is not on a grid, unless that is None."""
        if frame:
            given_mask(mask, frame[0], np.reshape(frame[1], (4, 4)))
        else:
            load_image(mask)

    def space(self, inside, frame, sources, label):
        """The `Mask` of the voxels to analyse, and words of warning."""
        words, axes = [], tuple(self.about.get("axes", ()))
        if inside.mean() > 0.9 and not axes:
            share = 100 * inside.mean()
            words.append(f"The mask holds {share:.0f} % of the grid: these maps seem to have no background.")
        paths = dict.fromkeys(path for source in sources for path in paths_of(source, self.about))
        codes, named = told_by([self.reference] if self.reference else list(paths))
        if label and named and label != named:
            words.append(f"The maps' names say space-{named}, and the config says {label}, which is what results say.")
        where = inside, np.reshape(frame[1], (4, 4)), codes, label or named
        return (Image(*where, axes) if axes else Mask(*where)), words
