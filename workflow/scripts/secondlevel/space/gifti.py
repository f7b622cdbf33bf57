"""GIFTI: values, regions and surfaces, a file for each hemisphere or other mesh."""

import nibabel as nib
import numpy as np
from nibabel.gifti import GiftiDataArray, GiftiImage, GiftiLabel, GiftiLabelTable, GiftiMetaData
from nibabel.nifti1 import intent_codes

from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing
from secondlevel.space.contents import content_of, real_values, whole_numbers
from secondlevel.space.files import refusing
from secondlevel.space.intents import UNSPECIFIED
from secondlevel.space.labels import colours, labels_of, named

POINTS, TRIANGLES, LABEL = (f"NIFTI_INTENT_{name}" for name in ("POINTSET", "TRIANGLE", "LABEL"))
STRUCTURE = "AnatomicalStructurePrimary"


def read_values(path):
    """Read a value for each vertex.

    Parameters
    ----------
    path : str
        ``.func.gii``, ``.shape.gii`` or ``.gii``, packed by gzip or not, of one map.

    Returns
    -------
    values : ndarray of float32, shape (n_vertices,)
    structure : str or None
        What the file says it is of, such as ``CortexLeft``.

    Raises
    ------
    InputError
        If the file cannot be read, or does not hold one map of real numbers: a surface, regions, several maps.
    """
    image = image_of(path)
    if any(intent_of(array) in (POINTS, TRIANGLES) for array in image.darrays):
        raise InputError(
            f"The file {path} holds a surface and not a map: vertices and triangles, but no values; name the file of "
            "the values, and this one as the surface that they lie on."
        )
    array = only_map(path, image)
    if intent_of(array) == LABEL:
        raise InputError(f"The file {path} holds numbers of regions and not a map; name the file of the values.")
    return real_values(path, one_row(path, array)), structure_of(image)


def read_labels(path):
    """Read the region of each vertex from a ``.label.gii`` file.

    Returns
    -------
    labels : Labels
    structure : str or None

    Raises
    ------
    InputError
        If the file cannot be read, holds no regions or several sets of them, or its table does not name all.
    """
    image = image_of(path)
    table = {label.key: label.label or "" for label in image.labeltable.labels}
    if not table:
        raise InputError(f"The file {path} has no table of labels; an atlas of a surface is a .label.gii or .annot.")
    numbers = whole_numbers(path, one_row(path, only_map(path, image)))
    return labels_of(path, numbers, table), structure_of(image)


def read_mesh(path):
    """Read a surface. Coordinates are taken as they stand; a matrix that leads to another space is not applied.

    Parameters
    ----------
    path : str
        ``.surf.gii`` or ``.gii``, packed by gzip or not.

    Returns
    -------
    vertices : ndarray of float64, shape (n_vertices, 3)
        In mm.
    triangles : ndarray of int64, shape (n_triangles, 3)
        Not yet checked: see `meshes.Mesh`.
    structure : str or None

    Raises
    ------
    InputError
        If the file cannot be read, or is not one surface.
    """
    image = image_of(path)
    found = [[array for array in image.darrays if intent_of(array) == intent] for intent in (POINTS, TRIANGLES)]
    if any(len(arrays) != 1 for arrays in found):
        held = f"{len(found[0])} sets of vertices and {len(found[1])} of triangles"
        raise InputError(
            f"The file {path} is not a surface that can be read: it holds {held}, and one of each is needed; name a "
            ".surf.gii file."
        )
    vertices, triangles = (array.data for (array,) in found)
    for what, data in (("vertices", vertices), ("triangles", triangles)):
        if data is None or data.ndim != 2 or data.shape[1] != 3:
            shape = None if data is None else data.shape
            raise InputError(f"The surface {path} has {what} of shape {shape}, and (n, 3) is needed; make it anew.")
    return (
        real_values(path, vertices).astype(float),
        whole_numbers(path, triangles, "the corners of its triangles"),
        structure_of(image),
    )


def image_of(path):
    """A GIFTI file as nibabel has it."""
    if not str(path).lower().endswith((".gii", ".gii.gz")):
        raise InputError(f"The file {path} is not GIFTI, whose names end in .gii; convert it.")
    content = content_of(path)
    if b"ExternalFileBinary" in content:
        raise InputError(
            f"The file {path} keeps its numbers in another file (ExternalFileBinary), which is not read; write it anew "
            "with GZIP_BASE64_BINARY."
        )
    with refusing(path):
        image = GiftiImage.from_bytes(content)
        if not isinstance(image, GiftiImage):  # XML of another kind
            raise ValueError("it is XML, but not GIFTI")
        return image


def only_map(path, image):
    """The one array of a file."""
    n = len(image.darrays)
    if any(intent_of(array) == "NIFTI_INTENT_NODE_INDEX" for array in image.darrays):
        raise InputError(f"The file {path} lists only some vertices (NODE_INDEX); write it with a value for each.")
    if n != 1:
        raise InputError(
            f"The file {path} holds {n or 'no'} maps, and one is needed"
            + (
                "; write the one to analyse to a file of its own (wb_command -metric-merge)."
                if n
                else "; make it anew."
            )
        )
    return image.darrays[0]


def one_row(path, array):
    """The numbers of an array, in one row."""
    data = array.data
    if data is None or data.size == 0:
        raise InputError(f"The file {path} holds no values; make it anew.")
    if data.size != max(data.shape):
        raise InputError(
            f"The file {path} holds values of shape {data.shape}, and one for each vertex is needed; write the map to "
            "analyse to a file of its own."
        )
    return data.ravel()


def intent_of(array):
    """What an array says that it holds, as NIfTI names it."""
    return intent_codes.niistring[array.intent]


def structure_of(image):
    """What a file says that it is of, None if it does not."""
    told = [held.meta[STRUCTURE] for held in (image, *image.darrays) if held.meta.get(STRUCTURE)]
    return told[0] if told else None


def write_values(path, values, structure=None, name="", intent=UNSPECIFIED):
    """Write a value for each vertex; equal values make equal files.

    Parameters
    ----------
    path : str
    values : ndarray, shape (n_vertices,)
        Written as float32.
    structure : str, optional
        What they are of, such as ``CortexLeft``.
    name : str
        Of the map.
    intent : Intent
        What the values are, in terms of NIfTI.
    """
    meta = {"Name": name or intent.label} | {f"Intent_p{k}": f"{p:g}" for k, p in enumerate(intent.parameters, 1)}
    array = packed(np.asarray(values, dtype=np.float32), intent.kind, meta)
    save(path, [array], structure)


def write_labels(path, numbers, structure=None, name="", names=None):
    """Write the region of each vertex, such as the number of its cluster; 0 is none.

    Parameters
    ----------
    path : str
        Ends in ``.label.gii``.
    numbers : ndarray of int, shape (n_vertices,)
    structure, name
        As for `write_values`.
    names : dict of str by int, optional
        By default "cluster 1" and so on.
    """
    names, table = named(numbers, names), GiftiLabelTable()
    rows = [(0, "???", (0, 0, 0, 0))]
    rows += [(number, names[number], (*colours([number])[0] / 255, 1)) for number in names]
    for number, text, colour in rows:
        label = GiftiLabel(number, *(round(float(part), 4) for part in colour))
        label.label = text
        table.labels.append(label)
    save(path, [packed(np.asarray(numbers, dtype=np.int32), LABEL, {"Name": name})], structure, table)


def write_mesh(path, vertices, triangles, structure=None):
    """Write a surface of vertices in mm, shape (n_vertices, 3), and triangles, shape (n_triangles, 3)."""
    points = packed(np.asarray(vertices, dtype=np.float32), POINTS, {STRUCTURE: structure} if structure else {})
    save(path, [points, packed(np.asarray(triangles, dtype=np.int32), TRIANGLES, {})], structure)


def packed(data, intent, meta):
    """An array of a file, with what it says of itself."""
    told = {key: text for key, text in meta.items() if text}
    kind = {"float32": "NIFTI_TYPE_FLOAT32", "int32": "NIFTI_TYPE_INT32"}[data.dtype.name]
    return GiftiDataArray(data, intent, kind, encoding="GIFTI_ENCODING_B64GZ", meta=GiftiMetaData(told))


def save(path, arrays, structure, table=None):
    """Write a file of some arrays."""
    meta = GiftiMetaData({STRUCTURE: structure} if structure else {})
    image = GiftiImage(meta=meta, labeltable=table, darrays=arrays)
    with replacing(path) as part:
        nib.save(image, part)
