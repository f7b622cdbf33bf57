"""Where an image lies: which of the two forms of its header counts, and whether that can be."""

import logging
import os
import struct
import zlib
from itertools import product

import nibabel as nib
import numpy as np
from nibabel.affines import apply_affine
from nibabel.spatialimages import HeaderDataError

from secondlevel.base.errors import InputError
from secondlevel.space.files import first_bytes, require_file
from secondlevel.space.matfiles import matrices

# Its remarks on headers name no file, and what matters of them is told here.
nib.imageglobals.logger.setLevel(logging.CRITICAL)
EDGES = 1e-3, 1e3  # mm, of a voxel
FARTHEST = 1e6  # mm, of the first voxel from the origin
LONGEST_MAT = 2**16  # bytes of a file with a matrix or two
FROM_1 = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]])  # indices as MATLAB counts them
UNITS = {1: "metres", 3: "micrometres"}  # codes of what is not mm; 0 is unknown, and taken for mm


def edges(affine):
    """The edges of a voxel in mm, shape (3,)."""
    return np.sqrt((affine[:3, :3] ** 2).sum(axis=0))


def corners(shape):
    """The indices of the voxels at the corners of a grid, shape (8, 3)."""
    return np.array(list(product(*((0, length - 1) for length in shape))), dtype=float)


def apart(affine, other, shape):
    """How far the corners of a grid lie apart by two affines, at most, in voxels of the first."""
    there = corners(shape)
    inverse = np.linalg.inv(affine)
    return float(np.abs(apply_affine(inverse @ other, there) - there).max())


def is_usable(affine):
    """Whether an affine is finite, not singular, and its voxels have the size of voxels."""
    if affine is None or not np.isfinite(affine).all():
        return False
    sizes = edges(affine)
    likely = (sizes >= EDGES[0]).all() and (sizes <= EDGES[1]).all() and np.abs(affine[:3, 3]).max() <= FARTHEST
    return bool(likely and abs(np.linalg.det(affine[:3, :3])) > 1e-6 * sizes.prod())


def affine_of(path, kind, raw, shape):
    """Where an image lies.

    The s-form counts if it is there and can be, else the q-form, else the size of the voxels alone; of Analyze, what
    nibabel makes of header and ``.mat``.

    Parameters
    ----------
    path : str
    kind : type
        The image's class in nibabel.
    raw : nibabel header
        As it is in the file.
    shape : tuple of int

    Returns
    -------
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    oriented : bool
        Whether it is known how the axes lie.
    codes : tuple of int
        Of q-form and s-form, what each leads to; 0 of one that is not there or cannot be.

    Raises
    ------
    InputError
        If no form can be, both are given and disagree, or lengths are not in mm.
    """
    if "sform_code" not in raw:
        return of_analyze(path, kind, raw)
    unit = UNITS.get(int(raw["xyzt_units"]) & 7)
    if unit:
        raise InputError(f"The image {path} is given in {unit}; write it anew in mm, affine and xyzt_units alike.")
    # With nibabel's own mends, as of a negative pixdim.
    forms, oriented, codes = usable_forms(kind.header_class(raw.binaryblock, raw.endianness), raw)
    if not forms:
        raise InputError(f"The image {path} has an affine that is singular or no number; write its header anew.")
    if len(forms) == 2 and apart(*forms, shape) > 1:
        raise InputError(
            f"The image {path} says in two ways where it lies, s-form and q-form, which are more than a voxel apart; "
            "make both the right one."
        )
    return forms[0], oriented, codes


def usable_forms(header, raw):
    """The affines of a NIfTI header that can be, the one that counts first; whether any form is given; their codes."""
    if not (header["sform_code"] or header["qform_code"]):
        found = [header.get_base_affine()] if has_sizes(raw) else []
        return [form for form in found if is_usable(form)], False, (0, 0)
    s_form = header.get_sform() if header["sform_code"] else None
    found = {"qform_code": q_form(header) if header["qform_code"] else None, "sform_code": s_form}
    codes = tuple(int(header[code]) if is_usable(form) else 0 for code, form in found.items())
    return [form for form in reversed(found.values()) if is_usable(form)], True, codes


def has_sizes(raw):
    """Whether a header, as it is in the file, says how large voxels are; nibabel takes 0 for 1."""
    return bool(np.all(raw["pixdim"][1:4]))


def q_form(header):
    """The affine of a header's q-form; None if it is none."""
    try:
        return header.get_qform()
    except (HeaderDataError, ValueError):
        return None


def of_analyze(path, kind, raw):
    """As `affine_of`, of an Analyze pair, whose header does not say how the axes lie; SPM's ``.mat`` beside it does."""
    mat = kind.filespec_to_file_map(path)["mat"].filename
    oriented = os.path.lexists(mat)
    if oriented:
        affine = of_matrix(mat)
    else:
        affine = kind.header_class(raw.binaryblock, raw.endianness).get_best_affine() if has_sizes(raw) else None
    if not is_usable(affine):
        raise InputError(f"The image {path} has an affine that is singular or no number; write its header anew.")
    return affine, oriented, (0, 0)


def of_matrix(path):
    """The affine in a file of SPM: ``mat`` says it whole, ``M`` without the flip of Analyze. MATLAB counts from 1."""
    require_file(path)
    try:
        found = matrices(first_bytes(path, LONGEST_MAT))
        affine = found["mat"] if "mat" in found else np.diag([-1, 1, 1, 1]) @ found["M"]
        affine = affine[:, :, 0] if affine.ndim == 3 else affine
        return affine.reshape(4, 4) @ FROM_1
    except (ValueError, LookupError, struct.error, zlib.error):
        raise InputError(
            f"The file {path}, which says where the image beside it lies, holds no matrix of SPM that can be read; "
            "write it anew, or remove it."
        ) from None
