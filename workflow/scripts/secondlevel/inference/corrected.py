"""What the permutations of a contrast say, written: corrected p values, what passes, and what was tested."""

import numpy as np

from secondlevel.base.columns import write_columns
from secondlevel.base.files import write_json
from secondlevel.inference.correction import correct, limit_of_q, maps_of_permutation
from secondlevel.model.maps import P_PERMUTED, Q_PERMUTED, corrected_map, tested_map
from secondlevel.model.written import write_maps, write_passing


def write_corrected(output, contrast, null, z, mask, alpha, tail):
    """Write the maps and the summary of each method of a contrast.

    Parameters
    ----------
    output : mapping of str to path
        By the method's key for -log10 p, with ``_summary`` and ``_passing`` for the others.
    contrast : str
    null : permutation.nulls.Null
    z : ndarray, shape (n_elements,)
    mask : space.protocol.Space
    alpha : float
        The family-wise error rate.
    tail : bool
        Whether small p values come from a fitted tail.

    Returns
    -------
    list of str
        What is to warn of, with the method.
    """
    test, name, warnings = {"Contrast": contrast, "PermutationTest": null.about}, null.about["statistic"]["name"], []
    for method in (name for name in null.maxima if f"{name}_summary" in output):  # others correct nothing
        p, summary = correct(null, method, alpha, tail, mask.unit)
        summary["warnings"] += limit_of_q(null, mask.unit) if method == "maxT" else []
        warnings += [f"{method}: {warning}" for warning in summary["warnings"]]
        about = {"contrast": contrast, "method": method, mask.unit.many: mask.size} | null.about
        write_json(output[f"{method}_summary"], about | summary)
        how = test | {"PermutationTest": null.about | {"tail": summary["tail"]}}
        write_maps(output, {method: corrected_map(method)}, {method: -np.log10(p)}, mask, how, name=name)
        passed = f"the family-wise p value of {method}, {name}, is at most {alpha:g}"
        write_passing(output, method, z, p <= alpha, mask, how | {"ErrorRate": alpha}, passed)
    return warnings


def write_permuted(output, contrast, null, mask, own):
    """Write the maxima of all shuffles, maps of what was permuted that are none of the model, and uncorrected p values.

    Parameters
    ----------
    output, contrast, null, mask
        As for `write_corrected`.
    own : dict of str by str
        The method whose values make a map of their own, by the map's ``stat-``.
    """
    write_columns(output["null"], {"shuffle": range(null.size)} | null.maxima)
    kinds = {"p": P_PERMUTED, "q": Q_PERMUTED} | {key: tested_map(key, key) for key in own}
    how = {"Contrast": contrast, "PermutationTest": null.about | {"tail": None}}
    write_maps(output, kinds, maps_of_permutation(null, own), mask, how, name=null.about["statistic"]["name"])
