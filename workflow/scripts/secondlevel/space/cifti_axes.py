"""The elements of CIFTI-2 files: vertices and voxels of structures, or parcels; and how those of two files differ."""

from functools import lru_cache

import numpy as np
from nibabel.cifti2 import BrainModelAxis, ParcelsAxis
from nibabel.cifti2.cifti2_axes import from_index_mapping
from nibabel.cifti2.parse_cifti2 import Cifti2Parser

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed, short
from secondlevel.space.units import PARCELS, STRUCTURES, VERTICES, VOXELS

START = "CIFTI_STRUCTURE_"
MILLIMETRES = -3  # the exponent of metres
CORTEX = {f"{START}CORTEX_LEFT": "left", f"{START}CORTEX_RIGHT": "right"}  # structures that the config names meshes of


@lru_cache(maxsize=8)  # to understand one takes a second, and all files of a study have the same
def axis_of(xml):
    """The axis that a part of the header of a CIFTI-2 file describes.

    Parameters
    ----------
    xml : bytes
        An element ``MatrixIndicesMap``.

    Returns
    -------
    dimensions : tuple of int
        Of the matrix, those that it describes.
    axis : nibabel axis

    Raises
    ------
    ValueError
        If it cannot be, in a clause; and whatever nibabel raises.
    """
    parser = Cifti2Parser()
    parser.parse(string=b'<CIFTI Version="2"><Matrix>' + xml + b"</Matrix></CIFTI>")
    (mapping,) = parser.header.matrix
    axis = from_index_mapping(mapping)
    if isinstance(axis, BrainModelAxis | ParcelsAxis) and axis.affine is not None:
        exponent = mapping.volume.transformation_matrix_voxel_indices_ijk_to_xyz.meter_exponent
        axis.affine = np.vstack([axis.affine[:3] * 10.0 ** (exponent - MILLIMETRES), axis.affine[3:]])
    if isinstance(axis, BrainModelAxis):
        require_grayordinates(axis)
    if isinstance(axis, ParcelsAxis):
        require_parcels(axis)
    return tuple(mapping.applies_to_matrix_dimension), axis


def require_grayordinates(axis):
    """A ValueError if vertices or voxels are there twice or cannot be."""
    for name, where, n_vertices in structures(axis):
        indices = axis.vertex[where] if n_vertices else axis.voxel[where]
        limits = n_vertices or np.array(axis.volume_shape)
        noun = "vertices" if n_vertices else "voxels"
        if (indices >= limits).any() or (indices < 0).any():
            raise ValueError(f"it has {noun} of the {words_of(name)} beyond the {limits} that there are")
        if len(np.unique(indices, axis=0)) < len(indices):
            raise ValueError(f"it has some {noun} of the {words_of(name)} twice")


def require_parcels(axis):
    """A ValueError if there are no parcels, or two of one name."""
    names, times = np.unique(axis.name, return_counts=True)
    if (times > 1).any():
        raise ValueError(f"it has {times.max()} parcels named '{short(names[times.argmax()])}', and names must differ")


def structures(axis):
    """The structures of grayordinates in their order.

    Yields
    ------
    name : str
        As CIFTI has it.
    where : ndarray of int
        The places of its elements.
    n_vertices : int or None
        Of the mesh that its vertices lie on; None if it has voxels.
    """
    names, first, number = np.unique(axis.name, return_index=True, return_inverse=True)
    for place in np.argsort(first):
        yield str(names[place]), np.flatnonzero(number == place), axis.nvertices.get(str(names[place]))


def words_of(structure):
    """A structure in words, such as "left cortex" for ``CIFTI_STRUCTURE_CORTEX_LEFT``."""
    words = structure.removeprefix(START).lower().split("_")
    side = words[-1:] if words[-1] in ("left", "right") else []
    return " ".join(side + words[: len(words) - len(side)])


def describe(axis):
    """What the elements are, such as "29,696 vertices of the left cortex and 31,870 voxels of 19 structures"."""
    if isinstance(axis, ParcelsAxis):
        return PARCELS.counted(len(axis))
    found = list(structures(axis))
    told = [f"{VERTICES.counted(len(where))} of the {words_of(name)}" for name, where, n in found if n]
    voxels = [(name, len(where)) for name, where, n in found if not n]
    if voxels:
        of = f"the {words_of(voxels[0][0])}" if len(voxels) == 1 else STRUCTURES.counted(len(voxels))
        told.append(f"{VOXELS.counted(sum(n for _, n in voxels))} of {of}")
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def difference(axis, other):
    """In what the elements of one file differ from those of another, as a clause on the one; None if they are the same.

    Parameters
    ----------
    axis, other : BrainModelAxis or ParcelsAxis
    """
    if axis is other:
        return None
    if type(axis) is not type(other):
        return f"it holds {describe(axis)}, and not {describe(other)}"
    return between_parcels(axis, other) if isinstance(axis, ParcelsAxis) else between_grayordinates(axis, other)


def between_parcels(axis, other):
    """`difference` of parcels."""
    lacking, more = (
        [name for name in one.name if name not in set(two.name)] for one, two in ((other, axis), (axis, other))
    )
    if lacking or more:
        told = [f"{word} {listed(names, 3)}" for word, names in (("lacks", lacking), ("has", more)) if names]
        return f"it has {PARCELS.counted(len(axis))} and not {len(other):,}: it {' and '.join(told)}"
    if not np.array_equal(axis.name, other.name):
        return "its parcels are in another order"
    return None if axis == other else "its parcels of the same names have other vertices or voxels"


def between_grayordinates(axis, other):
    """`difference` of vertices and voxels."""
    one, two = ({name: (where, n) for name, where, n in structures(each)} for each in (axis, other))
    for word, these, those in (("lacks", two, one), ("has", one, two)):
        names = [words_of(name) for name in these if name not in those]
        if names:
            return f"it {word} the {listed(names, 3)}"
    for name, (where, n) in one.items():
        places, expected = two[name]
        noun = "vertices" if n else "voxels"
        held = VERTICES.counted(len(where)) if n else VOXELS.counted(len(where))
        if n != expected:
            meshes = [f"of a mesh of {VERTICES.counted(m)}" if m else "of voxels" for m in (n, expected)]
            return f"its {words_of(name)} is {meshes[0]}, and not {meshes[1]}"
        if len(where) != len(places):
            return f"it has {held} of the {words_of(name)}, and not {len(places):,}"
        indices = [each.vertex if n else each.voxel for each in (axis, other)]
        if not np.array_equal(indices[0][where], indices[1][places]):
            return f"it has other {noun} of the {words_of(name)}, or in another order"
    if axis.affine is not None and not same_grid(axis, other):
        return "its voxels lie on another grid"
    return None if np.array_equal(axis.name, other.name) else "its structures are in another order"


def same_grid(axis, other):
    """Whether the voxels of two axes are numbered and placed alike."""
    return tuple(axis.volume_shape) == tuple(other.volume_shape) and np.allclose(axis.affine, other.affine, atol=1e-3)


def require_same(path, axis, first, expected):
    """An `InputError` that says in what the elements of a file differ from those of the first one, if they do."""
    why = difference(axis, expected)
    if why:
        raise InputError(f"The map {path} does not fit {first}: {why}; all maps of an analysis need the same elements.")


def places_in(axis, other):
    """Where each vertex and voxel, or each parcel by its name, is on another axis.

    Parameters
    ----------
    axis, other : BrainModelAxis or ParcelsAxis
        Two of a kind; voxels are looked up whatever structure they are of.

    Returns
    -------
    ndarray of int, shape (n_elements,)
        -1 where it is not.

    Raises
    ------
    ValueError
        If the two are of different meshes, grids or kinds, in a clause on the other.
    """
    if type(axis) is not type(other):
        raise ValueError(f"it holds {describe(other)}, and the maps hold {describe(axis)}")
    if isinstance(axis, ParcelsAxis):
        place = {name: number for number, name in enumerate(other.name)}
        return np.array([place.get(name, -1) for name in axis.name])
    found, named = np.full(len(axis), -1), {name: (where, n) for name, where, n in structures(other)}
    for name, where, n in structures(axis):
        places, n_there = named.get(name, (np.array([], dtype=int), n))
        if n and n != n_there:
            raise ValueError(
                f"its {words_of(name)} is of a mesh of {n_there:,} vertices, and that of the maps of {n:,}"
            )
        if n:
            at = np.full(n, -1)
            at[other.vertex[places]] = places
            found[where] = at[axis.vertex[where]]
    voxels, places = (np.flatnonzero(each.vertex < 0) for each in (axis, other))
    if len(voxels) and len(places):
        if not same_grid(axis, other):
            raise ValueError("its voxels lie on another grid than those of the maps")
        at = np.full(axis.volume_shape, -1)
        at[tuple(other.voxel[places].T)] = places
        found[voxels] = at[tuple(axis.voxel[voxels].T)]
    return found


def require_mesh(name, meshes):
    """An `InputError` if there is no mesh, by "left" and "right", of a structure that has vertices."""
    if CORTEX.get(name) not in meshes:
        raise InputError(
            f"Neighbours and areas of the vertices of the {words_of(name)} are those of its mesh: name it in the "
            "config key 'datasets.own.surfaces', or set smoothing_fwhm to 0, clusters and tfce to null."
        )
