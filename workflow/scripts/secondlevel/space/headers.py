"""What the header of an image says, and that it can be true: looked at before any voxel is read."""

import os
from dataclasses import dataclass

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError
from nibabel.volumeutils import apply_read_scaling

from secondlevel.base.errors import InputError
from secondlevel.space.affines import affine_of
from secondlevel.space.cifti_words import INTENTS, no_volume
from secondlevel.space.files import all_bytes, first_bytes, is_packed, parts_of, refusing, require_file, require_length

MOST = 4 * 10**8  # bytes of the voxels of an image, in the file or as the numbers that they become
LONGEST = 2**24  # bytes of a header, with what follows it in its file
# The formats by the size of their headers, and what marks them; Analyze has no mark.
SINGLE = {348: (nib.Nifti1Image, b"n+1\0"), 540: (nib.Nifti2Image, b"n+2\0\r\n\x1a\n")}
PAIR = {348: (nib.Nifti1Pair, b"ni1\0"), 540: (nib.Nifti2Pair, b"ni2\0\r\n\x1a\n")}
MARKED = {348: slice(344, 348), 540: slice(4, 12)}


@dataclass(frozen=True)
class Header:
    """What is known of an image before its voxels are read.

    Attributes
    ----------
    path : str
    shape : tuple of int
        Three lengths; trailing dimensions of length one are dropped.
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.
    oriented : bool
        Whether the header says how the axes lie; else left and right are left to chance.
    codes : tuple of int
        Of q-form and s-form, what each leads to.
    description : str
        What the header says in words.
    begin, size : int
        The byte where the voxels begin, and the bytes of the file that holds them, unpacked.
    fields : nibabel header
        As they are in the file.
    volumes : int
        How many volumes follow each other in the file.
    """

    path: str
    shape: tuple
    affine: np.ndarray
    oriented: bool
    codes: tuple
    description: str
    begin: int
    size: int
    fields: object
    volumes: int = 1

    def values(self, dtype=None):
        """Read the voxels, all of the file held against header and checksum.

        Parameters
        ----------
        dtype : numpy dtype, optional
            Of the values; by default that of the file, or float64 if its numbers are scaled.

        Returns
        -------
        ndarray, shape (x, y, z)
            It may be read-only.

        Raises
        ------
        InputError
            If the file is damaged, or a number is too large for the type.
        """
        return self.volume(self.content(), 0, dtype)

    def content(self):
        """All bytes of the file that holds the voxels, unpacked."""
        header, voxels = parts_of(self.path)
        content = all_bytes(voxels, self.size, self.size)
        if header != voxels:
            all_bytes(header, self.fields.sizeof_hdr, LONGEST)
        return content

    def volume(self, content, number, dtype=None):
        """The voxels of one of the volumes, numbered from 0, from `content`; see `values`."""
        numbers, n = self.fields.get_data_dtype(), int(np.prod(self.shape))
        # Without a copy: the voxels of one map may be much of what memory there is.
        data = np.frombuffer(content, numbers, n, self.begin + number * n * numbers.itemsize)
        try:
            with np.errstate(over="raise"):
                data = apply_read_scaling(data.reshape(self.shape, order="F"), *self.fields.get_slope_inter())
                return data if dtype is None else data.astype(dtype, copy=False)
        except FloatingPointError:
            raise InputError(
                f"The image {self.path} holds numbers that are too large, beyond {np.finfo(np.float32).max:.2g}; write "
                "it anew in a larger unit, or with NaN where it has no value."
            ) from None

    def require_oriented(self):
        """An `InputError` if the header does not say how the axes lie."""
        if not self.oriented:
            raise InputError(
                f"The header of {self.path} does not say how its axes lie (neither s-form nor q-form), so that left "
                "and right would be left to chance; write it anew with an affine that is right."
            )


def read_header(path, series=False, flat=False):
    """Read the header of an image, and check all that can be checked without its voxels.

    Parameters
    ----------
    path : str or Path
        As for `images.load_image`.
    series : bool
        Whether several volumes may follow each other.
    flat : bool
        Whether it may have two dimensions, as images that show no brain can; the third then has the length 1.

    Returns
    -------
    Header

    Raises
    ------
    InputError
        If there is no such file, it is no image, or its header says what cannot be.
    """
    path = str(path)
    name, voxels = parts_of(path)
    for part in dict.fromkeys((voxels, name)):
        require_file(part)
    start = first_bytes(name, 540)
    kind, order = kind_of(name, start, SINGLE if name == voxels else PAIR)
    with refusing(path):
        length = kind.header_class.sizeof_hdr
        raw = kind.header_class(start[:length], order, check=False)
        *shape, volumes = shape_of(path, raw, series, flat)
        shape = tuple(shape)
        require_scale(path, raw)
        size = shape[0] * shape[1] * shape[2] * bytes_of_number(path, raw, shape) * volumes
        begin = beginning(path, raw, length + 4 if name == voxels else 0)
        if not is_packed(voxels):
            require_length(voxels, os.path.getsize(voxels), begin + size, begin + size)
        affine, oriented, codes = affine_of(path, kind, raw, shape)
        description = raw["descrip"].item().decode("latin-1")
    return Header(path, shape, affine, oriented, codes, description, begin, begin + size, raw, volumes)


def kind_of(path, start, formats):
    """The class of an image in nibabel, and the order of its bytes, from the beginning of its header."""
    for order, name in (("<", "little"), (">", "big")):
        length = int.from_bytes(start[:4], name)
        if length in formats and len(start) >= length:
            kind, mark = formats[length]
            found = start[MARKED[length]]
            if found == mark:
                return kind, order
            if formats is PAIR and length == 348 and found[:3] not in (b"n+1", b"ni1"):
                return nib.Spm2AnalyzeImage, order
    raise InputError(f"The file {path} is not an image that can be read: it does not begin as NIfTI or Analyze does.")


def shape_of(path, header, series, flat):
    """The three lengths of an image, of which the last ones may not be told, and the number of its volumes."""
    n = int(header["dim"][0])
    dims = tuple(int(length) for length in header["dim"][1 : n + 1]) if 1 <= n <= 7 else ()
    intent = int(header["intent_code"]) if header.sizeof_hdr == 540 else 0
    if intent in INTENTS:
        raise InputError(no_volume(path, intent))
    volumes, *others = [*dims[3:], 1]
    if (
        n < 3 - flat
        or len(dims) < 3 - flat
        or min(dims) < 1
        or max(others, default=1) > 1
        or (volumes > 1 and not series)
    ):
        raise InputError(f"The image {path} has shape {dims}, but one three-dimensional map is needed.")
    lengths = dims if n == 2 else header.get_data_shape()
    return *(int(length) for length in (*lengths, 1)[:3]), volumes


def bytes_of_number(path, header, shape):
    """The bytes of a voxel, if voxels are real numbers and there are not too many."""
    try:
        dtype = header.get_data_dtype()
    except (HeaderDataError, KeyError):
        dtype = np.dtype("V")
    if dtype.kind not in "iuf" or dtype.itemsize == 0:
        what = {"c": "complex numbers"}.get(dtype.kind, f"numbers of the type {int(header['datatype'])}")
        raise InputError(
            f"The file {path} is not an image that can be read: it holds {what}, and real numbers are needed; "
            "convert it."
        )
    scaled = header.get_slope_inter() not in ((None, None), (1, 0))
    if shape[0] * shape[1] * shape[2] * max(dtype.itemsize, 8 if scaled else 4) > MOST:
        raise InputError(
            f"The image {path} has shape {shape}, more than {MOST:,} bytes of voxels; is its header broken?"
        )
    return dtype.itemsize


def beginning(path, header, least):
    """The byte where the voxels begin."""
    begin = float(header["vox_offset"])
    if not (least <= begin <= LONGEST and begin == int(begin)):
        raise InputError(
            f"The image {path} is broken or cut short: its header says that the voxels begin at byte {begin:g}; make "
            "it anew."
        )
    return int(begin)


def require_scale(path, header):
    """An `InputError` if values cannot be what a header scales them by; 0 and NaN say that it does not scale them."""
    slope, intercept = (float(header[name]) for name in ("scl_slope", "scl_inter"))
    try:
        used = header.get_slope_inter()
    except HeaderDataError:
        used = (slope, intercept)
    if np.isinf(slope) or not all(np.isfinite(number) for number in used if number is not None):
        raise InputError(
            f"The image {path} is broken or cut short: its header scales values by {slope:g} and adds {intercept:g}; "
            "make it anew."
        )
