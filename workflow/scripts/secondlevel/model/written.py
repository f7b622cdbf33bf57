"""How maps of a contrast are written, with what they are."""

import numpy as np

from secondlevel.model.maps import passing_maps
from secondlevel.space.intents import Intent

WITH_DF = ("t test", "f test", "correlation")  # intents whose parameters are the degrees of freedom


def write_maps(output, kinds, values, mask, how, **words):
    """Write maps of a contrast, each with a sidecar that says what it is.

    Parameters
    ----------
    output : mapping of str to path
    kinds : dict of maps.StatMap by key
    values : dict of ndarray, shape (n_elements,), by key
    mask : space.protocol.Space
    how : dict
        What the sidecars say beside what each map is, as JSON; with ``DegreesOfFreedom`` where a map is of t, F or r.
    **words
        What is filled into the descriptions.
    """
    for key, map_values in values.items():
        kind = kinds[key]
        about = {"Description": kind.what.format(many=mask.unit.many, **words), "Units": kind.unit} | how
        mask.write(output[key], map_values, about, kind.outside, np.dtype(kind.dtype), intent_of(kind, how))


def write_passing(output, method, z, passes, mask, how, test):
    """Write the map of z where a correction passes.

    Parameters
    ----------
    output, mask, how
        As for `write_maps`.
    method : str
        The key of the correction.
    z : ndarray, shape (n_elements,)
    passes : ndarray of bool, shape (n_elements,)
    test : str
        What is passed, in words.
    """
    kinds = passing_maps([method])
    about = how | {f"{mask.unit.title}Above": int(passes.sum())}
    write_maps(output, kinds, dict.fromkeys(kinds, np.where(passes, z, 0)), mask, about, test=test)


def intent_of(kind, how):
    """What the header of a map of a kind, a `maps.StatMap`, says of its values."""
    df = np.atleast_1d(how["DegreesOfFreedom"]).tolist() if kind.intent in WITH_DF else ()
    return Intent(kind.intent, tuple(df), kind.desc or kind.stat)
