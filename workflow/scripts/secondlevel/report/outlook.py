"""What an analysis will be, in words, from the table and the maps' headers alone."""

import json
import os
from functools import cache

import numpy as np
import pandas as pd

from secondlevel.base.companions import COMPANIONS
from secondlevel.base.errors import InputError
from secondlevel.base.levels import levels_of
from secondlevel.base.names import listed
from secondlevel.base.wording import left_out
from secondlevel.datasets.own import find_companions
from secondlevel.datasets.study import read_own
from secondlevel.inference.assumptions import of_rows
from secondlevel.model.aliasing import fitted_design
from secondlevel.model.design import design_variables
from secondlevel.model.diagnostics import of_design
from secondlevel.model.glm import partition
from secondlevel.model.grammar import variables_of
from secondlevel.model.split import expanded
from secondlevel.permutation.contrast_test import ContrastTest, Settings
from secondlevel.permutation.cost import of_nuisance
from secondlevel.permutation.few_clusters import of_clusters
from secondlevel.permutation.in_words import sharing, tree_in_words
from secondlevel.report.glimpse import told_mask
from secondlevel.report.outlook_maps import of_coverage, of_maps, places, prepared
from secondlevel.sample.elsewhere import with_design
from secondlevel.sample.map_means import MAP_MEAN, stand_ins
from secondlevel.sample.people import maps_and_people, people_of
from secondlevel.sample.quality import not_there
from secondlevel.sample.selection import select
from secondlevel.sample.structure import undeclared
from secondlevel.sample.table import read_sample
from secondlevel.space.forms import wanted_beside
from secondlevel.space.holes import Holes
from secondlevel.space.kinds.volume import Mask
from secondlevel.space.map_registry import kind_of_maps
from secondlevel.space.sources import subtracted

MOST_COLUMNS = 24  # of the design that are listed in a line
# Settings that choose the sample.
OF_SAMPLE = [
    "dataset",
    "datasets",
    "space",
    "kind",
    "resample_to",
    "table",
    "covariates",
    "labels",
    "exclude",
    "elsewhere",
]


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
    rows = "subjects" if "difference" in settings["kind"] else "rows"
    lines = [*lines, f"{len(table)} {rows} in {source}: {len(kept)} kept, {len(excluded)} left out"]
    lines += by_reason(excluded, table)
    if kept.empty:
        return [*lines, nobody(table, chosen, settings, source)]
    lines += of_maps(chosen, kind_of(settings), settings)
    names = settings["factors"], settings["center"], source, settings["scale"], settings["split"]
    kept = stand_ins(kept, settings["map_mean"], source)
    variables, about = design_variables(kept, settings["design"], *names)
    design, weights, dropped = fitted_design(
        expanded(settings["design"], settings["split"]), variables, settings["contrasts"]
    )
    sample = {name: kept[name].fillna("n/a").to_numpy() for name in kept if name not in ("map", *COMPANIONS.values())}
    n_people = len(set(people_of(sample, settings)))
    lines.append(f"Design: {maps_and_people(len(design), n_people)}, columns {listed(design, MOST_COLUMNS)}")
    lines += [f"  read from {listed(files)}" for files in [settings["elsewhere"].get("files")] if files]
    lines += [f"  {sentence}" for sentence in left_out(dropped)]
    lines += of_variables(about, settings["map_mean"])
    unit = kind_of(settings).unit
    lines += [*of_coverage(settings, len(design), unit), prepared(settings), places(settings, unit)]
    lines += structure(sample, settings)
    notices = [*of_rows(sample, settings), *of_design(design, list(kept["participant_id"]))]
    return lines + [text for text, _ in notices] + contrasts(sample, design, weights, settings)


def structure(sample, settings):
    """What to say of blocks whose names stand in several outer blocks, and of sites and families without blocks."""
    named = [(level["variable"], sample[level["variable"]]) for level in levels_of(settings["permutation"]["blocks"])]
    used = {*variables_of(settings["design"]), *settings["labels"]}
    return [*(f"{sentence}." for sentence in sharing(named)), *undeclared(sample, people_of(sample, settings), used)]


@cache
def sample_of(text):
    """Who is in the sample of some settings, those of OF_SAMPLE as JSON; analyses of the same people share it.

    Gives the table's file name, lines that there are to say of it, and a `sample.selection.Selection`.
    """
    settings = json.loads(text)
    kind = kind_of(settings)
    table, source, lines = rows_of(settings, kind)
    table, unlisted = with_design(table, settings["elsewhere"], source)
    names = settings["covariates"], settings["labels"], settings["exclude"]
    return source, lines, select(table, *names, kind, source, unlisted, holes_of(settings, kind))


def kind_of(settings):
    """How the maps of an analysis are read, a `space.protocol.Kind`; analyses of the same maps share it."""
    return shared_kind(json.dumps(settings["kind"]), settings["resample_to"])


@cache
def shared_kind(wanted, reference):
    """The same, from what it depends on; `wanted` is JSON."""
    return kind_of_maps(json.loads(wanted), reference)


def holes_of(settings, kind):
    """How the files are read that belong to each map, a `space.holes.Holes`; None where there are none."""
    own = settings["datasets"]["own"] if settings["dataset"] == "own" else {}
    wanted = {column: wanted_beside(settings, key) for key, column in COMPANIONS.items() if own.get(key)}
    reference = settings["resample_to"]
    kinds = {column: shared_kind(json.dumps(about), reference) for column, about in wanted.items()}
    return Holes(kind, kinds=kinds, resampled=reference is not None) if kinds else None


def of_variables(about, map_mean):
    """What to say of the variables of a design, as `model.design.design_variables` has made them."""
    unknown = MAP_MEAN if map_mean else None
    if unknown:
        yield f"  {MAP_MEAN} is the mean of each map over {told_mask(map_mean)}, which the run finds"
    yield from (f"  {name} is centred at {mean:g}" for name, mean in about["centered"].items() if name != unknown)
    yield from (f"  {name} is divided by {spread:g}" for name, spread in about["scaled"].items() if name != unknown)
    for name, by in about.get("split", {}).items():
        yield f"  {name} is split into its mean of each {by}, {name}[between], and the rest, {name}[within]"
    for name, levels in about["factors"].items():
        yield f"  {name}: {listed(levels)} (the first is the reference)"


def rows_of(settings, kind):
    """The table of a dataset, its file name, and what there is to say of it."""
    if settings["dataset"] != "own":
        return read_sample(settings["table"], kind), settings["table"], []
    own = settings["datasets"]["own"]
    study = read_own(own, own["participants"])
    table, extra, lines = study.table, study.extra, list(study.words)
    if "difference" in kind.about:
        lines.insert(0, f"Of each subject two maps are subtracted: {subtracted(*kind.about['difference'])}")
    lines += [f"Maps that belong to no row and are not analysed ({len(extra)}): {listed(extra)}"] if extra else []
    found = {"map": study.sources} | find_companions(table, own, own["participants"])
    found = {column: pd.Series(paths, dtype=object, index=table.index) for column, paths in found.items()}
    return table.assign(**found), own["participants"], lines


def nobody(table, chosen, settings, source):
    """Why nobody is left, an `InputError`; or, where the maps of a dataset are not there yet, that they will be."""
    reason = chosen.excluded["reason"].iloc[0]
    if any(not quality.problem for quality in chosen.qualities):
        raise InputError(f"{source}: no subject can be kept, for {reason} and the like.")
    rows = zip(table["map"], chosen.qualities, strict=True)
    found = [quality.problem for path, quality in rows if path and not not_there(path, settings["kind"])]
    if len(set(found)) == 1 < len(found):  # of what all maps need, such as a mesh or a table
        raise InputError(f"{source}: no subject can be kept: {found[0]}{'' if found[0].endswith('?') else '.'}")
    if found:
        raise InputError(f"{source}: no subject can be kept, for {found[0]} and the like.")
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
    """What to say of those who are left out: a line for each reason, whatever the names of the files."""
    maps = table.set_index("participant_id")
    maps, found = maps[maps.columns.intersection(["map", *COMPANIONS.values()])], {}
    for subject, reason in excluded.itertuples(index=False):
        alike = reason
        for path in filter(None, maps.loc[subject]):
            alike = alike.replace(str(path), "")
        found.setdefault(alike, []).append((subject, reason))
    return [f"  {listed(subject for subject, _ in alike_ones)}: {alike_ones[0][1]}" for alike_ones in found.values()]


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
        freedom = f"{split.df} degrees of freedom" if tested.about["degrees_of_freedom"] else "p by permutation alone"
        used = "all" if shuffles.enumeration else f"{shuffles.count:,} at random"
        lines += [
            f"Contrast {contrast}: {tested.name['name']}{', two-sided' * tested.two_sided} of {'; '.join(rows)}",
            f"  {freedom}; scheme {shuffles.scheme}; {distinct} distinct permutations, {used} used",
        ]
        reach = tested.reach.words(shuffles.blocks, shuffles.scheme)
        tree = tree_in_words(shuffles.blocks, shuffles.scheme)
        how = np.any(matrix != 0, axis=0), design, sample, settings["permutation"]
        lines += [f"  {text}" for text in of_clusters(contrast, split, *how)]
        lines += [f"  {text}" for text in (tree, reach, of_nuisance(tested.statistic, settings)) if text]
    return lines
