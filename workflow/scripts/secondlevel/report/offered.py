"""The thresholds that the viewer of a report offers for a map: those of the corrections, that of the answer first."""

import numpy as np

from secondlevel.base.sides import tested
from secondlevel.inference.thresholds import above, least_logp
from secondlevel.report.shown_maps import P

P_VALUES = (0.05, 0.01, 0.001)
FROM_Z = {"fdr": "FDR {:g}", "bonferroni": "Bonferroni {:g}", "uncorrected": "p {:g}, uncorrected"}
ANSWER = "maxT"  # whose error rate the headline is about


def offer(maps, contrast):
    """Give each map its thresholds, and the first one.

    Parameters
    ----------
    maps : list of shown_maps.ShownMap
        All of a contrast.
    contrast : dict
        From `findings.contrast_findings`.
    """
    by_key = {each.key: each.values for each in maps}
    entries, null = contrast["thresholds"], contrast["nulls"][ANSWER]
    two_sided = entries["fdr"]["two_sided"]
    # Of each correction its label, the map that its threshold is of, the threshold, and where it is passed.
    passing = by_key[ANSWER] > least_logp(null["alpha"])
    known = [(f"FWE {null['alpha']:g}, permutation", contrast["peak"]["stat"], null["threshold"], passing)]
    for method, label in FROM_Z.items():
        entry = entries[method]
        inside = above(by_key["z"], entry["threshold"], two_sided)
        known.append((label.format(entry["alpha"]), "z", entry["threshold"], inside))
    for each in maps:
        if each.group == P:
            rates = sorted({*P_VALUES, null["alpha"]}, reverse=True)
            found = [(f"p {rate:g}", least_logp(rate), each.key == ANSWER and rate == null["alpha"]) for rate in rates]
            each.threshold = least_logp(null["alpha"])
        else:
            values = tested(each.values, two_sided)
            found = [
                (label, threshold if each.key == stated else dividing(values, inside), number == 0)
                for number, (label, stated, threshold, inside) in enumerate(known)
            ]
            each.threshold = first_threshold([value for _, value, _ in found if value is not None], values)
        each.presets = [
            {"label": label, "value": value, "answer": answer} for label, value, answer in found if value is not None
        ]


def dividing(values, inside):
    """The number above which exactly some of the values are.

    Parameters
    ----------
    values : ndarray, shape (n_voxels,)
    inside : ndarray of bool, shape (n_voxels,)

    Returns
    -------
    float or None
        Midway between the least of these and the largest of the others; None if there is no such number above 0.
    """
    if not inside.any() or inside.all():
        return None
    low, high = max(values[~inside].max(), 0.0), values[inside].min()
    return float((low + high) / 2) if low < high else None


def first_threshold(offered, values):
    """The first of some thresholds that a value is above; else the lowest of them, or 0 if there is none."""
    passed = [threshold for threshold in offered if np.max(values) > threshold]
    return passed[0] if passed else min(offered, default=0.0)
