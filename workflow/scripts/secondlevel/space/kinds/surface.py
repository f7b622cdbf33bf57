"""Surfaces: the vertices of one or several meshes that are analysed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from secondlevel.base.files import read_json, write_json
from secondlevel.space.forms import HEMISPHERES
from secondlevel.space.gifti import read_mesh, write_mesh
from secondlevel.space.graph import of_adjacency
from secondlevel.space.graph_space import GraphSpace
from secondlevel.space.images import about_software, write_sidecar
from secondlevel.space.intents import UNSPECIFIED, Intent
from secondlevel.space.mesh import adjacency, flow_among, require_width, spread, vertex_areas
from secondlevel.space.regions import regions_of_parts
from secondlevel.space.units import VERTICES
from secondlevel.space.vertices import read_chosen, read_vertices, write_vertices

STRUCTURES = {"left": "CortexLeft", "right": "CortexRight"}


@dataclass(frozen=True)
class Surface(GraphSpace):
    """The vertices of an analysis; see `protocol.Space`.

    Attributes
    ----------
    inside : ndarray of bool, shape (n_vertices,)
        Of all meshes, one after the other.
    meshes : dict of tuple
        Of each mesh, by its name: vertices in mm, shape (n, 3), and triangles, shape (m, 3).
    names : dict of str
        What the config says of each: ``fsaverage5`` or a path.
    label : str or None
    """

    inside: np.ndarray
    meshes: dict
    names: dict
    label: str | None = None

    unit = VERTICES
    place_columns, size_columns = ("hemisphere", "vertex", "x_mm", "y_mm", "z_mm"), ("vertices", "mm2")

    @classmethod
    def load(cls, files):
        """From masks and meshes, as `save` wrote them."""
        half = len(files) // 2
        inside = np.concatenate([read_chosen(path) for path in files[:half]])
        sides = {entity: part for part, entity in HEMISPHERES.items()}
        meshes = {}
        for path in files[half:]:
            entity = Path(path).name.removesuffix("_mesh.surf.gii")
            vertices, triangles, _ = read_mesh(path)
            meshes[sides.get(entity, entity.removeprefix("label-"))] = vertices, triangles.astype(np.int32)
        about = read_json(Path(files[0]).with_name("mask.json"))
        return cls(inside, meshes, about["Surfaces"], about.get("SpatialReference"))

    @cached_property
    def begins(self):
        """Where the vertices of each mesh begin, and where those of the last one end."""
        return np.cumsum([0, *(len(vertices) for vertices, _ in self.meshes.values())])

    @cached_property
    def vertices(self):
        """The vertices of all meshes, in mm, shape (n_vertices, 3)."""
        return np.concatenate([vertices for vertices, _ in self.meshes.values()])

    @cached_property
    def triangles(self):
        """The triangles of all meshes, shape (n_triangles, 3)."""
        numbered = zip(self.begins, self.meshes.values(), strict=False)
        return np.concatenate([begin + triangles for begin, (_, triangles) in numbered])

    @cached_property
    def areas(self):
        """The area of each vertex to analyse, in mm²."""
        return vertex_areas(self.vertices, self.triangles)[self.inside]

    @cached_property
    def graph(self):
        """The vertices to analyse, neighbours along the edges of the mesh; each counts by its area."""
        joined = adjacency(self.triangles, len(self.vertices))
        return of_adjacency(joined[self.elements][:, self.elements], self.areas)

    @cached_property
    def flow(self):
        """How heat flows among the vertices to analyse: along triangles with all corners there."""
        return flow_among(self.vertices, self.triangles, self.elements)

    def smooth(self, values, fwhm):
        """A map of all vertices, smoothed along the mesh among those to analyse; shape (n_elements,)."""
        require_width(self.meshes, fwhm)
        inside = np.nan_to_num(values[self.inside].astype(np.float64), posinf=0, neginf=0)
        return spread(inside, self.flow, fwhm).astype(np.float32)

    def columns_of_vertices(self):
        """Where each vertex of the meshes is in a map, -1 if it is not analysed; shape (n_vertices,)."""
        return self.full(np.arange(self.size), outside=-1)

    def part_of(self, element):
        """The number of an element's mesh, or of elements'."""
        return np.searchsorted(self.begins, self.elements[element], side="right") - 1

    def coordinates(self, element):
        """Position in mm of one vertex, as a list of three floats."""
        return self.vertices[self.elements[element]].tolist()

    def place(self, element):
        """Its mesh, its number there from 0, and its position."""
        part = int(self.part_of(element))
        return list(self.meshes)[part], int(self.elements[element] - self.begins[part]), *self.coordinates(element)

    def distances(self, element, others):
        """From one vertex to others of its mesh in mm, in a straight line; infinite to those of other meshes."""
        apart = np.linalg.norm(self.vertices[self.elements[others]] - self.vertices[self.elements[element]], axis=-1)
        return np.where(self.part_of(others) == self.part_of(element), apart, np.inf)

    def sizes(self, elements):
        """Their number and their area."""
        return len(elements), float(self.areas[elements].sum())

    def split(self, whole):
        """An array of all vertices, by the name of the mesh."""
        return dict(zip(self.meshes, np.split(whole, self.begins[1:-1]), strict=True))

    def regions(self, files):
        """The `Labels` of an atlas that has a file for each mesh."""
        sizes = {part: len(vertices) for part, (vertices, _) in self.meshes.items()}
        return regions_of_parts(files, sizes).at(self.elements)

    def read(self, files):
        """The values of a map, float64 of shape (n_elements,)."""
        return np.concatenate([read_vertices(path)[0] for path in listed(files)]).astype(np.float64)[self.inside]

    def write(self, files, values, about, outside=0, dtype=np.float32, intent=UNSPECIFIED):
        """Write a map, see `protocol.Space`; numbers with a fraction as float32."""
        whole = self.full(
            np.asarray(values, dtype=np.int32 if np.issubdtype(dtype, np.integer) else np.float32), outside
        )
        for path, (part, of_part) in zip(listed(files), self.split(whole).items(), strict=True):
            write_vertices(path, of_part, STRUCTURES.get(part), intent)
            write_sidecar(path, about | {"OutsideMask": outside, "Vertices": self.size}, self.label)

    def save(self, files, about):
        """Write masks, meshes, and a JSON file that says how they came about."""
        half = len(files) // 2
        chosen = self.split(self.inside.astype(np.int32)).items()
        for path, (part, of_part) in zip(files[:half], chosen, strict=True):
            write_vertices(path, of_part, STRUCTURES.get(part), Intent(label="mask"))
        for path, (part, mesh) in zip(files[half:], self.meshes.items(), strict=True):
            write_mesh(path, *mesh, STRUCTURES.get(part))
        about = about | {"Description": "vertices to analyse", "Type": "ROI", "Vertices": self.size}
        about["Surfaces"] = self.names
        write_json(Path(files[0]).with_name("mask.json"), about_software(about, self.label))


def listed(files):
    """Files in a list, be it one or several."""
    return [files] if isinstance(files, str | Path) else list(files)
