"""Masks that are told by a rule: elements where enough maps are not 0, or where values are above a threshold."""

import numpy as np

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed
from secondlevel.space.mask_forms import is_rule


def ruled_mask(mask, given, kind, common, frame, subjects):
    """The mask of a rule, or what `protocol.Kind.proposed` gives of others.

    Parameters
    ----------
    mask : str or dict
        As in the config. A rule has ``nonzero``, a number of maps or ``all``; or ``above``, a value, and ``in``,
        ``all`` or ``mean``; if it is ``relative``, the value is a share of each map's own level. It can have
        ``within``, a mask by no rule in which the elements must lie, too.
    given : str or list of str
        The files of a mask that the config names, if it names any.
    kind : protocol.Kind
    common : survey.Survey
    frame : object
        Of the maps.
    subjects : sequence of str
        Whose maps they are.

    Returns
    -------
    proposed : ndarray of bool, of the shape of a map
    source : str
    """
    if not is_rule(mask):
        return kind.proposed(given or mask, common, frame)
    rule, unit, proposed, words = mask, kind.unit, np.ones(common.mean.shape, dtype=bool), []
    if "nonzero" in rule:
        counts = common.n_maps if common.counts is None else common.counts
        least = least_nonzero(rule, common.n_maps, unit)
        proposed &= counts - common.zeros >= least
        words.append(f"{unit.many} that are not 0 in at least {least} maps")
    if "above" in rule:
        of_mean = rule.get("in", "all") == "mean"
        proposed &= np.nan_to_num(heights(common, of_mean, rule, subjects), nan=-np.inf, posinf=np.inf) > rule["above"]
        height = f"{rule['above']:g}{' of the level of each map' if rule.get('relative') else ''}"
        words.append(f"{unit.many} above {height} in {'the mean of the maps' if of_mean else 'every map'}")
    if "within" in rule:
        within, source = kind.proposed(given or rule["within"], common, frame)
        proposed &= within
        words.append(f"within {source}")
    return proposed, ", ".join(words)


def heights(common, of_mean, rule, subjects):
    """What is held against the threshold of a rule; an `InputError` if it is relative to what a map does not have."""
    if not rule.get("relative"):
        return common.mean if of_mean else common.lowest
    without = [who for who, level in zip(subjects, common.levels, strict=True) if np.isnan(level)]
    if without:
        raise InputError(
            f"config key 'mask.relative': maps without a level above 0, which is the mean of the values that are above "
            f"an eighth of their mean: {listed(without)}; write a threshold that is not relative, or exclude them."
        )
    return common.relative_mean if of_mean else common.relative_lowest


def least_nonzero(rule, n_maps, unit):
    """In how many maps an element must not be 0, by a rule that says so; an `InputError` if there are fewer maps."""
    least = n_maps if rule["nonzero"] == "all" else rule["nonzero"]
    if least > n_maps:
        raise InputError(
            f"config key 'mask.nonzero': {unit.many} must not be 0 in {least} maps, and only {n_maps} are kept; write "
            "a smaller number, or all."
        )
    return least
