"""The Brainomics/Localizer dataset: its contrasts, its index and its sample table.

94 subjects, 32 contrasts of a five-minute localizer task (Pinel et al. 2007, doi 10.1186/1471-2202-8-91;
Papadopoulos Orfanos et al. 2017, doi 10.1016/j.neuroimage.2015.09.052; https://osf.io/vhtf6).
"""

import difflib
import json
import re

import numpy as np

from secondlevel.base.errors import InputError

INDEX = "hwbm2"
PARTICIPANTS = "/localizer/participants.tsv"
BEHAVIOUR = "/localizer/phenotype/behavioural.tsv"

# What a contrast is called in words, and in the names of its files.
CONTRASTS = {
    "checkerboard": "Checkerboard",
    "horizontal checkerboard": "HorizontalCheckerboard",
    "vertical checkerboard": "VerticalCheckerboard",
    "horizontal vs vertical checkerboard": "HorizontalVsVerticalCheckerboard",
    "vertical vs horizontal checkerboard": "VerticalVsHorizontalCheckerboard",
    "left button press": "LeftAuditory&VisualClick",
    "left button press (auditory cue)": "LeftAuditoryClick",
    "left button press (visual cue)": "LeftVisualClick",
    "right button press": "RightAuditory&VisualClick",
    "right button press (auditory cue)": "RightAuditoryClick",
    "right button press (visual cue)": "RightVisualClick",
    "left vs right button press": "LeftAuditory&VisualClickVsRightAuditory&VisualClick",
    "right vs left button press": "RightAuditory&VisualClickVsLeftAuditory&VisualClick",
    "button press (auditory cue) vs sentence listening": "AuditoryClickVsAuditorySentences",
    "button press (visual cue) vs sentence reading": "VisualClickVsVisualSentences",
    "button press vs calculation and sentence listening/reading": "Auditory&VisualMotorVsCognitiveProcessing",
    "calculation and sentence listening/reading vs button press": "CognitiveProcessingVsMotor",
    "sentence listening": "AuditorySentences",
    "sentence reading": "VisualSentences",
    "sentence listening and reading": "Auditory&VisualSentences",
    "sentence reading vs checkerboard": "VisualSentencesVsCheckerboard",
    "calculation (auditory cue)": "AuditoryCalculation",
    "calculation (visual cue)": "VisualCalculation",
    "calculation (auditory and visual cue)": "Auditory&VisualCalculation",
    "calculation vs sentences": "Auditory&VisualCalculationVsSentences",
    "calculation (auditory cue) vs sentence listening": "AuditoryCalculationVsAuditorySentences",
    "calculation (visual cue) vs sentence reading": "VisualCalculationVsSentences",
    "calculation (auditory cue) and sentence listening": "AuditoryProcessing",
    "calculation (visual cue) and sentence reading": "VisualProcessing",
    "calculation (visual cue) and sentence reading vs checkerboard": "VisualProcessingVsCheckerboard",
    "calculation (auditory cue) and sentence listening vs calculation (visual cue) and sentence reading": (
        "AuditoryProcessingVsVisualProcessing"
    ),
    "calculation (visual cue) and sentence reading vs calculation (auditory cue) and sentence listening": (
        "VisualProcessingVsAuditoryProcessing"
    ),
}


def slug(name):
    """A contrast's name as file names hold it: lowercase letters and digits, joined by '-'."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))


def contrast_label(name):
    """The label of a contrast in the dataset's file names, from the contrast's name in words or its slug.

    Raises
    ------
    InputError
        If there is no such contrast; the nearest names are offered.
    """
    names = {slug(known): known for known in CONTRASTS}
    if slug(name) not in names:
        near = [f"'{names[match]}'" for match in difflib.get_close_matches(slug(name), names, 3, cutoff=0)]
        raise InputError(f"The Localizer has no contrast '{name}'; did you mean {' or '.join(near)}?")
    return CONTRASTS[names[slug(name)]]


def map_entry(subject, label):
    """Where a subject's map of a contrast stands in the index."""
    return f"/localizer/derivatives/spm_1st_level/sub-{subject}/sub-{subject}_task-localizer_acq-{label}_cmaps.nii.gz"


def read_index(path):
    """Read the dataset's index, a mapping of the files' paths to their addresses on the server.

    Raises
    ------
    InputError
        If the file is not JSON, or not such a mapping.
    """
    try:
        with open(path, encoding="utf-8") as file:
            index = json.load(file)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The index {path} is not JSON: {error}") from None
    if not isinstance(index, dict) or not all(isinstance(address, str) for address in index.values()):
        raise InputError(f"The index {path} is not a mapping of paths to addresses.")
    return index


def index_url(base_url):
    """The URL of the index."""
    return f"{base_url}/{INDEX}/download"


def entry_url(base_url, index, entry):
    """The URL of a file of the dataset.

    Raises
    ------
    InputError
        If the index has no such file.
    """
    if entry not in index:
        raise InputError(f"The Localizer's index has no file {entry}; it has {len(index)} others.")
    return f"{base_url}/download/{index[entry].strip('/')}/"


def sample_table(participants, behaviour, index, label, map_name):
    """Join the subjects with their variables and their maps, all by ID.

    Parameters
    ----------
    participants, behaviour : pandas.DataFrame
        Both with a column `participant_id`. Where they share another column, that of `participants` is kept.
    index : dict
        As `read_index` gives it.
    label : str
        Of the contrast.
    map_name : str
        A map's path from the sample table's folder, with ``{subject}`` where its ID goes.

    Returns
    -------
    pandas.DataFrame
        A row for each row of `participants`: `participant_id`, `map` (NaN if the index has no map) and the
        variables (NaN for a subject whom `behaviour` lacks).

    Raises
    ------
    InputError
        If a table has no column `participant_id`, a row without ID or an ID twice.
    """
    for entry, table in ((PARTICIPANTS, participants), (BEHAVIOUR, behaviour)):
        if "participant_id" not in table:
            raise InputError(f"The Localizer's {entry} has no column 'participant_id'; has the dataset changed?")
        if table["participant_id"].isna().any():
            raise InputError(f"The Localizer's {entry} has a row without participant_id; correct its source.")
        twice = table.loc[table["participant_id"].duplicated(), "participant_id"]
        if len(twice):
            raise InputError(f"The Localizer's {entry} has subject {twice.iloc[0]} twice; correct its source.")
    shared = participants.columns.intersection(behaviour.columns).drop("participant_id")
    table = participants.merge(behaviour.drop(columns=shared), how="left", on="participant_id")
    maps = [
        map_name.format(subject=subject) if map_entry(subject, label) in index else np.nan
        for subject in table["participant_id"]
    ]
    variables = table.columns.drop("participant_id")
    return table.assign(map=maps)[["participant_id", "map", *variables]]
