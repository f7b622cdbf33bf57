"""The region of each vertex of some meshes, by an atlas that has a file for each of them."""

from collections import Counter

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.space.forms import part_in_words
from secondlevel.space.freesurfer import read_labels as read_annot
from secondlevel.space.gifti import read_labels
from secondlevel.space.hemispheres import require_side
from secondlevel.space.labels import Labels
from secondlevel.space.units import VERTICES
from secondlevel.space.vertices import is_gifti


def read_regions(path):
    """The `Labels` of a ``.label.gii`` or ``.annot`` file, and the structure that the file says, or None."""
    return read_labels(path) if is_gifti(path) else (read_annot(path), None)


def regions_of_parts(files, sizes):
    """The region of each vertex, mesh after mesh.

    Parameters
    ----------
    files : list of str
        A file for each mesh.
    sizes : dict of int
        The number of vertices of each mesh, by its name.

    Returns
    -------
    Labels
        Regions of two meshes with the same name are told apart by that of the mesh.

    Raises
    ------
    InputError
        If a file cannot be read, is of the other hemisphere, or of another mesh.
    """
    found = {}
    for path, (part, size) in zip(files, sizes.items(), strict=True):
        found[part], structure = read_regions(path)
        require_side(path, part, structure)
        if found[part].numbers.size != size:
            raise InputError(
                f"The atlas {path} is of {VERTICES.counted(found[part].numbers.size)}, and the mesh of the "
                f"{part_in_words(part)} has {size:,}; take the atlas of the same mesh."
            )
    times = Counter(name for labels in found.values() for name in set(labels.names.values()))
    numbers, names = [], {}
    for part, labels in found.items():
        before = max(names, default=0)
        numbers.append(np.where(labels.numbers, labels.numbers + before, 0))
        for number, name in labels.names.items():
            names[number + before] = f"{name} ({part})" if times[name] > 1 else name
    return Labels(np.concatenate(numbers), names)
