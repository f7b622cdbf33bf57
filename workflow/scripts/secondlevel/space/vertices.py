"""Maps of vertices, read and written in the format that the name of a file tells."""

import numpy as np

from secondlevel.space.freesurfer import read_values as read_freesurfer
from secondlevel.space.freesurfer import write_values as write_freesurfer
from secondlevel.space.gifti import read_labels, read_values, write_labels, write_values


def is_gifti(path):
    """Whether a name is that of a GIFTI file; else it is one of FreeSurfer."""
    return str(path).lower().endswith((".gii", ".gii.gz"))


def read_vertices(path):
    """A value for each vertex, float32 of shape (n_vertices,), and the structure that the file says, or None."""
    return read_values(path) if is_gifti(path) else (read_freesurfer(path), None)


def read_chosen(path):
    """Which vertices a mask has, an array of bool; of regions, those that are one."""
    if str(path).lower().endswith((".label.gii", ".label.gii.gz")):
        return read_labels(path)[0].numbers != 0
    return np.nan_to_num(read_vertices(path)[0]) != 0


def write_vertices(path, values, structure, intent):
    """Write a value for each vertex, float32 or int32, with what it is."""
    if str(path).endswith(".label.gii"):
        write_labels(path, values, structure, intent.label)
    elif is_gifti(path):
        write_values(path, values, structure, intent.label, intent)
    else:
        write_freesurfer(path, values)
