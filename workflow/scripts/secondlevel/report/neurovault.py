"""What NeuroVault asks for each map that is uploaded, as a table; columns and words are those of its interface.

Gorgolewski et al. 2015, Front. Neuroinform. 9, doi 10.3389/fninf.2015.00008.
"""

from secondlevel.model.maps import entities

# The kind of a map by the entity ``stat-`` of its name.
KINDS = {
    "effect": "univariate-beta map",
    "variance": "variance",
    "t": "T map",
    "F": "F map",
    "z": "Z map",
    "p": "P map (given null hypothesis)",
}
OTHER, NOT_TOLD = "other", "n/a"


def neurovault_columns(about, maps):
    """The table, by column; of what nobody told, each cell is missing.

    Parameters
    ----------
    about : description.About
    maps : dict of dict by name
        What the JSON file of each map says.

    Returns
    -------
    dict of list of str
    """
    rows = [row(about, name, content) for name, content in maps.items()]
    return {column: [row[column] for row in rows] for column in rows[0]} if rows else {"file": []}


def row(about, name, content):
    """The row of a map, from the name of its JSON file and what it says."""
    parts = entities(name)
    kind, df = kind_of(parts), content.get("DegreesOfFreedom", [])
    df = [str(number) for number in (df if isinstance(df, list) else [df])]
    return {
        "file": name.replace(".json", ".nii.gz"),
        "name": ", ".join(parts[key] for key in ("contrast", "stat", "desc") if key in parts),
        "description": content["Description"],
        "map_type": kind,
        "analysis_level": "group",
        "number_of_subjects": str(about.n_people),
        "statistic_parameters": ", ".join(df) if kind in ("T map", "F map") else NOT_TOLD,
        "is_thresholded": str("ErrorRate" in content and parts["stat"] == "z").lower(),
        "modality": about.dataset.modality or NOT_TOLD,
        "smoothing_fwhm": f"{about.settings['smoothing_fwhm']:g}",  # of the kernel, in mm
        "smoothness_fwhm": NOT_TOLD,  # of the noise: no test here rests on it, and none is estimated
        "cognitive_paradigm_cogatlas": NOT_TOLD,
        "contrast_definition": NOT_TOLD,
    }


def kind_of(parts):
    """What NeuroVault calls a map, from the entities of its name; an end of an interval is no map of the effect."""
    of_estimate = parts["stat"] in ("effect", "variance")
    return OTHER if of_estimate and "desc" in parts else KINDS.get(parts["stat"], OTHER)
