"""The datasets: where each comes from, its licence, and what a text says of it.

Read by the rules, too, so it imports no other file. A work is named by a key, which texts hold in braces.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Files:
    """A dataset that is a table and one map per subject on a server, each with a known SHA-256.

    Attributes
    ----------
    table : str
        The table of variables, its path from the dataset's ``base_url`` in the config. Row i is that of map i.
    maps : dict of list of str by ID
        The files of each subject's map in order, the same kinds for all: an image, and its header if that is apart.
    checksums : str
        The file in workflow/checksums with the SHA-256 of all of them.
    """

    table: str
    maps: dict
    checksums: str

    @property
    def endings(self):
        """How the names of a map's files end, such as ``.img`` and ``.hdr``."""
        first = next(iter(self.maps.values()))
        return ["." + name.rpartition("/")[2].partition(".")[2] for name in first]


@dataclass(frozen=True)
class Dataset:
    """A dataset.

    Attributes
    ----------
    sentence : str
        What a methods text says of the maps; settings of the dataset and citations are filled in.
    works : dict
        Who is cited: by key how a text names the work, its title, and its doi.
    licence : str or None
        What users have to know before they use it.
    shared : bool
        Whether users may pass on its maps and variables.
    files : Files or None
        For a dataset whose files are listed here.
    noun : str
        What one of its maps is.
    address : str or None
        Where people find it; None for its ``base_url`` in the config, or for maps that are not on a server.
    modality : str or None
        How it was acquired, in NeuroVault's words, if that is known.
    """

    sentence: str = ""
    works: dict = field(default_factory=dict)
    licence: str | None = None
    shared: bool = True
    files: Files | None = None
    noun: str = "first-level contrast map"
    address: str | None = None
    modality: str | None = None


DATASETS = {
    "simulated_localizer": Dataset("The maps are simulated, with one planted effect.", modality="Other"),
    "localizer": Dataset(
        'The maps are those of the Brainomics/Localizer database ({Pinel2007}; {Orfanos2017}), contrast "{contrast}".',
        works={
            "Pinel2007": (
                "Pinel et al. 2007",
                "Fast reproducible identification and large-scale databasing of individual functional cognitive "
                "networks. BMC Neurosci. 8, 91.",
                "10.1186/1471-2202-8-91",
            ),
            "Orfanos2017": (
                "Papadopoulos Orfanos et al. 2017",
                "The Brainomics/Localizer database. NeuroImage 144, 309-314.",
                "10.1016/j.neuroimage.2015.09.052",
            ),
        },
        licence=(
            "The Localizer data are for non-commercial use only; they are downloaded for you and must not be passed on."
        ),
        shared=False,
        address="https://osf.io/vhtf6",
        modality="fMRI-BOLD",
    ),
    "emotion_regulation": Dataset(
        "The maps are those of the reappraisal of negative pictures against looking at them ({Wager2008}).",
        works={
            "Wager2008": (
                "Wager et al. 2008",
                "Prefrontal-subcortical pathways mediating successful emotion regulation. Neuron 59, 1037-1050.",
                "10.1016/j.neuron.2008.09.006",
            )
        },
        # It names its images by number only. The number of an image is also the row of its subject's variables.
        files=Files(
            table="Wager_2008_emotionreg_behavioral_data.txt",
            maps={f"S{i:02}": [f"older/con_0081{i:04}{end}" for end in (".img", ".hdr")] for i in range(1, 31)},
            checksums="emotion_regulation.txt",
        ),
        modality="fMRI-BOLD",
    ),
    "own": Dataset(noun="map"),
}
