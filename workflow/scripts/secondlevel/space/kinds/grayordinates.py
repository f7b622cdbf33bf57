"""Grayordinates: vertices of the cortex and voxels below it that are analysed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import sparse

from secondlevel.base.files import read_json, write_json
from secondlevel.space.cifti import atlas_on, read_labels, read_scalar, write_labels, write_scalar
from secondlevel.space.cifti_axes import CORTEX, require_mesh, structures, words_of
from secondlevel.space.forms import HEMISPHERES
from secondlevel.space.gifti import read_mesh, write_mesh
from secondlevel.space.graph import of_adjacency
from secondlevel.space.graph_space import GraphSpace
from secondlevel.space.images import about_software, write_sidecar
from secondlevel.space.intents import UNSPECIFIED
from secondlevel.space.mesh import adjacency, flow_among, require_width, spread, vertex_areas
from secondlevel.space.smoothing import smooth
from secondlevel.space.units import GRAYORDINATES


@dataclass(frozen=True, eq=False)
class Grayordinates(GraphSpace):
    """The grayordinates of an analysis; see `protocol.Space`.

    Attributes
    ----------
    inside : ndarray of bool, shape (n_grayordinates,)
    axis : nibabel.cifti2.BrainModelAxis
    meshes : dict of tuple
        Of the cortex, by ``left`` and ``right``: vertices in mm, shape (n, 3), and triangles, shape (m, 3).
    names : dict of str
        What the config says of each.
    label : str or None
    """

    inside: np.ndarray
    axis: nib.cifti2.BrainModelAxis
    meshes: dict
    names: dict
    label: str | None = None

    unit = GRAYORDINATES
    place_columns, size_columns = ("structure", "x_mm", "y_mm", "z_mm"), ("grayordinates", "mm2", "mm3")

    @classmethod
    def load(cls, files):
        """From a mask and the meshes of the cortex, as `save` wrote them."""
        labels, axis = read_labels(files[0])
        about, sides = read_json(Path(files[0]).with_name("mask.json")), {e: part for part, e in HEMISPHERES.items()}
        meshes = {}
        for path in files[1:]:
            vertices, triangles, _ = read_mesh(path)
            meshes[sides[Path(path).name.removesuffix("_mesh.surf.gii")]] = vertices, triangles.astype(np.int32)
        return cls(labels.numbers != 0, axis, meshes, about["Surfaces"], about.get("SpatialReference"))

    @cached_property
    def structures(self):
        """Of each structure its name, where its elements are among those to analyse, and whether they are vertices."""
        place = np.full(self.inside.size, -1)
        place[self.elements] = np.arange(self.size)
        found = [(name, place[where], bool(n)) for name, where, n in structures(self.axis)]
        return [(name, where[where >= 0], of_mesh) for name, where, of_mesh in found if (where >= 0).any()]

    def mesh(self, name):
        """Vertices and triangles of a structure; an `InputError` if the config names none."""
        require_mesh(name, self.meshes)
        return self.meshes[CORTEX[name]]

    def vertices(self, where):
        """The numbers of the vertices of some elements on their mesh."""
        return self.axis.vertex[self.elements[where]]

    def voxels(self, where):
        """The indices of the voxels of some elements, shape (n, 3)."""
        return self.axis.voxel[self.elements[where]]

    @cached_property
    def volume_of_voxel(self):
        """In mm³; None if there are no voxels."""
        return None if self.axis.affine is None else abs(np.linalg.det(self.axis.affine[:3, :3]))

    @cached_property
    def measures(self):
        """The area of each vertex in mm², the volume of each voxel in mm³; NaN of vertices without a mesh."""
        found = np.full(self.size, np.nan)
        for name, where, of_mesh in self.structures:
            if not of_mesh:
                found[where] = self.volume_of_voxel
            elif CORTEX.get(name) in self.meshes:
                found[where] = vertex_areas(*self.mesh(name))[self.vertices(where)]
        return found

    @cached_property
    def is_vertex(self):
        """Which elements are vertices, shape (n_elements,)."""
        found = np.zeros(self.size, dtype=bool)
        for _, where, of_mesh in self.structures:
            found[where] = of_mesh
        return found

    @cached_property
    def graph(self):
        """Neighbours along the edges of meshes and the faces of voxels, never from one structure to another.

        Areas and volumes cannot be added or compared. Each element counts by its measure as a share of the mean of its
        kind, so that a vertex and a voxel of ordinary size count 1.
        """
        rows, columns = [], []
        for name, where, of_mesh in self.structures:
            if of_mesh:
                vertices, triangles = self.mesh(name)
                at = self.vertices(where)
                beside = adjacency(triangles, len(vertices))[at][:, at].tocoo()
                rows.append(where[beside.row])
                columns.append(where[beside.col])
            else:
                for one, other in faces(self.voxels(where)):
                    rows += [where[one], where[other]]
                    columns += [where[other], where[one]]
        rows, columns = np.concatenate(rows), np.concatenate(columns)
        joined = sparse.csr_matrix((np.ones(rows.size, dtype=bool), (rows, columns)), (self.size, self.size))
        counted = np.ones(self.size)
        for kind in (self.is_vertex, ~self.is_vertex):
            if kind.any():
                counted[kind] = self.measures[kind] / self.measures[kind].mean()
        return of_adjacency(joined, counted)

    @cached_property
    def flows(self):
        """How heat flows among the vertices of each structure that has them, by its name."""
        return {
            name: flow_among(*self.mesh(name), self.vertices(at)) for name, at, of_mesh in self.structures if of_mesh
        }

    def smooth(self, values, fwhm):
        """A map of all grayordinates, smoothed inside each structure; shape (n_elements,)."""
        require_width(self.meshes, fwhm)
        inside = np.nan_to_num(values[self.inside].astype(np.float64), posinf=0, neginf=0)
        if not fwhm:
            return inside.astype(np.float32)
        for name, where, of_mesh in self.structures:
            if of_mesh:
                inside[where] = spread(inside[where], self.flows[name], fwhm)
            else:
                inside[where] = smooth_voxels(inside[where], self.voxels(where), self.axis.affine, fwhm)
        return inside.astype(np.float32)

    def columns_of_vertices(self):
        """Where each vertex of the meshes is in a map, -1 if it is not analysed; shape (n_vertices,)."""
        found = {part: np.full(len(vertices), -1) for part, (vertices, _) in self.meshes.items()}
        for name, where, of_mesh in self.structures:
            if of_mesh and CORTEX.get(name) in found:
                found[CORTEX[name]][self.vertices(where)] = where
        return np.concatenate(list(found.values()))

    @cached_property
    def names_of(self):
        """The structure of each element, in words."""
        found = np.empty(self.size, dtype=object)
        for name, where, _ in self.structures:
            found[where] = words_of(name)
        return found

    @cached_property
    def positions(self):
        """Of each element in mm, shape (n_elements, 3); NaN of vertices without a mesh."""
        found = np.full((self.size, 3), np.nan)
        for name, where, of_mesh in self.structures:
            if not of_mesh:
                found[where] = nib.affines.apply_affine(self.axis.affine, self.voxels(where))
            elif CORTEX.get(name) in self.meshes:
                found[where] = self.mesh(name)[0][self.vertices(where)]
        return found

    def coordinates(self, element):
        """Position in mm of one element, as a list of three floats."""
        return self.positions[element].tolist()

    def place(self, element):
        """Its structure and its position."""
        return self.names_of[element], *(None if np.isnan(mm) else mm for mm in self.coordinates(element))

    def distances(self, element, others):
        """From one element to others of its structure in mm, in a straight line; infinite to those of others."""
        apart = np.linalg.norm(self.positions[others] - self.positions[element], axis=-1)
        return np.where((self.names_of[others] == self.names_of[element]) & ~np.isnan(apart), apart, np.inf)

    def sizes(self, elements):
        """Their number, the area of the vertices and the volume of the voxels among them."""
        vertices = self.is_vertex[elements]
        parts = (float(self.measures[elements][kind].sum()) if kind.any() else None for kind in (vertices, ~vertices))
        return len(elements), *parts

    def regions(self, files):
        """The `Labels` of an atlas, a ``.dlabel.nii`` file."""
        return atlas_on(self.axis, *files).at(self.elements)

    def read(self, files):
        """The values of a map, float64 of shape (n_elements,)."""
        return read_scalar(files)[0].astype(np.float64)[self.inside]

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=UNSPECIFIED):
        """Write a map, see `protocol.Space`; numbers with a fraction as float32."""
        if str(files).endswith(".dlabel.nii"):
            write_labels(files, self.full(np.asarray(values, np.int32), outside), self.axis, intent.label)
        else:
            write_scalar(files, self.full(np.asarray(values, np.float32), outside), self.axis, intent.label)
        write_sidecar(files, about | {"OutsideMask": outside, "Grayordinates": self.size}, self.label)

    def save(self, files, about):
        """Write the mask, the meshes, and a JSON file that says how they came about."""
        write_labels(files[0], self.inside.astype(np.int32), self.axis, "mask", {1: "analysed"})
        for path, mesh in zip(files[1:], self.meshes.values(), strict=True):
            write_mesh(path, *mesh)
        about = about | {"Description": "grayordinates to analyse", "Type": "ROI", "Grayordinates": self.size}
        write_json(Path(files[0]).with_name("mask.json"), about_software(about | {"Surfaces": self.names}, self.label))


def faces(voxels):
    """Which voxels share a face: for each axis the places of one and of the next one, among some of shape (n, 3)."""
    low = voxels.min(axis=0)
    grid = np.full(np.ptp(voxels, axis=0) + 2, -1)
    grid[tuple((voxels - low).T)] = np.arange(len(voxels))
    for axis in range(3):
        beside = grid[tuple((voxels - low + np.eye(3, dtype=int)[axis]).T)]
        yield np.flatnonzero(beside >= 0), beside[beside >= 0]


def smooth_voxels(values, voxels, affine, fwhm):
    """Smooth the voxels of a structure among themselves: as much as a Gaussian takes from outside is given back."""
    low = voxels.min(axis=0)
    where = tuple((voxels - low).T)
    smoothed = []
    for numbers in (values, np.ones(len(values))):
        volume = np.zeros(np.ptp(voxels, axis=0) + 1)
        volume[where] = numbers
        smoothed.append(smooth(volume, affine, fwhm)[where])
    return smoothed[0] / smoothed[1]
