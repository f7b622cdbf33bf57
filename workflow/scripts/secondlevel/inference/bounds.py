"""What the permutations of a contrast say of true discoveries, written."""

from secondlevel.base.files import write_json
from secondlevel.inference.discoveries import bounds
from secondlevel.model.maps import LEVEL
from secondlevel.model.written import write_maps


def write_bounds(output, contrast, null, alpha, mask):
    """Write the map of levels, from which the bound of any set follows, and the summary of a contrast.

    Parameters
    ----------
    output : mapping of str to path
        ``levels`` and ``summary``.
    contrast : str
    null : permutation.nulls.Null
        Of all shuffles.
    alpha : float
        The probability that any bound of any set is above the truth.
    mask : space.protocol.Space

    Returns
    -------
    dict
        The summary of `discoveries.bounds`.
    """
    levels, summary = bounds(null, alpha)
    about = {"contrast": contrast, "method": "discoveries", mask.unit.many: mask.size} | null.about
    write_json(output["summary"], about | summary)
    how = {"Contrast": contrast, "PermutationTest": null.about, "ErrorRate": alpha, "Lambda": summary["lambda"]}
    write_maps(output, {"levels": LEVEL}, {"levels": levels}, mask, how, name=null.about["statistic"]["name"])
    return summary
