"""The maps of a contrast that the viewer of a report can show."""

from dataclasses import dataclass, field

import numpy as np

from secondlevel.inference.catalogue import CORRECTIONS
from secondlevel.report.packing import binned, digits_of, edges_of, packed

TEST, SIZE, P = "Test", "Size of the effect", "-log10 p, corrected"  # the lists from which a map is chosen
# Beside the statistic that was tested: label, entities of the file's name.
SIZES = {
    "effect": ("effect",),
    "effect, lower end (95 %)": ("effect", "lower95"),
    "effect, upper end (95 %)": ("effect", "upper95"),
    "partial r": ("r",),
    "explained share of the variance": ("r2",),
    "d": ("d",),
}
MOST_EXACT = 30  # of -log10 p, beyond which nobody reads digits of p


@dataclass
class ShownMap:
    """A map of a contrast that can be shown.

    Attributes
    ----------
    key : str
        Its name within the contrast.
    label : str
    group : str
        Of the list from which it is chosen: TEST, SIZE or P.
    file : str
    values : ndarray, shape (n_voxels,)
    signed : bool
        Whether values below 0 are effects in the other direction, and not small F.
    presets : list of dict
        Thresholds that are offered: ``label``, ``value``, and whether it is that of the ``answer``.
    threshold : float
        The first one.
    """

    key: str
    label: str
    group: str
    file: str
    values: np.ndarray
    signed: bool = True
    presets: list = field(default_factory=list)
    threshold: float = 0.0

    def packed(self, what):
        """As the page has it, with what its file says that it is."""
        maximum = float(np.abs(self.values).max())
        digits = digits_of(maximum, self.group != SIZE)
        # Of p two digits are shown, of its logarithm as many decimals as of a statistic.
        kept = digits + 2 if self.group == P and maximum < MOST_EXACT else digits
        edges = edges_of(maximum, kept, [preset["value"] for preset in self.presets])
        return {
            "key": self.key,
            "label": self.label,
            "group": self.group,
            "is_p": self.group == P,
            "what": what,
            "maximum": maximum,
            "negative": self.signed and bool(self.values.min() < 0),
            "digits": digits,
            "kept": kept,
            "threshold": self.threshold,
            "presets": self.presets,
            "voxels": packed(binned(self.values, edges)),
        }


def shown_maps(results, contrast):
    """The maps of a contrast, those that say most about it first.

    Parameters
    ----------
    results : findings.Results
    contrast : dict
        From `findings.contrast_findings`.

    Returns
    -------
    list of ShownMap
    """
    tested, model = contrast["peak"], contrast["model_peak"]
    wanted = [(tested["stat"], tested["name"], TEST, (tested["stat"],)), ("z", "z", TEST, ("z",))]
    for known in CORRECTIONS:
        wanted.append((known.key, contrast["elements"].worded(known.label), P, ("logp", known.key)))
    for label, entities in SIZES.items():
        wanted.append(("_".join(entities), label, SIZE, entities))
    if model["stat"] != tested["stat"]:
        wanted.append((model["stat"], f"{model['name']} of the model", TEST, (model["stat"],)))
    files = [(*about, results.statmap(contrast["name"], *entities)) for *about, entities in wanted]
    signed = model["stat"] == "t"
    return [ShownMap(*about, name, seen(results, name), signed) for *about, name in files if name in results]


def seen(results, name):
    """The values of a map that the viewer has a place for: of grayordinates those on meshes."""
    values = results.map(name)
    if results.mask.brain:
        return values
    columns = results.mask.columns_of_vertices()
    return values[columns[columns >= 0]]
