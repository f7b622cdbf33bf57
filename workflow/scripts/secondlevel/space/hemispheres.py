"""Left and right: what files say of themselves, and that they are used as what they are."""

import os
import re

from secondlevel.base.errors import InputError

# In the name of a file: as BIDS has it, as FreeSurfer, in words, and as Workbench.
IN_NAME = {
    "left": re.compile(r"(?:^|[._])(?:hemi-(?:L|left|lh)|lh|left)(?=[._])|\.L(?=\.)"),
    "right": re.compile(r"(?:^|[._])(?:hemi-(?:R|right|rh)|rh|right)(?=[._])|\.R(?=\.)"),
}


def side_of(structure):
    """The side that the name of a structure ends with, such as that of ``CortexLeft``; None if it names none."""
    ends = [side for side in IN_NAME if (structure or "").lower().endswith(side)]
    return ends[0] if ends else None


def side_in_name(path):
    """The side that the name of a file tells, None if it tells none or both."""
    told = [side for side, pattern in IN_NAME.items() if pattern.search(os.path.basename(path))]
    return told[0] if len(told) == 1 else None


def require_side(path, part, structure=None):
    """An `InputError` if a file that is to be the left or right hemisphere says that it is of the other side.

    Parameters
    ----------
    path : str
    part : str
        What the file is taken for; other parts than ``left`` and ``right`` fit any file.
    structure : str, optional
        What the file says in its header, as GIFTI names it.
    """
    if part not in IN_NAME:
        return
    if side_of(structure) not in (part, None):
        raise InputError(
            f"The file {path} is named as that of the {part} hemisphere, but its header says {structure}; are left and "
            "right swapped?"
        )
    if side_in_name(path) not in (part, None):
        raise InputError(
            f"The file {path} is named as that of the {part} hemisphere, but by its name it is of the "
            f"{side_in_name(path)}; are left and right swapped?"
        )
