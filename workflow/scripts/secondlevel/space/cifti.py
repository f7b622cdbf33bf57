"""CIFTI-2: maps and regions of grayordinates and of parcels."""

import re

import nibabel as nib
import numpy as np
from nibabel.cifti2 import BrainModelAxis, Cifti2Image, LabelAxis, ParcelsAxis, ScalarAxis, SeriesAxis

from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing
from secondlevel.space.cifti_axes import axis_of, places_in
from secondlevel.space.cifti_words import INTENTS, OTHERS
from secondlevel.space.contents import content_of, real_values, whole_numbers
from secondlevel.space.files import refusing
from secondlevel.space.labels import colours, labels_of, named

EXTENSION = 32  # the code of the XML in the header
MAPS = re.compile(rb"<MatrixIndicesMap\b[^>]*(?:/>|(?<!/)>.*?</MatrixIndicesMap>)", re.S)
# What there is along both dimensions of what is no map, as intents tell it.
OF_AXES = {
    (BrainModelAxis, BrainModelAxis): OTHERS[3001],
    (SeriesAxis, BrainModelAxis): OTHERS[3002],
    (ParcelsAxis, ParcelsAxis): OTHERS[3003],
    (SeriesAxis, ParcelsAxis): OTHERS[3004],
    (LabelAxis, BrainModelAxis): ("numbers of regions (dlabel)", "name the file of the values"),
    (LabelAxis, ParcelsAxis): ("numbers of regions (plabel)", "name the file of the values"),
}
WRITTEN = {
    (ScalarAxis, BrainModelAxis): "NIFTI_INTENT_CONNECTIVITY_DENSE_SCALARS",
    (ScalarAxis, ParcelsAxis): "NIFTI_INTENT_CONNECTIVITY_PARCELLATED_SCALAR",
    (LabelAxis, BrainModelAxis): "NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS",
}


def read_scalar(path):
    """Read a value for each grayordinate or parcel.

    Parameters
    ----------
    path : str
        ``.dscalar.nii`` or ``.pscalar.nii`` of one map.

    Returns
    -------
    values : ndarray of float32, shape (n_elements,)
    axis : BrainModelAxis or ParcelsAxis
        Of nibabel; files whose elements are described by the same text have the same object.

    Raises
    ------
    InputError
        If the file cannot be read, or is not one map: time series, connectivity, regions, several maps.
    """
    image, (maps, elements) = matrix_of(path)
    if not isinstance(maps, ScalarAxis) or not isinstance(elements, BrainModelAxis | ParcelsAxis):
        raise InputError(f"The file {path} {refusal(maps, elements)}.")
    return real_values(path, only_map(path, image, maps)), elements


def read_labels(path):
    """Read the region of each grayordinate or parcel from a ``.dlabel.nii`` or ``.plabel.nii`` file of one map.

    Returns
    -------
    labels : Labels
    axis : BrainModelAxis or ParcelsAxis

    Raises
    ------
    InputError
        If the file cannot be read, holds something else, or its table does not name all of its regions.
    """
    image, (maps, elements) = matrix_of(path)
    if not isinstance(maps, LabelAxis) or not isinstance(elements, BrainModelAxis | ParcelsAxis):
        raise InputError(f"The file {path} is not an atlas that can be read: a .dlabel.nii file names regions.")
    numbers = whole_numbers(path, only_map(path, image, maps))
    return labels_of(path, numbers, {int(key): name for key, (name, _) in maps.label[0].items()}), elements


def atlas_on(axis, path):
    """The `Labels` of an atlas at the elements of maps; an `InputError` if it is of another mesh or grid."""
    labels, elements = read_labels(path)
    try:
        return labels.at(places_in(axis, elements))
    except ValueError as why:
        raise InputError(f"The atlas {path} does not fit the maps: {why}; take one of the same meshes.") from None


def matrix_of(path):
    """A CIFTI-2 file as a NIfTI-2 image, and its two axes."""
    content = content_of(path)
    start = nib.Nifti2Header(content[:540], check=False) if len(content) >= 540 else None
    if content[:4] not in (b"\x1c\x02\0\0", b"\0\0\x02\x1c") or start is None:
        raise InputError(
            f"The file {path} is not CIFTI-2: it does not begin as such files do; maps of grayordinates are "
            ".dscalar.nii, those of parcels .pscalar.nii."
        )
    if int(start["intent_code"]) not in INTENTS:
        raise InputError(
            f"The file {path} is a NIfTI volume and not CIFTI-2; name a .dscalar.nii or .pscalar.nii file."
        )
    with refusing(path):
        image = nib.Nifti2Image.from_bytes(content)
        texts = [found.content for found in image.header.extensions if found.get_code() == EXTENSION]
        if len(texts) != 1:
            raise ValueError("its header does not say what its elements are")
        if re.search(rb'<CIFTI\s+Version="1', texts[0]):
            raise ValueError("it is CIFTI-1, and CIFTI-2 is read; convert it (wb_command -file-convert)")
        axes = {}
        for xml in MAPS.findall(texts[0]):
            dimensions, axis = axis_of(xml)
            axes |= dict.fromkeys(dimensions, axis)
        shape = image.shape[4:]
        if sorted(axes) != list(range(len(shape))) or [len(axes[k]) for k in range(len(shape))] != list(shape):
            raise ValueError(f"it holds numbers of shape {shape}, and its header says what others are")
    if len(axes) != 2:
        raise InputError(f"The file {path} has {len(axes)} dimensions, and a map has two; name a .dscalar.nii file.")
    return image, (axes[0], axes[1])


def refusal(maps, elements):
    """What a file is in place of a map, and what to do, from its axes."""
    what, advice = OF_AXES.get((type(maps), type(elements)), ("a matrix of another kind", "name a .dscalar.nii file"))
    points = f" of {maps.size:,} time points" if isinstance(maps, SeriesAxis) else ""
    return f"holds {what}{points} and not one map; {advice}"


def only_map(path, image, maps):
    """The numbers of the one map of a file."""
    if maps.size != 1:
        raise InputError(
            f"The file {path} holds {maps.size:,} maps, and one is needed; write the one to analyse to a file of its "
            "own (wb_command -cifti-merge with -column)."
        )
    with refusing(path):
        return np.asarray(image.dataobj).ravel()


def write_scalar(path, values, axis, name=""):
    """Write a value for each grayordinate or parcel; equal values make equal files.

    Parameters
    ----------
    path : str
        Ends in ``.dscalar.nii`` or ``.pscalar.nii``.
    values : ndarray, shape (n_elements,)
        Written as float32.
    axis : BrainModelAxis or ParcelsAxis
    name : str
        Of the map.
    """
    save(path, np.asarray(values, dtype=np.float32), ScalarAxis([name]), axis)


def write_labels(path, numbers, axis, name="", names=None):
    """Write the region of each grayordinate, such as the number of its cluster, as ``.dlabel.nii``; 0 is none.

    Parameters
    ----------
    path : str
    numbers : ndarray of int, shape (n_elements,)
    axis : BrainModelAxis
    name : str
        Of the map.
    names : dict of str by int, optional
        By default "cluster 1" and so on.
    """
    table = {0: ("???", (0.0, 0.0, 0.0, 0.0))}
    for number, text in named(numbers, names).items():
        table[number] = text, (*(round(float(part), 4) for part in colours([number])[0] / 255), 1.0)
    save(path, np.asarray(numbers, dtype=np.int32), LabelAxis([name], [table]), axis)


def save(path, data, maps, elements):
    """Write one map."""
    image = Cifti2Image(data[np.newaxis], (maps, elements))
    image.nifti_header.set_intent(WRITTEN[type(maps), type(elements)])
    with replacing(path) as part:
        nib.save(image, part)
