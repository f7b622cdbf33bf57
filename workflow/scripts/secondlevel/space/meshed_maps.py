"""What maps of vertices have in common, whatever else they are of: their meshes."""

from functools import cached_property

from secondlevel.space.mesh import require_width
from secondlevel.space.meshes import notices


class OnMeshes:
    """Part of a `protocol.Kind`, which has `meshes`, each a `meshes.Mesh`, by its name."""

    @cached_property
    def bare(self):
        """Vertices and triangles of each mesh, by its name."""
        return {part: (mesh.vertices, mesh.triangles) for part, mesh in self.meshes.items()}

    def of_meshes(self, frame, fwhm, joined):
        """What is unusual of the meshes, in sentences; see `protocol.Kind`."""
        require_width(self.bare, fwhm)
        return [sentence for mesh in self.meshes.values() for sentence in notices(mesh)]
