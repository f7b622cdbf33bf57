"""What the viewer in a report shows: the standard brain, and the maps of each contrast as they are in their files."""

from base64 import b64encode

import numpy as np

from secondlevel.inference.catalogue import CORRECTIONS
from secondlevel.inference.thresholds import least_logp

P_VALUES = (0.05, 0.01, 0.001)


def viewer_data(results, found):
    """The data of the page's script viewer.js.

    Parameters
    ----------
    results : findings.Results
    found : dict
        From `findings.findings`.

    Returns
    -------
    dict
        As JSON; images are gzipped NIfTI files in base64.
    """
    return {
        "background": encoded(results, "standard_brain.nii.gz"),
        "start": found["contrasts"][0]["peak"]["mm"],
        "contrasts": [
            {"name": contrast["name"], "peak": contrast["peak"]["mm"], "maps": maps_of(results, contrast)}
            for contrast in found["contrasts"]
        ],
    }


def maps_of(results, contrast):
    """The maps of a contrast: z, and -log10 p by each correction."""
    entries = contrast["thresholds"]
    names = {"fdr": "FDR {:g}", "bonferroni": "Bonferroni {:g}", "uncorrected": "p {:g}, uncorrected"}
    marks = {name.format(entries[method]["alpha"]): entries[method]["threshold"] for method, name in names.items()}
    first = entries["fdr" if entries["fdr"]["threshold"] is not None else "uncorrected"]["threshold"]
    maps = [shown(results, "z", "z", results.statmap(contrast["name"], "z"), marks, first)]
    maps[0] |= {"kind": "z", "bothSigns": entries["fdr"]["two_sided"]}
    # A p value that is equal to one of these passes, too.
    marks, first = {f"p {p:g}": least_logp(p) for p in P_VALUES}, least_logp(entries["bonferroni"]["alpha"])
    for known in CORRECTIONS:
        name = results.statmap(contrast["name"], "logp", known.key)
        if name in results:
            logp = shown(results, known.key, f"-log10 p, {known.label}", name, marks, first)
            maps.append(logp | {"kind": "logp", "bothSigns": False})
    return maps


def shown(results, key, label, name, marks, first):
    """One map, the thresholds that are marked for it, and the first one."""
    return {
        "key": key,
        "label": label,
        "data": encoded(results, name),
        "maximum": float(np.abs(results.map(name)).max()),
        "threshold": first,
        "presets": [{"label": mark, "value": value} for mark, value in marks.items() if value is not None],
    }


def encoded(results, name):
    """A file of the results, as it is, in base64."""
    return b64encode(results.path(name).read_bytes()).decode()
