"""What the pictures of a contrast show, of whatever its maps are defined on, and the words above them."""

from dataclasses import dataclass

import numpy as np

from secondlevel.figures.brains import passing
from secondlevel.figures.colours import Scale, scale_of
from secondlevel.inference.catalogue import BY_KEY
from secondlevel.inference.thresholds import above, least_logp


@dataclass(frozen=True)
class Shown:
    """What a picture shows, all of it at the elements of a space, shape (n_elements,).

    Attributes
    ----------
    maps : list of ndarray of float
        What is in colour; 0 and NaN are not drawn.
    scale : colours.Scale
        Of all of them.
    title : str
        Of the picture.
    titles : list of str or None
        Of the maps, if there are several.
    passes : list of ndarray of bool
        For each map, what is marked; empty if nothing is.
    opaque : list of ndarray of float
        For each map, how opaque its values are, from 0 to 1; empty if all are.
    """

    maps: list
    scale: Scale
    title: str
    titles: list | None = None
    passes: list = ()
    opaque: list = ()


def kept(z, values):
    """Values that are made of others, NaN where these are."""
    return np.where(np.isnan(z), np.nan, values)


def thresholded(contrast, z, two_sided, fdr, unit):
    """A z map where it passes the false discovery rate.

    Parameters
    ----------
    contrast : str
    z : ndarray, shape (n_elements,)
        NaN at elements that are not analysed.
    two_sided : bool
    fdr : dict
        The entry of the contrast's thresholds.
    unit : space.units.Unit

    Returns
    -------
    Shown
    """
    name, threshold = "|z|" if two_sided else "z", fdr["threshold"]
    n = int(above(z, fdr["threshold"], two_sided).sum())
    found = f"{name} > {threshold:.2f}, {unit.counted(n)}" if n else name
    title = f"{contrast}: {found} (FDR {fdr['alpha']:g})" + ("" if n else f": no {unit.one} passes")
    values = kept(z, passing(z, threshold, two_sided))
    return Shown([values], scale_of("z", np.nan_to_num(values), two_sided, hidden=threshold or 0), title)


def opaque_from(thresholds):
    """The size of z from which it is not see-through: what passes the false discovery rate, or Bonferroni's."""
    return thresholds["bonferroni" if thresholds["fdr"]["threshold"] is None else "fdr"]["threshold"]


def whole(contrast, z, two_sided, thresholds, marked="outlined"):
    """A whole z map, the fainter the smaller its values, and marked where it passes the false discovery rate.

    Readers see what nearly passed, too (Taylor et al. 2023, NeuroImage 274).

    Parameters
    ----------
    contrast, z, two_sided
        As for `thresholded`.
    thresholds : dict by method
        Entries of the contrast's thresholds.
    marked : str
        How the elements that pass are told: "outlined", "above the diagonal".

    Returns
    -------
    Shown
    """
    fdr = thresholds["fdr"]
    passes = above(z, fdr["threshold"], two_sided)
    nowhere = "" if passes.any() else " (nowhere)"
    title = f"{contrast}: z, {marked} where it passes FDR {fdr['alpha']:g}{nowhere}"
    opaque = np.clip(np.abs(np.nan_to_num(z)) / opaque_from(thresholds), 0, 1)
    return Shown([z], scale_of("z", np.nan_to_num(z), True), title, passes=[passes], opaque=[opaque])


def corrected(contrast, maps, start, alpha, unit, marked="outlined"):
    """Maps of -log10 p, marked where p is at most the error rate.

    Parameters
    ----------
    contrast : str
    maps : dict of ndarray, shape (n_elements,)
        By the key of a correction; NaN at elements that are not analysed.
    start : float
        The value above which the maps are in colour.
    alpha : float
        The family-wise error rate.
    unit : space.units.Unit
    marked : str
        As for `whole`; "beyond the line", too.

    Returns
    -------
    Shown
    """
    values = [kept(one, passing(one, start, False)) for one in maps.values()]
    passes = [above(one, least_logp(alpha), False) for one in maps.values()]
    titles = [
        f"{unit.worded(BY_KEY[key].map_title)}{'' if np.nan_to_num(one).any() else f': no {unit.one} above {start:g}'}"
        for key, one in zip(maps, values, strict=True)
    ]
    scale = scale_of("-log10 p", np.nan_to_num(values), False, hidden=start, mark=float(-np.log10(alpha)))
    if len(titles) == 1:
        title = f"{contrast}: -log10 p, {titles[0]} (line: p = {alpha:g})"
        return Shown(values, scale, title, passes=passes)
    return Shown(values, scale, f"{contrast}: -log10 p, {marked} where p is at most {alpha:g}", titles, passes)
