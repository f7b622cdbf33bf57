"""Small surfaces, grayordinates and files of them, made by nibabel and not by the core."""

import nibabel as nib
import numpy as np
import pytest
from nibabel.cifti2 import BrainModelAxis, Cifti2Image, ScalarAxis
from nibabel.gifti import GiftiDataArray, GiftiImage, GiftiMetaData

from secondlevel.base.errors import InputError

# An octahedron: six vertices, eight triangles, each edge in two of them.
VERTICES = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)
TRIANGLES = np.array([[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]])
VALUES = np.array([0.5, -1.25, np.nan, 3, 0, 7], dtype=np.float32)


def sphere(times, radius=10.0):
    """The octahedron, its triangles parted in four some times, on a sphere in mm: 6 vertices, 18, 66, 258 and so on."""
    vertices, triangles = VERTICES, TRIANGLES
    for _ in range(times):
        edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
        pairs, where = np.unique(edges, axis=0, return_inverse=True)
        ab, bc, ca = len(vertices) + where.reshape(3, -1)
        vertices = np.concatenate([vertices, vertices[pairs].mean(axis=1)])
        vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
        a, b, c = triangles.T
        parts = (a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)
        triangles = np.concatenate([np.column_stack(part) for part in parts])
    return radius * vertices, triangles


def sentence(function, *arguments, **more):
    """The one line by which something is refused."""
    with pytest.raises(InputError) as caught:
        function(*arguments, **more)
    told = str(caught.value)
    assert "\n" not in told
    return told


def gifti(path, *arrays, meta=None, labels=None):
    """Write arrays, each with its intent, as GIFTI."""
    made = [GiftiDataArray(data, intent, data.dtype, "GIFTI_ENCODING_B64GZ") for data, intent in arrays]
    image = GiftiImage(meta=GiftiMetaData(meta or {}), labeltable=labels, darrays=made)
    path.write_bytes(image.to_xml(mode="force"))  # types of numbers that GIFTI does not have, too
    return path


def surface(path, vertices=VERTICES, triangles=TRIANGLES, structure=None):
    """Write a mesh as GIFTI."""
    meta = {"AnatomicalStructurePrimary": structure} if structure else None
    arrays = (np.float32(vertices), "pointset"), (np.int32(triangles), "triangle")
    return gifti(path, *arrays, meta=meta)


def grayordinates(shape=(4, 3, 2)):
    """Some vertices of both hemispheres, six each, and some voxels of two structures."""
    left = BrainModelAxis.from_surface([0, 1, 3, 5], 6, "CortexLeft")
    right = BrainModelAxis.from_surface([0, 2, 3], 6, "CortexRight")
    affine = np.array([[-2.0, 0, 0, 6], [0, 2, 0, -4], [0, 0, 2, 1], [0, 0, 0, 1]])
    masks = [np.zeros(shape, dtype=bool) for _ in range(2)]
    masks[0][:2, 0, 0] = True
    masks[1][2, 1:, 1] = True
    parts = zip(masks, ("thalamus_left", "thalamus_right"), strict=True)
    return sum((BrainModelAxis.from_mask(mask, name, affine) for mask, name in parts), left + right)


def cifti(path, data, *axes, intent=None):
    """Write a matrix along two axes as CIFTI-2."""
    image = Cifti2Image(np.asarray(data), axes)
    if intent:
        image.nifti_header.set_intent(intent)
    nib.save(image, path)
    return path


def dense(path, data=None, axis=None, names=("map",)):
    """Write maps of grayordinates as a dscalar file."""
    axis = grayordinates() if axis is None else axis
    data = np.arange(len(axis), dtype=np.float32)[np.newaxis] if data is None else data
    return cifti(path, data, ScalarAxis(list(names)), axis, intent="NIFTI_INTENT_CONNECTIVITY_DENSE_SCALARS")
