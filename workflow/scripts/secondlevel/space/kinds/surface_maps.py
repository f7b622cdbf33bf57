"""Maps of the vertices of one or several meshes, as they are read: GIFTI, and files of FreeSurfer."""

from functools import cached_property

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.files import file_identity
from secondlevel.space.forms import part_in_words
from secondlevel.space.hemispheres import require_side
from secondlevel.space.kinds.surface import Surface
from secondlevel.space.meshed_maps import OnMeshes
from secondlevel.space.meshes import mesh_of, require_fit
from secondlevel.space.protocol import Reading
from secondlevel.space.reference import space_of_names
from secondlevel.space.regions import regions_of_parts
from secondlevel.space.sources import BETWEEN
from secondlevel.space.units import VERTICES
from secondlevel.space.vertices import read_chosen, read_vertices


class Surfaces(OnMeshes):
    """Maps of vertices, see `protocol.Kind`; a frame has the number of vertices of each mesh, by its name.

    Parameters
    ----------
    about : dict
        The names of the meshes in ``parts``; in ``surfaces`` which ones they are.
    """

    unit, frame, frames = VERTICES, "mesh", "meshes"
    remedy = "Bring all of them onto one mesh"
    advice = "bring all onto one mesh"

    def __init__(self, about):
        self.about, self.parts = about, about["parts"]

    @cached_property
    def meshes(self):
        """The mesh of each part, by its name."""
        surfaces = self.about["surfaces"]
        named = surfaces if isinstance(surfaces, dict) else dict.fromkeys(self.parts, surfaces)
        return {part: mesh_of(named[part], part) for part in self.parts}

    def files(self, source):
        """The file of each part of a map, by its name."""
        return dict(zip(self.parts, source.split(BETWEEN) if len(self.parts) > 1 else [source], strict=True))

    def glance(self, source):
        """What there is to know of a map, which here needs all of it."""
        return Reading(self.read(source).frame)

    def read(self, source):
        """All of a map: the vertices of its meshes one after the other."""
        found = {}
        for part, path in self.files(source).items():
            if not path:
                raise InputError(f"No map of the {part_in_words(part)} is listed or found.")
            found[part], structure = read_vertices(path)
            require_side(path, part, structure)
            require_fit(path, found[part].size, self.meshes[part])
        frame = tuple((part, values.size) for part, values in found.items())
        return Reading(frame, np.concatenate(list(found.values())))

    def name_of(self, part):
        """What the config says of a mesh."""
        surfaces = self.about["surfaces"]
        return surfaces[part] if isinstance(surfaces, dict) else surfaces

    def identity(self, source):
        """What tells a map from all others."""
        return tuple(map(file_identity, self.files(source).values()))

    def alike(self, frames):
        """Which frames are the same; all are, since each map fits the meshes."""
        return [[number for number, other in enumerate(frames) if other == frame] for frame in dict.fromkeys(frames)]

    def unlike(self, frame, other):
        """How a frame is not that of others, in words."""
        return f"has {self.describe(frame)}, the rest {self.describe(other)}"

    def describe(self, frame):
        """A frame in words."""
        return " and ".join(f"{n:,} vertices ({part})" if len(frame) > 1 else f"{n:,} vertices" for part, n in frame)

    def frame_of(self, source):
        """The number of vertices of each mesh."""
        return tuple((part, len(mesh.vertices)) for part, mesh in self.meshes.items())

    def proposed(self, mask, common, frame):
        """The vertices that are asked for; a vertex in no triangle is not on the mesh."""
        on_mesh = np.concatenate([mesh.used for mesh in self.meshes.values()])
        if mask == "background":
            return on_mesh, "all vertices of the meshes"
        paths = self.mask_files(mask)
        return on_mesh & self.given(paths), ", ".join(paths.values())

    def mask_files(self, mask):
        """The mask of each part, by its name."""
        return dict(zip(self.parts, [mask] if isinstance(mask, str) else mask, strict=True))

    def given(self, paths):
        """The vertices that masks have, shape (n_vertices,)."""
        found = {part: read_chosen(path) for part, path in paths.items()}
        for part, chosen in found.items():
            require_side(paths[part], part)
            require_fit(paths[part], chosen.size, self.meshes[part])
        return np.concatenate(list(found.values()))

    def require_mask(self, mask, frame):
        """An `InputError` if a mask cannot be read, or does not fit its mesh."""
        self.given(self.mask_files(mask))

    def require_atlas(self, files, frame):
        """An `InputError` if the files of an atlas, one for each mesh, cannot be read, or do not fit the meshes."""
        regions_of_parts(files, {part: mesh.size for part, mesh in self.meshes.items()})

    def space(self, inside, frame, sources, label):
        """The `Surface` of the vertices to analyse, and words of warning."""
        named = space_of_names([path for source in sources for path in self.files(source).values()])
        names = {part: self.name_of(part) for part in self.parts}
        return Surface(inside, self.bare, names, label or named), self.of_meshes(frame, 0, False)
