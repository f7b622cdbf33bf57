"""The columns of the tables of clusters: what is told of each peak and each cluster, and in which unit."""

import numpy as np

from secondlevel.inference.catalogue import BY_KEY
from secondlevel.model.maps import OF_F, OF_T

DECIMALS = 6
OF_MODEL = {"effect": OF_T["effect"], "t": OF_T["t"], "F": OF_F["f"]}
# Where a column is no map: what it is, and its unit if it has one; {many} is the word for elements.
OF_PLACE = {
    "cluster": ("number of the cluster, as in the image dseg of this kind, from the highest peak down", None),
    "peak": ("number of the peak in its cluster, the highest first", None),
    "x_mm": ("place of the peak along the first axis of the images' space", "mm"),
    "y_mm": ("place of the peak along the second axis of the images' space", "mm"),
    "z_mm": ("place of the peak along the third axis of the images' space", "mm"),
    "hemisphere": ("hemisphere or other mesh that the peak is on", None),
    "vertex": ("number of the peak's vertex on its mesh, from 0 up", None),
    "structure": ("structure that the peak is in", None),
    "parcel": ("name of the parcel", None),
    "node_1": ("the first of the nodes that the peak's edge joins", None),
    "node_2": ("the second of them", None),
    "z": ("standard normal deviate with the tail probability of the model's statistic", None),
    "mm2": ("area of the cluster, at its first peak", "mm^2"),
    "nodes": ("number of nodes that the cluster's edges join, at its first peak", "nodes"),
    "mm3": ("volume of the cluster, at its first peak", "mm^3"),
    "discoveries": ("number of the cluster's {many} that are truly active, at least, at its first peak", "{many}"),
    "discoveries_share": ("share of the cluster's {many} that is truly active, at least, at its first peak", "share"),
    "label": ("region of the atlas at the peak", None),
}


def columns_at_peaks(of_model, null, z, logp):
    """What tables tell of each peak.

    Parameters
    ----------
    of_model : dict of ndarray, shape (n_elements,)
        ``effect``, if the contrast has one, and ``t`` or ``F``.
    null : permutation.nulls.Null
    z : ndarray, shape (n_elements,)
    logp : dict of ndarray, shape (n_elements,), by method
        -log10 of the corrected p values.

    Returns
    -------
    dict of ndarray, shape (n_elements,), by the column's name
        The model's, the statistic that was permuted, z, and p of the corrections that a single element has.
    """
    permuted = {null.about["statistic"]["name"]: null.observed["maxT"], "z": z}
    p = {f"p_{method}": 10**-values for method, values in logp.items() if not BY_KEY[method].of_clusters}
    return of_model | permuted | p


def columns_of_clusters(kind, logp):
    """What a table of a kind tells of each cluster: its corrected p values, by the column's name; as for peaks."""
    of_kind = {method: BY_KEY[method] for method in logp if BY_KEY[method].of_clusters}
    return {f"p_{method}": 10 ** -logp[method] for method, known in of_kind.items() if known.table.kind == kind}


def rounded(table):
    """A table as it is written: to six decimals, and effects, whose unit is the maps' own, to six digits that count."""
    how = {"effect": to_digits}
    return {name: [shortened(cell, how.get(name, to_decimals)) for cell in cells] for name, cells in table.items()}


def shortened(cell, how):
    """A cell of a table, made shorter by a function if it is a number that need not be whole."""
    return how(cell) if isinstance(cell, float | np.floating) else cell


def to_digits(value):
    """A number to six digits that count."""
    return float(f"{value:.{DECIMALS}g}")


def to_decimals(value):
    """A number to six decimals."""
    return float(np.round(np.float64(value), DECIMALS))


def about_columns(names, space):
    """What the columns of a table are, as the JSON files of BIDS tables say it.

    Parameters
    ----------
    names : iterable of str
    space : space.protocol.Space
        Whose places and sizes they tell.

    Returns
    -------
    dict of dict
    """
    found, unit = {}, space.unit
    of_space = dict.fromkeys(space.place_columns, ("place of the peak along this axis of the images", None))
    of_space |= OF_PLACE | {unit.many: ("number of {many} of the cluster, at its first peak", "{many}")}
    for name in names:
        method = name.removeprefix("p_")
        if name in OF_MODEL:
            what, measure = OF_MODEL[name].what, OF_MODEL[name].unit
        elif method in BY_KEY:
            what, measure = f"p value at the peak, corrected by: {BY_KEY[method].label}", "probability"
        else:
            what, measure = of_space.get(name, ("the statistic that was permuted", None))
        units = {"Units": unit.worded(measure)} if measure else {}
        found[name] = {"Description": unit.worded(what)} | units
    return found
