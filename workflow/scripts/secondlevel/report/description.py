"""The results of an analysis as a dataset of BIDS derivatives: what it is, by what it was made, and from what."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from secondlevel import __version__
from secondlevel.base.wording import listed
from secondlevel.datasets.registry import DATASETS
from secondlevel.model.maps import entities
from secondlevel.sample.people import maps_and_people
from secondlevel.space.forms import VOLUME, Form
from secondlevel.space.sources import subtracted
from secondlevel.space.units import unit_of

BIDS = "1.10.0"
# What BIDS has no rule for: maps of statistics of a group, and all that only this workflow makes. The mask, the
# description and the README are left. A folder is named without a slash: the validator looks for itself, too.
BIDSIGNORE = """\
contrast-*
*_desc-residuals_statmap.*
/*.html
/*.npy
/*.tsv
/atlas.json
/benchmarks
/calibration.json
/characteristics.json
/coverage.json
/design.json
/diagnostics.json
/figures
/logs
/maps.json
/permutation
/provenance.json
/standard_brain.nii.gz
*.changed
"""
NEUROVAULT = ("neurovault.tsv",)
# What a reader looks for first; the README of the workflow lists all. {map} is the suffix
# and the ending of maps, {labels} the ending of maps of whole numbers, {mask} the files of the mask.
FILES = {
    ("contrast-*_{map}",): "maps of what stands after `stat-`: effect, t or F, z, p, -log10 p (`logp`) ...",
    ("contrast-*_stat-z_desc-*_{map}",): "z where the correction after `desc-` passes, 0 elsewhere",
    ("contrast-*_stat-logp_desc-*_{map}",): "-log10 of p, corrected by what stands after `desc-`",
    (
        "*stat-sd_desc-residuals_{map}",
        "residuals.tsv",
    ): "standard deviation of the residuals; those at each peak",
    ("contrast-*_table.tsv", "contrast-*_dseg{labels}"): "clusters and peaks, and the image of the clusters' numbers",
    ("contrast-*_thresholds.json", "contrast-*_null.json"): "thresholds, and how many {many} pass",
    ("sample.tsv", "excluded.tsv"): "whose maps were analysed; who was left out, and why",
    ("design.tsv", "contrasts.tsv"): "the design matrix, and the weights of the contrasts",
    ("{mask}",): "the {many} that were analysed",
    NEUROVAULT: "what NeuroVault asks for each map that is uploaded",
    ("provenance.json",): "settings, versions, and the SHA-256 of each input and result",
}


@dataclass(frozen=True)
class About:
    """What a description is made of.

    Attributes
    ----------
    analysis : str
        Its name.
    settings : dict
        ``dataset``, ``datasets``, ``server``, ``smoothing_fwhm``, ``difference``.
    paths : list of str
        The files of the maps that were analysed, seen from the working directory.
    n_maps : int
    n_people : int
        Whose they are.
    space : str or None
        The label of the space that they lie in, if it is told.
    maps : list of str
        The names of the JSON files of all maps of contrasts, and of the residuals.
    form : space.forms.Form
        What files of maps are called.
    """

    analysis: str
    settings: dict
    paths: list
    n_maps: int
    n_people: int
    space: str | None
    maps: list
    form: Form = Form()

    @property
    def dataset(self):
        """The entry of the registry that the maps are from."""
        return DATASETS[self.settings["dataset"]]


def dataset_description(about, folder, workflow):
    """The content of ``dataset_description.json``.

    Parameters
    ----------
    about : About
    folder : str
        Of the results, seen from the working directory.
    workflow : str
        Where the workflow comes from, a folder or an address.
    """
    made_by = {"Name": "secondlevel", "Version": __version__, "Description": "second-level analysis of brain maps"}
    if "://" in workflow:
        made_by["CodeURL"] = workflow.rstrip("/.")
    works = [f"https://doi.org/{doi}" for _, _, doi in about.dataset.works.values()]
    return {
        "Name": f"{about.analysis}: second-level analysis of brain maps",
        "BIDSVersion": BIDS,
        "DatasetType": "derivative",
        "GeneratedBy": [made_by],
        "SourceDatasets": [{"URL": source(about, folder)}],
        **({"ReferencesAndLinks": works} if works else {}),
    }


def source(about, folder):
    """Where the maps come from: the address of their dataset, or the folder that holds all, seen from the results.

    A folder that was given from the root on is told so, since the way to it changes with the place of the results.
    """
    address = about.dataset.address or about.settings["server"]
    if address:
        return address
    there = os.path.commonpath([os.path.dirname(os.path.abspath(path)) for path in about.paths])
    if all(os.path.isabs(path) for path in about.paths):
        return Path(there).as_uri()
    return quote(Path(os.path.relpath(there, os.path.abspath(folder))).as_posix())


def readme(about):
    """The content of ``README.md``."""
    of_contrasts = [entities(name) for name in about.maps if name.startswith("contrast-")]
    contrasts = listed(dict.fromkeys(parts["contrast"] for parts in of_contrasts), most=30)
    difference = about.settings["difference"]
    noun = "difference map" if difference else "map"
    whose = f"the brain {noun}s of " * (about.n_maps == about.n_people)
    whose += maps_and_people(about.n_maps, about.n_people, noun) + (
        f", {subtracted(*difference)}" if difference else ""
    )
    form, image = about.form, "image" if about.form.kind == VOLUME else "map"
    space = f"in the space {about.space}" if about.space else "where their headers say; the maps name no template"
    space = f" All {image}s lie {space}." if about.space or form.kind == VOLUME else ""
    terms = about.dataset.licence or "The terms of the maps are those of where they come from."
    files = "\n".join(row(names, what, form) for names, what in FILES.items() if names != NEUROVAULT or form.brain)
    return f"""\
# {about.analysis}

A second-level (group) analysis of {whose}, made by secondlevel {__version__}.
Contrasts: {contrasts}.{space}

Open `report.html` to read what was asked and what was found. Each {image} and each table of clusters has a JSON file of
its name that says what it holds, in which unit.

| file | content |
|---|---|
{files}

This folder is a dataset of BIDS derivatives. BIDS has no rule yet for maps and tables of a group, so `.bidsignore`
lists them. Where the maps come from stands in `dataset_description.json`, below `SourceDatasets`.
{terms}
"""


def row(names, what, form):
    """A row of `FILES`, with the names that files have in a `space.forms.Form`."""
    said = {"map": f"{form.suffix}{form.ending}", "labels": form.of_labels, "many": unit_of(form).many}
    named = [name for pattern in names for name in (form.mask if pattern == "{mask}" else [pattern.format(**said)])]
    return f"| {', '.join(f'`{name}`' for name in named)} | {what.format(**said)} |"


def bidsignore(form):
    """The content of ``.bidsignore``, for results with the names of a `space.forms.Form`."""
    if form.kind == VOLUME:
        return BIDSIGNORE
    own = [f"*_desc-residuals_{form.suffix}.*", "/mask.json", *(f"/{name}" for name in form.mask)]
    return BIDSIGNORE + "".join(f"{name}\n" for name in own)
