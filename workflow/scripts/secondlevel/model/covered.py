"""The elements to analyse where not all subjects need a value."""

import numpy as np

from secondlevel.base.columns import read_matrix
from secondlevel.base.errors import InputError
from secondlevel.model.estimable import estimable
from secondlevel.sample.holes import least_subjects, values_there
from secondlevel.space.masking import mask_counts


def chosen_elements(common, proposed, source, settings, sample, design, holes):
    """What is analysed of a proposed mask, and how many elements are dropped for what.

    Parameters
    ----------
    common : space.survey.Survey
    proposed : ndarray of bool, of the shape of a map
    source : str
        Where it comes from.
    settings : params of the rule
        ``zeros`` and ``coverage``.
    sample : dict of ndarray of str, shape (n_subjects,), by column
    design : str or None
        The file of the design; None where all subjects need a value.
    holes : space.holes.Holes

    Returns
    -------
    analysed : ndarray of bool, of the shape of a map
    counts : dict
        As JSON.

    Raises
    ------
    InputError
        If no element is left.
    """
    unit = holes.kind.unit
    if not settings.coverage:
        return mask_counts(common, proposed, source, unit, settings.zeros == "missing")
    least = least_subjects(settings.coverage["subjects"], common.n_maps)
    analysed, counts = mask_counts(common, proposed, source, unit, least=least)
    partly = analysed & ~common.finite
    told = np.ones(int(partly.sum()), dtype=bool)
    if told.size:
        there = values_there(sample, holes, partly)
        told = estimable(there, read_matrix(design))
    analysed[partly] = told
    if not analysed.any():
        raise InputError(
            f"At no {unit.one} of the mask ({source}) can the design be told from the subjects who have a value there: "
            "groups or columns vanish. Ask for more subjects in coverage, or test a simpler design."
        )
    untold = {f"{unit.title}WhereDesignIsNotTold": int(told.size - told.sum())}
    return analysed, counts | untold | {f"{unit.title}WithoutValueInSomeMaps": int(told.sum())}
