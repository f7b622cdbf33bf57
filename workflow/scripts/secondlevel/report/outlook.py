"""What an analysis will be, in words, from the table and the maps' headers alone."""

import json
import os
from functools import cache

import numpy as np
import pandas as pd

from secondlevel.base.errors import InputError
from secondlevel.base.names import listed
from secondlevel.base.wording import left_out
from secondlevel.datasets.own import find_maps, read_study
from secondlevel.inference.assumptions import of_rows
from secondlevel.inference.atlas import Atlas
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables
from secondlevel.model.diagnostics import of_design
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings
from secondlevel.permutation.cost import of_nuisance
from secondlevel.report.glimpse import is_path, values
from secondlevel.sample.elsewhere import with_design
from secondlevel.sample.people import maps_and_people, people_of
from secondlevel.sample.quality import glance, of_orientation
from secondlevel.sample.selection import select
from secondlevel.sample.table import read_sample
from secondlevel.space.grids import alike, describe, reference_grid
from secondlevel.space.images import Mask, load_image
from secondlevel.space.masking import given_mask

MOST_COLUMNS = 24  # of the design that are listed in a line
OF_SAMPLE = ("dataset", "datasets", "table", "covariates", "labels", "exclude", "elsewhere")  # settings that choose it


def outlook(settings):
    """Lines on the sample, design, contrasts, mask and permutations of an analysis.

    Parameters
    ----------
    settings : dict
        Those of the config; `table`, the sample table of a dataset that comes with the workflow; `covariates` and
        `labels`, the variables that must be there.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If the analysis cannot run.
    """
    if settings["dataset"] != "own" and not os.path.exists(settings["table"]):
        return [f"The dataset {settings['dataset']} will be made or downloaded first; then a dry run says more."]
    source, lines, chosen = sample_of(json.dumps({key: settings[key] for key in OF_SAMPLE}))
    table, excluded, kept = chosen.table, chosen.excluded, chosen.table[chosen.kept]
    lines = [*lines, f"{len(table)} rows in {source}: {len(kept)} kept, {len(excluded)} left out"]
    lines += by_reason(excluded, table)
    if kept.empty:
        return [*lines, nobody(table, chosen, settings, source)]
    lines += grids(chosen, settings["resample_to"])
    require_images(chosen, settings)
    lines += values(chosen, settings)
    names = settings["factors"], settings["center"], source, settings["scale"]
    variables, about = design_variables(kept, settings["design"], *names)
    design, weights, dropped = fitted_design(settings["design"], variables, settings["contrasts"])
    sample = {name: kept[name].fillna("n/a").to_numpy() for name in kept if name != "map"}
    n_people = len(set(people_of(sample, settings)))
    lines.append(f"Design: {maps_and_people(len(design), n_people)}, columns {listed(design, MOST_COLUMNS)}")
    lines += [f"  read from {listed(files)}" for files in [settings["elsewhere"].get("files")] if files]
    lines += [f"  {sentence}" for sentence in left_out(dropped)]
    lines += of_variables(about)
    lines.append(f"Mask: {settings['mask']}; smoothing: {settings['smoothing_fwhm']:g} mm")
    lines.append(places(settings))
    notices = [*of_rows(sample, settings), *of_design(design, list(kept["participant_id"]))]
    return lines + [text for text, _ in notices] + contrasts(sample, design, weights, settings)


@cache
def sample_of(text):
    """Who is in the sample of some settings, those of OF_SAMPLE as JSON; analyses of the same people share it.

    Gives the table's file name, lines that there are to say of it, and a `sample.selection.Selection`.
    """
    settings = json.loads(text)
    table, source, lines = rows_of(settings)
    table, unlisted = with_design(table, settings["elsewhere"], source)
    names = settings["covariates"], settings["labels"], settings["exclude"]
    return source, lines, select(table, *names, glance, source, unlisted)


def of_variables(about):
    """What to say of the variables of a design, as `model.design.design_variables` has made them."""
    yield from (f"  {name} is centred at {mean:g}" for name, mean in about["centered"].items())
    yield from (f"  {name} is divided by {deviation:g}" for name, deviation in about["scaled"].items())
    for name, levels in about["factors"].items():
        yield f"  {name}: {listed(levels)} (the first is the reference)"


def rows_of(settings):
    """The table of a dataset, its file name, and what there is to say of it."""
    if settings["dataset"] != "own":
        return read_sample(settings["table"]), settings["table"], []
    own = settings["datasets"]["own"]
    table = read_study(own["participants"], own["id"])
    paths, extra = find_maps(table, own["maps"], own["participants"], own["id"])
    lines = [f"Maps that belong to no row and are not analysed ({len(extra)}): {listed(extra)}"] if extra else []
    return table.assign(map=pd.Series(paths, dtype=object, index=table.index)), own["participants"], lines


def nobody(table, chosen, settings, source):
    """Why nobody is left, an `InputError`; or, where the maps of a dataset are not there yet, that they will be."""
    reason = chosen.excluded["reason"].iloc[0]
    if any(not quality.problem for quality in chosen.qualities):
        raise InputError(f"{source}: no subject can be kept, for {reason} and the like.")
    if settings["dataset"] != "own":
        return f"The maps of the dataset {settings['dataset']} will be downloaded first; then a dry run says more."
    tried, maps = next(filter(None, table["map"]), None), settings["datasets"]["own"]["maps"]
    if tried:
        what = f"the first path that was tried is {tried}"
    elif isinstance(maps, dict):
        wanted = ", ".join(f"{key} {value}" for key, value in maps.items())
        what = f"no file fits {table['participant_id'].iloc[0]} and {wanted}"
    else:
        what = f"the columns that config key 'datasets.own.maps' names hold no path for anybody in {source}"
    raise InputError(f"No map is found: {what}; correct the config key 'datasets.own.maps', or move the maps there.")


def by_reason(excluded, table):
    """What to say of those who are left out: a line for each reason, whatever the name of the map."""
    maps = table.set_index("participant_id")["map"]
    found = {}
    for subject, reason in excluded.itertuples(index=False):
        found.setdefault(reason.replace(str(maps[subject]), ""), []).append((subject, reason))
    return [f"  {listed(subject for subject, _ in alike_ones)}: {alike_ones[0][1]}" for alike_ones in found.values()]


def grids(chosen, resample_to):
    """What to say of the maps' grids and axes, from their headers."""
    subjects = list(chosen.table["participant_id"][chosen.kept])
    found = [quality.grid for quality in chosen.qualities_of_kept]
    groups = alike(found)
    lines = [f"Maps of {describe(found[group[0]])}: {listed(subjects[number] for number in group)}" for group in groups]
    if resample_to:
        lines.append(f"All are resampled to the grid of {resample_to}")
    elif len(groups) > 1:
        lines.append("Unlike grids are refused: set resample_to, or exclude some")
    unknown = of_orientation(chosen.of_unknown_orientation, len(subjects))
    return [*lines, unknown] if unknown else lines


def require_images(chosen, settings):
    """An `InputError` if an image that the config names beside the maps cannot be used."""
    found = [quality.grid for quality in chosen.qualities_of_kept]
    reference, mask, atlas = settings["resample_to"], settings["mask"], settings["atlas"]
    if reference:
        found = [reference_grid(reference)]
    if is_path(mask):
        if len(alike(found)) == 1:
            given_mask(mask, found[0][0], np.reshape(found[0][1], (4, 4)))
        else:
            load_image(mask)
    if atlas and not is_brought(settings):
        Atlas.read(atlas["image"], atlas["labels"])


def is_brought(settings):
    """Whether the atlas is one that the workflow brings, which is not there yet in the first run."""
    return isinstance(settings["tables"]["atlas"], str)


def places(settings):
    """By what the places of peaks will be named."""
    if is_brought(settings):
        return f"Places of peaks: named by the atlas {settings['tables']['atlas']}"
    if settings["atlas"]:
        return f"Places of peaks: named by {settings['atlas']['image']}"
    return "Places of peaks: not named; if the maps are in MNI space, write tables: {atlas: aal}"


def contrasts(sample, design, weights, settings):
    """What to say of the contrasts and their permutations."""
    lines = []
    # The mask is not known yet, and no word depends on it.
    mask = Mask(np.ones((1, 1, 1), dtype=bool), np.eye(4))
    test = Settings.of(settings["permutation"], settings["two_sided"], {}, sample, mask)
    for contrast, matrix in weights.items():
        split = partition(design.to_numpy(), matrix)
        tested = ContrastTest.of(test, design.to_numpy(), split, contrast)
        shuffles = tested.shuffles
        rows = [" ".join(f"{w:+g} {name}" for name, w in zip(design, row, strict=True) if w) for row in matrix]
        distinct = f"{shuffles.distinct:,}" if shuffles.distinct < 10**15 else "more than 10^15"
        used = "all" if shuffles.enumeration else f"{shuffles.count:,} at random"
        lines += [
            f"Contrast {contrast}: {tested.name['name']}{', two-sided' * tested.two_sided} of {'; '.join(rows)}",
            f"  {split.df} degrees of freedom; scheme {shuffles.scheme}; {distinct} distinct permutations, {used} used",
        ]
        reach = tested.reach.words(shuffles.blocks, shuffles.scheme)
        lines += [f"  {text}" for text in (reach, of_nuisance(tested.statistic, settings)) if text]
    return lines
