"""Left and right by headers and names of files."""

import pytest

from secondlevel.space.hemispheres import require_side, side_in_name, side_of
from surfaces import sentence

NAMES = {
    "sub-01_hemi-L_thickness.shape.gii": "left",
    "sub-01_ses-2_hemi-R_space-fsLR_den-32k_thickness.shape.gii": "right",
    "lh.thickness": "left",
    "/data/rh.study/lh.pial": "left",
    "rh.thickness.fsaverage.mgh": "right",
    "100307.L.midthickness.32k_fs_LR.surf.gii": "left",
    "100307.R.sulc.32k_fs_LR.shape.gii": "right",
    "pial_left.gii.gz": "left",
    "s_right.gii": "right",
    "sub-L01_thickness.shape.gii": None,
    "sub-right01_thickness.shape.gii": None,
    "leftover_map.gii": None,
    "lh_rh.surf.gii": None,
    "map.gii": None,
}


@pytest.mark.parametrize(("name", "side"), NAMES.items())
def test_names_tell_sides(name, side):
    assert side_in_name(name) == side


def test_structures_tell_sides():
    told = {"CortexLeft": "left", "CORTEX_RIGHT": "right", "ThalamusRight": "right", "Cerebellum": None, None: None}
    assert {structure: side_of(structure) for structure in told} == told


def test_swapped_hemispheres_are_told():
    for part, path, structure in [
        ("left", "hemi-L_a.gii", "CortexLeft"),
        ("right", "a.gii", "ThalamusRight"),
        ("left", "a.gii", None),
        ("thalamus", "hemi-R_a.gii", "CortexLeft"),
    ]:
        require_side(path, part, structure)
    told = sentence(require_side, "hemi-L_a.gii", "left", "CortexRight")
    assert told == (
        "The file hemi-L_a.gii is named as that of the left hemisphere, but its header says CortexRight; are left and "
        "right swapped?"
    )
    told = sentence(require_side, "lh.area", "right")
    assert "as that of the right hemisphere, but by its name it is of the left;" in told
