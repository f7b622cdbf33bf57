"""What an analysis takes for granted and its data do not bear out, in one list of sentences for log and report."""

import numpy as np

from secondlevel.base.sides import peak
from secondlevel.model.diagnostics import of_design, of_scales, variance_inflation
from secondlevel.model.glm import partition
from secondlevel.model.residuals import of_residuals
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.reach import Reach
from secondlevel.permutation.shuffling import suited_scheme
from secondlevel.sample.notices import of_fill, of_smoothing, of_zeros
from secondlevel.sample.people import maps_and_people, people_of


def assumptions(settings, sample, design, contrasts, sd, maps, statistics, about_mask, about_maps):
    """Measure what the model assumes.

    Parameters
    ----------
    settings : dict
        ``dataset``, ``datasets``, ``permutation``, ``zeros``, ``smoothing_fwhm`` and ``two_sided`` of the analysis.
    sample : dict of ndarray of str, shape (n_subjects,), by column
    design : pandas.DataFrame, shape (n_subjects, n_columns)
    contrasts : dict of ndarray of str, by column
        The table of weights.
    sd : ndarray, shape (n_subjects,)
        The maps' standard deviations.
    maps : ndarray or memmap, shape (n_subjects, n_elements)
    statistics : dict of ndarray, shape (n_elements,)
        t or F of each contrast.
    about_mask, about_maps : dict
        What the JSON files of mask and maps say.

    Returns
    -------
    dict
        ``measures``, numbers by what they measure, and ``notices``, dicts of ``sentence`` and ``section`` of
        docs/diagnostics.md, as JSON.
    """
    subjects, matrix = sample["participant_id"], design.to_numpy()
    splits = {name: partition(matrix, weights_of(contrasts, name, design)) for name in statistics}
    scheme = settings["permutation"]["scheme"]
    schemes = {name: suited_scheme(split) if scheme == "auto" else scheme for name, split in splits.items()}
    peaks = {name: peak(values, settings["two_sided"]) for name, values in statistics.items()}
    flipped = [name for name, how in schemes.items() if how != "permute"]
    measures, unlike = of_residuals(maps, matrix, peaks, flipped)
    inflation = variance_inflation(matrix)
    measures["VarianceInflation"] = {name: round(float(v), 3) for name, v in zip(design, inflation, strict=True)}
    measures["StandardDeviationOfMaps"] = {"least": float(np.min(sd)), "largest": float(np.max(sd))}
    notices = [
        *of_rows(sample, settings),
        *of_values(settings, about_mask, about_maps),
        *of_scales(subjects, sd),
        *of_design(design, subjects),
        *unlike,
        *of_reach(splits, schemes, Blocks.of_config(settings["permutation"]["blocks"], sample)),
    ]
    return {"measures": measures, "notices": [{"sentence": text, "section": section} for text, section in notices]}


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
        how = "within the blocks" if blocks["shuffle"] == "within" else "in whole blocks"
        yield (
            f"{maps_and_people(n_maps, n_people)}, shuffled {how} of {blocks['variable']}: only the permutation heeds "
            "them. z, parametric p, false discovery rate, Bonferroni and the confidence intervals take rows for "
            "independent, given the design.",
            "rows",
        )


def of_values(settings, about_mask, about_maps):
    """Sentences on zeros, backgrounds and smoothing."""
    n_partly, n_voxels, n_maps = (
        about_mask["VoxelsZeroInSomeMaps"],
        about_mask["Voxels"],
        len(about_maps["ZerosInMask"]),
    )
    fills = list(about_maps["BackgroundValue"].values())
    zeros = of_zeros(n_partly, n_voxels, n_maps, settings["zeros"])
    fill = of_fill(fills + [None] * (n_maps - len(fills)))
    yield from ((text, section) for text, section in ((zeros, "zeros"), (fill, "background")) if text)
    shares = about_maps["KernelInsideMask"], about_maps["KernelOnValues"]
    yield from ((text, "smoothing") for text in of_smoothing(settings["smoothing_fwhm"], *shares))


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
