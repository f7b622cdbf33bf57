"""What to say of maps that lack values: how many subjects there are where, and whether holes go with what is tested."""

import numpy as np

from secondlevel.base.wording import listed, percent
from secondlevel.model.tails import log_p_from_t, log_sf_f
from secondlevel.model.weighted import goes_with

SURE = 0.05  # of all patterns of holes together


def of_missing(maps, splits, unit):
    """Measures of holes, and sentences on them.

    Parameters
    ----------
    maps : ndarray or memmap, shape (n_subjects, n_elements)
        NaN where there is no value.
    splits : dict of model.glm.Partition, by contrast
    unit : space.units.Unit

    Returns
    -------
    measures : dict
        As JSON.
    notices : list of (str, str)
        A sentence, and the section of docs/diagnostics.md that helps.
    """
    there = np.isfinite(maps)
    counts, partly = there.sum(axis=0), ~there.all(axis=0)
    if not partly.any():
        return {}, []
    first = np.unique(np.packbits(there[:, partly], axis=0), axis=1, return_index=True)[1]
    patterns = maps[:, partly][:, first]
    found = {name: (goes_with(patterns, split), split) for name, split in splits.items()}
    sure = [name for name, (values, split) in found.items() if least_p(values, split) * first.size < SURE]
    notices = [(in_words(counts, partly, len(maps), unit), "missing")]
    if sure:
        sentence = (
            f"Who has a value goes with {listed(sure)}: maps that lack values for a reason that goes with what is "
            "tested can make or hide effects at their edges. See stat-t_desc-missing, or -F, and analyse the "
            f"{unit.many} that all have for comparison."
        )
        notices.append((sentence, "missing"))
    measures = {
        unit.title: int(partly.sum()),
        "LeastSubjects": int(counts.min()),
        "ValuesMissing": round(float(1 - there.mean()), 6),
        "LargestStatistic": {name: round(float(np.abs(values).max()), 4) for name, (values, _) in found.items()},
    }
    return {"Missing": measures}, notices


def in_words(counts, partly, n_subjects, unit):
    """How many elements lack values of some subjects, and how many subjects they have."""
    most = counts[partly].max()
    return (
        f"{int(partly.sum()):,} of {unit.counted(partly.size)} ({percent(partly.mean())}) have values of some subjects "
        f"only, of {counts.min()} to {most} of {n_subjects}; values are taken to be missing at random, given the "
        "design."
    )


def least_p(values, split):
    """The least p value, two-sided, of t or F of whether a subject has a value."""
    if split.rank == 1:
        return float(np.exp(log_p_from_t(values, split.df, True).min()))
    return float(np.exp(log_sf_f(values, split.rank, split.df).min()))
