"""Volumes: the voxels of a grid that are analysed."""

from dataclasses import dataclass
from functools import cached_property

import nibabel as nib
import numpy as np

from secondlevel.space.headers import read_header
from secondlevel.space.images import write_image, write_sidecar
from secondlevel.space.intents import UNSPECIFIED, Intent
from secondlevel.space.neighbourhood import REACH, Neighbourhood
from secondlevel.space.reference import UNKNOWN, space_of_header
from secondlevel.space.smoothing import smooth
from secondlevel.space.units import VOXELS


@dataclass(frozen=True)
class Mask:
    """The voxels of an analysis, in the order of the columns of every matrix of maps; see `protocol.Space`.

    Attributes
    ----------
    inside : ndarray of bool, shape (x, y, z)
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    codes : tuple of int
        Of q-form and s-form in the header of every image of the analysis.
    label : str, optional
        The label of the space that the maps are in, as ``space-`` in names of BIDS has it, if it is told.
    """

    inside: np.ndarray
    affine: np.ndarray
    codes: tuple = UNKNOWN
    label: str | None = None

    unit, brain = VOXELS, True
    place_columns, size_columns = ("x_mm", "y_mm", "z_mm"), ("voxels", "mm3")

    @classmethod
    def load(cls, path):
        """Read a mask image; every voxel that is not zero is inside."""
        header = read_header(path)
        inside = np.nan_to_num(header.values(np.float32)) != 0
        return cls(inside, header.affine, header.codes, space_of_header(header.description))

    @cached_property
    def cells(self):
        """Where each column lies in the flattened grid, shape (n_voxels,)."""
        return np.flatnonzero(self.inside)

    @cached_property
    def size(self):
        """Number of voxels inside."""
        return int(self.inside.sum())

    def coordinates(self, element):
        """Position in millimetres of one voxel, as a list of three floats."""
        index = np.array(np.unravel_index(self.cells[element], self.inside.shape))
        return [float(value) for value in nib.affines.apply_affine(self.affine, index)]

    place = coordinates

    def places(self, elements):
        """Positions in millimetres of some voxels, shape (n, 3)."""
        index = np.column_stack(np.unravel_index(self.cells[elements], self.inside.shape))
        return nib.affines.apply_affine(self.affine, index)

    def distances(self, element, others):
        """From one voxel to others in mm, shape (n,)."""
        there = self.places(others) if np.ndim(others) else np.array(self.coordinates(others))
        return np.linalg.norm(there - np.array(self.coordinates(element)), axis=-1)

    def sizes(self, elements):
        """Their number and their volume."""
        return len(elements), len(elements) * abs(np.linalg.det(self.affine[:3, :3]))

    def neighbourhood(self, connectivity):
        """Which voxels are neighbours."""
        return Neighbourhood(self.inside, connectivity)

    def components(self, chosen, connectivity):
        """Number the components of some voxels from 1, shape (n_voxels,), and how many there are."""
        from scipy.ndimage import generate_binary_structure, label  # here, since its import takes long

        found, n = label(self.volume(chosen), generate_binary_structure(3, REACH[connectivity]))
        return found[self.inside], n

    def summits(self, heights, labels, voxels):
        """Whether each of some voxels is at least as high as all neighbours with its label, by corners too."""
        around = Neighbourhood(self.inside, 26)
        height, of_cluster = np.zeros(around.n_cells), np.zeros(around.n_cells, dtype=int)
        cells = around.positions[voxels]
        height[cells], of_cluster[cells] = heights[voxels], labels[voxels]
        highest = np.ones(voxels.size, dtype=bool)
        for offset in around.offsets:
            beside = cells + offset
            highest &= (of_cluster[beside] != of_cluster[cells]) | (height[beside] <= height[cells])
        return highest

    def volume(self, values, outside=0):
        """Put values of shape (n_voxels,) back into an array of shape (x, y, z)."""
        volume = np.full(self.inside.shape, outside, dtype=np.asarray(values).dtype)
        volume[self.inside] = values
        return volume

    def smooth(self, values, fwhm):
        """A map of shape (x, y, z), smoothed as `smoothing.smooth` does; shape (n_voxels,)."""
        return smooth(values, self.affine, fwhm)[self.inside]

    def read(self, files):
        """The values of an image on the same grid, float64 of shape (n_voxels,)."""
        return read_header(files).values(np.float64)[self.inside]

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=UNSPECIFIED):
        """Write a map of values as NIfTI-1, see `protocol.Space`."""
        volume = self.volume(np.asarray(values, dtype=dtype), outside)
        write_image(files, volume, self.affine, self.codes, self.label, intent)
        write_sidecar(files, about | {"OutsideMask": outside, self.unit.title: self.size}, self.label)

    def save(self, files, about):
        """Write the mask, and a JSON file that says how it came about."""
        (path,) = files
        write_image(path, self.inside.astype(np.uint8), self.affine, self.codes, self.label, Intent(label="mask"))
        about = about | {"Description": f"{self.unit.many} to analyse", "Type": "ROI", self.unit.title: self.size}
        write_sidecar(path, about, self.label)
