"""What an analysis takes for granted and its data do not bear out, in one list of sentences for log and report."""

import numpy as np

from secondlevel.base.columns import matrix_of
from secondlevel.base.levels import levels_of
from secondlevel.base.sides import peak
from secondlevel.inference.missing import of_missing
from secondlevel.model.diagnostics import of_design, of_scales, variance_inflation
from secondlevel.model.glm import partition
from secondlevel.model.residuals import of_residuals
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.few_clusters import of_clusters
from secondlevel.permutation.reach import Reach
from secondlevel.permutation.shuffling import suited_scheme
from secondlevel.sample.notices import of_fill, of_smoothing, of_zeros
from secondlevel.sample.people import maps_and_people, people_of

HOW = {"within": "within the blocks", "whole": "in whole blocks", "both": "within and in whole blocks"}


def assumptions(settings, sample, design, contrasts, sd, maps, statistics, about_mask, about_maps, unit):
    """Measure what the model assumes.

    Parameters
    ----------
    settings : dict
        ``dataset``, ``datasets``, ``permutation``, ``zeros``, ``coverage``, ``smoothing_fwhm`` and ``two_sided`` of the
        analysis.
    sample : dict of ndarray of str, shape (n_subjects,), by column
    design : dict of ndarray, shape (n_subjects,), by column
    contrasts : dict of ndarray of str, by column
        The table of weights.
    sd : ndarray, shape (n_subjects,)
        The maps' standard deviations.
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    statistics : dict of ndarray, shape (n_elements,)
        t or F of each contrast.
    about_mask, about_maps : dict
        What the JSON files of mask and maps say.
    unit : space.units.Unit

    Returns
    -------
    dict
        ``measures``, numbers by what they measure, and ``notices``, dicts of ``sentence`` and ``section`` of
        docs/diagnostics.md, as JSON.
    """
    subjects, matrix = sample["participant_id"], matrix_of(design)
    splits = {name: partition(matrix, weights_of(contrasts, name, design)) for name in statistics}
    schemes = schemes_of(splits, settings["permutation"]["scheme"])
    peaks = {name: peak(values, settings["two_sided"]) for name, values in statistics.items()}
    measures, unlike = of_residuals(maps, matrix, peaks, [name for name, how in schemes.items() if how != "permute"])
    missing, holes = of_missing(maps, splits, unit) if settings["coverage"] else ({}, [])
    measures |= missing | {"VarianceInflation": inflation(design), "StandardDeviationOfMaps": ends(sd)}
    notices = [
        *of_rows(sample, settings),
        *of_values(settings, about_mask, about_maps, unit),
        *of_scales(subjects, sd),
        *of_design(design, subjects),
        *unlike,
        *holes,
        *of_few_clusters(settings, splits, contrasts, design, sample),
        *of_reach(splits, schemes, Blocks.of_config(settings["permutation"]["blocks"], sample)),
    ]
    return {"measures": measures, "notices": [{"sentence": text, "section": section} for text, section in notices]}


def ends(values):
    """The least and the largest of some values, as JSON."""
    return {"least": float(np.min(values)), "largest": float(np.max(values))}


def inflation(design):
    """The variance inflation of each column of a design, as JSON."""
    factors = variance_inflation(matrix_of(design))
    return {name: round(float(factor), 3) for name, factor in zip(design, factors, strict=True)}


def schemes_of(splits, wanted):
    """What a shuffle does for each contrast, by the config's wish."""
    return {name: suited_scheme(split) if wanted == "auto" else wanted for name, split in splits.items()}


def weights_of(contrasts, name, design):
    """The weights of a contrast from the table of all, shape (rank, n_columns)."""
    rows = contrasts["contrast"] == name
    return np.column_stack([contrasts[column][rows].astype(float) for column in design])


def of_rows(sample, settings):
    """A sentence on rows that belong together; yields it with the section of docs/diagnostics.md, as all here do."""
    person, blocks = people_of(sample, settings), settings["permutation"]["blocks"]
    n_maps, n_people = len(person), len(np.unique(person))
    if n_people < n_maps and not blocks:
        yield (
            f"{maps_and_people(n_maps, n_people)}: maps of one person are alike, but every p value here, parametric "
            "or by "
            "permutation, takes all maps for exchangeable. Declare permutation.blocks, or analyse one map a person, "
            "such as a difference or a mean.",
            "rows",
        )
    elif blocks:
        how = " and ".join(f"{HOW[level['shuffle']]} of {level['variable']}" for level in levels_of(blocks))
        yield (
            f"{maps_and_people(n_maps, n_people)}, shuffled {how}: only the permutation heeds "
            "them. z, parametric p, false discovery rate, Bonferroni and the confidence intervals take rows for "
            "independent, given the design.",
            "rows",
        )


def of_values(settings, about_mask, about_maps, unit):
    """Sentences on zeros, backgrounds and smoothing."""
    n_maps = len(about_maps["ZerosInMask"])
    fills = list(about_maps["BackgroundValue"].values())
    zeros = of_zeros(about_mask, unit, n_maps, settings["zeros"])
    fill = of_fill(fills + [None] * (n_maps - len(fills)), unit)
    yield from ((text, section) for text, section in ((zeros, "zeros"), (fill, "background")) if text)
    shares = about_maps["KernelInsideMask"], about_maps["KernelOnValues"]
    yield from ((text, "smoothing") for text in of_smoothing(settings["smoothing_fwhm"], *shares, unit))


def of_few_clusters(settings, splits, contrasts, design, sample):
    """Sentences on clusters of a cluster-robust test that are few."""
    for name, split in splits.items():
        weighed = np.any(weights_of(contrasts, name, design) != 0, axis=0)
        found = of_clusters(name, split, weighed, design, sample, settings["permutation"])
        yield from ((text, "clusters") for text in found)


def of_reach(splits, schemes, blocks):
    """Sentences on effects of which a part stays as it is in every shuffle."""
    for name, split in splits.items():
        reach = Reach.of(split, blocks)
        if schemes[name] == "permute" and reach.still > 0.001:
            yield (
                f"Contrast {name}: {reach.words(blocks, 'permute')}; the rest of it stays as it is in each of them, "
                "and the test has no power for that part.",
                "reach",
            )
