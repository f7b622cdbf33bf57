"""Pictures of surfaces, and of the cortex in grayordinates."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from secondlevel.figures.mesh_sample import draw_mesh_coverage, draw_mesh_montage, draw_mesh_spread
from secondlevel.figures.mesh_views import Mesh
from secondlevel.figures.meshes import draw_meshes
from secondlevel.figures.shown import corrected, thresholded, whole
from secondlevel.figures.style import BLUE
from secondlevel.inference.thresholds import above, least_logp
from secondlevel.space.meshes import BUILT_IN, drawn, mesh_of
from secondlevel.space.units import VERTICES, VOXELS


class OnMeshes:
    """Pictures of the vertices of meshes, see `drawers.Drawer`.

    Parameters
    ----------
    space : space.kinds.surface.Surface or space.kinds.grayordinates.Grayordinates
        With meshes.
    """

    def __init__(self, space):
        self.space = space

    @cached_property
    def meshes(self):
        """The meshes as they are drawn: inflated, where the config names one that is built in."""
        found = []
        for part, (vertices, triangles) in self.space.meshes.items():
            given, depth = self.space.names[part], None
            if given in BUILT_IN:
                vertices, depth = drawn(mesh_of(given, part), part)
            found.append(Mesh(part, vertices, triangles, depth))
        return tuple(found)

    @cached_property
    def columns(self):
        """Where each vertex of the meshes is in a map, -1 if it is not analysed."""
        return self.space.columns_of_vertices()

    def at_vertices(self, values):
        """Values of shape (n_elements,) at the vertices of the meshes, NaN where there are none."""
        return np.where(self.columns >= 0, np.asarray(values, dtype=float)[self.columns], np.nan)

    def told(self, shown, passes):
        """A `shown.Shown` whose title says how many of the elements that pass are on no mesh, if some are."""
        elsewhere = int(np.delete(passes, self.columns[self.columns >= 0]).sum())
        return replace(shown, title=f"{shown.title}; {VOXELS.counted(elsewhere)} beside it") if elsewhere else shown

    def of_z(self, contrast, z, statistic, two_sided, thresholds, effects):
        """z where it passes, and all of it."""
        on_meshes, passes = self.at_vertices(z), above(z, thresholds["fdr"]["threshold"], two_sided)
        shown = {
            "z": thresholded(contrast, on_meshes, two_sided, thresholds["fdr"], VERTICES),
            "highlight": whole(contrast, on_meshes, two_sided, thresholds),
        }
        return {key: draw_meshes(self.told(each, passes), self.meshes) for key, each in shown.items()}

    def of_logp(self, contrast, maps, statistic, two_sided, start, alpha):
        """A block of views for each correction."""
        on_meshes = {key: self.at_vertices(values) for key, values in maps.items()}
        passes = np.any([above(values, least_logp(alpha), False) for values in maps.values()], axis=0)
        return draw_meshes(
            self.told(corrected(contrast, on_meshes, start, alpha, self.space.unit), passes), self.meshes
        )

    def montage(self, maps, table):
        """Each map from one side."""
        return draw_mesh_montage(maps, self.columns, self.meshes, table)

    def coverage(self, about):
        """The vertices that are analysed."""
        return draw_mesh_coverage(self.columns >= 0, self.meshes, BLUE, VERTICES)

    def spread(self, sd):
        """On the meshes."""
        return draw_mesh_spread(self.at_vertices(sd), self.meshes)
