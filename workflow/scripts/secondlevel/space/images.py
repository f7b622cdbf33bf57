"""Read and write brain images. Only this folder knows their file formats."""

from importlib.metadata import version

import nibabel as nib
import numpy as np

from secondlevel import __version__
from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing, write_json
from secondlevel.space.forms import sidecar
from secondlevel.space.headers import read_header
from secondlevel.space.intents import set_intent
from secondlevel.space.reference import UNKNOWN, set_codes, set_space


def load_image(path):
    """Read a three-dimensional image as it is, to its last byte.

    Parameters
    ----------
    path : str
        NIfTI (``.nii``, ``.nii.gz``) or Analyze pair (``.img`` with its ``.hdr``). Trailing dimensions of
        length one are dropped.

    Returns
    -------
    data : ndarray of float32, shape (x, y, z)
    affine : ndarray, shape (4, 4)
        From voxel indices to millimetres.

    Raises
    ------
    InputError
        If the file is missing, damaged or no three-dimensional image of real numbers.
    """
    header = read_header(path)
    return header.values(np.float32), header.affine


def read_labels(path):
    """Read an image of whole numbers, such as an atlas.

    Parameters
    ----------
    path : str
        As for `load_image`.

    Returns
    -------
    data : ndarray of int, shape (x, y, z)
    affine : ndarray, shape (4, 4)

    Raises
    ------
    InputError
        As `load_image`, if it does not say how its axes lie, and if a number is not whole.
    """
    header = read_header(path)
    header.require_oriented()
    data = header.values()
    if data.dtype.kind in "iu":
        return data, header.affine
    with np.errstate(invalid="ignore"):
        whole = data.astype(np.int64)
    wrong = data[whole != data]  # NaN, fractions, and what is too large for 64 bits
    if wrong.size:
        raise InputError(
            f"The image {path} must hold whole numbers, those of its regions, but it holds {wrong[0]:g} and others in "
            f"{wrong.size:,} voxels; write it anew as integers (resampling must take the nearest voxel)."
        )
    return whole, header.affine


def read_image(path, grid=None):
    """Read a three-dimensional image, onto another grid if one is asked for.

    Parameters
    ----------
    path : str
        As for `load_image`, which also says what is returned and raised.
    grid : tuple, optional
        Shape and affine of the grid onto which the image is resampled, linearly; NaN where it has no value.
    """
    data, affine = load_image(path)
    return (resampled(data, affine, grid), grid[1]) if grid else (data, affine)


def resampled(data, affine, grid):
    """An array of shape (x, y, z) on another grid; a value that is mostly made of missing ones is missing."""

    from nibabel.processing import resample_from_to  # slow to import, and rarely needed

    def onto(values):
        image = nib.Nifti1Image(values.astype(np.float32), affine)
        return np.asarray(resample_from_to(image, grid, order=1, mode="constant", cval=0).dataobj)

    known = np.isfinite(data)
    weight = onto(known)
    values = onto(np.where(known, data, 0)) / np.where(weight > 0, weight, 1)
    return np.where(weight >= 0.5, values, np.nan).astype(np.float32)


def nifti(data, affine, codes=UNKNOWN):
    """A NIfTI-1 image of an array of shape (x, y, z), with codes of q-form and s-form."""
    image = nib.Nifti1Image(data, affine)
    image.header.set_xyzt_units("mm")
    set_codes(image.header, codes, data.shape)
    return image


def write_image(path, data, affine, codes=UNKNOWN, space=None, intent=None):
    """Write an array of shape (x, y, z) as NIfTI-1; ``.nii.gz`` files hold no time, so equal data make equal files.

    Parameters
    ----------
    path : str
    data : ndarray, shape (x, y, z)
    affine : ndarray, shape (4, 4)
    codes : tuple of int, optional
        Of q-form and s-form.
    space : str, optional
        The label of the space.
    intent : Intent, optional
        What the values are; with it, the header has a range to display.
    """
    image = nifti(data, affine, codes)
    set_space(image.header, space)
    if intent:
        set_intent(image.header, intent, data)
    with replacing(path) as part:
        nib.save(image, part)


def about_software(about, space=None):
    """What a JSON file says, with the space and the versions of the software that made it."""
    software = {name: version(name) for name in ("numpy", "scipy", "nibabel")}
    told = {"SpatialReference": space} if space else {}
    return about | told | {"Software": {"secondlevel": __version__} | software}


def write_sidecar(path, about, space=None):
    """Write the JSON file of a map's name, with its space and the versions of the software that made it."""
    write_json(sidecar(path), about_software(about, space))
