"""What tests of pictures and pages of meshes share: two bumpy balls as hemispheres, and any number of meshes."""

import numpy as np
from scipy.spatial import ConvexHull

from secondlevel.figures.mesh_views import Mesh


def ball(n_vertices, bumps=0.0, seed=0):
    """Points all over a unit sphere, some nearer to its middle than others, and the triangles between them."""
    turns = np.arange(n_vertices) + 0.5
    polar, around = np.arccos(1 - 2 * turns / n_vertices), np.pi * (1 + 5**0.5) * turns
    points = np.column_stack([np.cos(around) * np.sin(polar), np.sin(around) * np.sin(polar), np.cos(polar)])
    heights = 1 + bumps * np.random.default_rng(seed).uniform(-1, 1, (n_vertices, 1))
    return points * heights, ConvexHull(points).simplices


def hemispheres(n_vertices=300, names=("left", "right"), depth=True):
    """Meshes beside each other, as large as halves of a brain."""
    meshes = []
    for number, name in enumerate(names):
        points, triangles = ball(n_vertices, 0.1, number)
        depth_of = -np.linalg.norm(points, axis=1) if depth else None
        meshes.append(Mesh(name, points * [33, 85, 55] + [70 * number - 35, -15, 10], triangles, depth_of))
    return meshes
