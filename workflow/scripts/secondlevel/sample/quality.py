"""What each map is like, and which maps cannot be used."""

import os
from dataclasses import dataclass

import numpy as np
import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed
from secondlevel.space.forms import part_in_words
from secondlevel.space.sources import halves, paths_of


@dataclass(frozen=True)
class MapQuality:
    """The quality of one subject's map.

    Attributes
    ----------
    problem : str or None
        Why the map cannot be used.
    frame : object or None
        What the map is on, as a `protocol.Reading` has it; None if the map cannot be read.
    figures : dict
        Number of elements that are not finite or zero, and the mean, standard deviation, least and largest of the rest.
    fill : float or None
        The value that fills the map's background, if it is neither 0 nor NaN; such elements count as not finite.
    not_finite : ndarray of uint8 or None
        The elements that are not finite, eight to a byte; None if all are finite.
    zero : ndarray of uint8 or None
        Those that are exactly 0; None if none is.
    oriented : bool
        Whether the file says how its axes lie.
    """

    problem: str | None
    frame: object = None
    figures: dict | None = None
    fill: float | None = None
    not_finite: np.ndarray | None = None
    zero: np.ndarray | None = None
    oriented: bool = True


def read_and_inspect(source, kind, holes=None, files=None):
    """Look at a map.

    Parameters
    ----------
    source : str or None
        None where the sample table lists no map.
    kind : space.protocol.Kind
    holes : space.holes.Holes, optional
        What counts as having no value, which is NaN then.
    files : dict of str, optional
        What belongs to the map, by column.

    Returns
    -------
    quality : MapQuality
    values : ndarray or None
        Of the map; None if it cannot be read.
    """
    if source is None:
        return MapQuality("no map is listed for this subject"), None
    try:
        reading = kind.read(source)
        if holes:
            holes.glance(reading, files)
        data = holes.dig(reading, files) if holes else reading.values
    except InputError as error:
        return MapQuality(str(error).removesuffix(".")), None
    frame, zero, finite = reading.frame, reading.values == 0, np.isfinite(data)
    values = data[finite & (data != 0)].astype(np.float64)
    figures = {"n_not_finite": int((~finite).sum()), "n_zero": int(zero.sum())}
    if values.size == 0:
        why = emptiness(source, reading.values) or (
            f"nothing of the map {source} is left: it has no finite value other than 0 where it can be used"
        )
        return MapQuality(why, frame, figures), data
    figures |= {"mean": values.mean(), "sd": values.std(), "minimum": values.min(), "maximum": values.max()}
    not_finite, zero = (np.packbits(bits) if bits.any() else None for bits in (~finite, zero))
    return MapQuality(None, frame, figures, reading.fill, not_finite, zero, reading.oriented), data


def emptiness(source, data):
    """What to say of a map that holds nothing; None if it holds something."""
    holds_any = (np.isfinite(data) & (data != 0)).any()
    return None if holds_any else f"the map {source} is empty: it has no finite value other than 0"


def glance(source, kind, holes=None, files=None):
    """The quality of a map from the headers of it and its files alone, without `figures`; as `read_and_inspect`."""
    if source is None:
        return MapQuality("no map is listed or found")
    if lacking := not_there(source, kind.about):
        return MapQuality(lacking)
    try:
        reading = kind.glance(source)
        if holes:
            holes.glance(reading, files)
    except InputError as error:
        return MapQuality(str(error).removesuffix("."))
    return MapQuality(None, reading.frame, oriented=reading.oriented)


def not_there(source, about):
    """Which files of a map are not there, in words; None if all are. `about` is that of its kind."""
    if "difference" in about:
        of_one = {key: value for key, value in about.items() if key != "difference"}
        lacking = [not_there(half, of_one) for half in halves(source, about)]
        told = [f"{text} ({words})" for text, words in zip(lacking, about["difference"], strict=True) if text]
        return "; ".join(told) or None
    parts, there = about["parts"], [os.path.lexists(path) for path in paths_of(source, about)]
    if all(there):
        return None
    if len(parts) < 2 or not any(there):
        return "its map is not there"
    lacking = [part_in_words(part) for part, is_there in zip(parts, there, strict=True) if not is_there]
    return f"its map of the {' and the '.join(lacking)} is not there"


def quality_table(selection, kind):
    """The quality of every map as a table.

    Parameters
    ----------
    selection : selection.Selection
    kind : space.protocol.Kind

    Returns
    -------
    pandas.DataFrame
        A row per subject: `participant_id`, `kept`, `grid`, the figures of `MapQuality`, and `n_not_finite_here_only`
        and `n_zero_here_only`, the elements at which this kept map alone has no number, or alone is exactly 0.
    """
    kept = selection.kept
    quality = pd.DataFrame([q.figures or {} for q in selection.qualities])
    quality.insert(0, "participant_id", selection.table["participant_id"])
    quality.insert(1, "kept", kept.map({True: "yes", False: "no"}))
    quality.insert(2, "grid", [kind.describe(q.frame) if q.frame else None for q in selection.qualities])
    for name in ("not_finite", "zero"):
        bits = [getattr(found, name) for found in selection.qualities_of_kept]
        quality.loc[kept, f"n_{name}_here_only"] = here_only(bits)
    return quality.astype({name: "Int64" for name in quality if name.startswith("n_")})


def here_only(packed):
    """For each map, the number of its bits that are set in no other one; of None no bit is."""
    some = [bits for bits in packed if bits is not None]
    if not some:
        return [0] * len(packed)
    once, more = np.zeros_like(some[0]), np.zeros_like(some[0])
    for bits in some:
        more |= once & bits
        once |= bits
    return [0 if bits is None else int(np.bitwise_count(bits & ~more).sum()) for bits in packed]


def of_lost(quality, unit):
    """A sentence on each kept map that takes elements from all the others, from a `quality_table`."""
    for subject, kept, n in quality[["participant_id", "kept", "n_not_finite_here_only"]].itertuples(index=False):
        if kept == "yes" and n:
            why = f"since only the map of {subject} has no number there (exclude it to keep them)"
            yield f"{n} {unit.many} are lost to all {why}"


def of_orientation(unknown, n_maps):
    """A sentence on maps whose files do not say how their axes lie; None if all do. `unknown` are their subjects."""
    if not unknown:
        return None
    return (
        f"The headers of {len(unknown)} of {n_maps} maps do not say how their axes lie (neither s-form nor q-form): "
        f"left and right are left to chance. Write them anew with an affine that is right: {listed(unknown)}."
    )
