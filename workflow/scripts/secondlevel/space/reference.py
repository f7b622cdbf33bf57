"""In which space images lie, as far as it is told: by the codes of their headers, and by ``space-`` in their names.

The mask is written with what all maps have in common, and every later image is written like the mask.
"""

import os
import re

from nibabel.nifti1 import xform_codes

from secondlevel.space.affines import apart
from secondlevel.space.headers import read_header

ALIGNED, MNI = 2, 4  # codes of NIfTI: aligned to something that the header does not name, or to the MNI152 brain
UNKNOWN = (0, ALIGNED)  # of q-form and s-form, where it is not told what they lead to
NEARLY = 0.01  # of a voxel, at the corners of a grid: as far apart as q-form and s-form may be written
LABEL = r"space-([A-Za-z0-9+]{1,60})"  # a header has room for 73 signs
OF_NAME, OF_HEADER = re.compile(rf"(?:^|_){LABEL}(?=_|\.)"), re.compile(LABEL)


def told_by(paths):
    """What images tell together of the space that they lie in.

    Parameters
    ----------
    paths : list of str
        At least one.

    Returns
    -------
    codes : tuple of int
        Of q-form and s-form.
    space : str or None
        Its label.
    """
    return shared_codes(read_header(path, series=True, flat=True).codes for path in paths), space_of_names(paths)


def shared_codes(codes):
    """The codes of q-form and s-form that images have in common.

    Parameters
    ----------
    codes : iterable of tuple
        Of the headers of at least one image.

    Returns
    -------
    tuple of int
        Theirs, if all have the same. Else no q-form, and for the s-form the code that counts in each, of its s-form or
        else of its q-form, if that is the same. `UNKNOWN` where nothing is told; a code that NIfTI does not have
        counts as `ALIGNED`.
    """
    found = {tuple(code if code in xform_codes else ALIGNED for code in pair) for pair in codes}
    counting = {s_form or q_form for q_form, s_form in found}
    if len(counting) > 1 or 0 in counting:
        return UNKNOWN
    return found.pop() if len(found) == 1 else (0, counting.pop())


def set_codes(header, codes, shape):
    """Write the codes of q-form and s-form into a NIfTI header that holds both forms of one affine.

    A q-form has no shears: it is given up where it would put voxels of a grid of that shape elsewhere than the s-form.
    """
    q_form, s_form = codes
    if apart(header.get_sform(), header.get_qform(), shape) > NEARLY:
        q_form, s_form = 0, s_form or q_form
    header["qform_code"], header["sform_code"] = q_form, s_form


def space_of_names(paths):
    """The label that the names of all files have as ``space-``, as BIDS has it; None if one has none or another one."""
    found = {(OF_NAME.findall(os.path.basename(path)) or [None])[-1] for path in paths}
    return found.pop() if len(found) == 1 else None


def set_space(header, space):
    """Write the label of a space into the description of a header, if there is one, so that it goes with the image."""
    if space:
        header["descrip"] = f"space-{space}"


def space_of_header(description):
    """The label that `set_space` wrote; None if a description is something else."""
    found = OF_HEADER.fullmatch(description)
    return found and found[1]
