"""What a config ends in, worked out in this process: design.tsv, contrasts.tsv, statistics, maxima of the shuffles."""

from pathlib import Path
from types import SimpleNamespace

import nibabel as nib
import numpy as np

import design_matrix
import settings as configs
from foretold import SCHEMAS
from secondlevel.base.columns import read_columns
from secondlevel.base.tables import write_table
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.glm import fit, partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.report.outlook import kind_of, rows_of
from secondlevel.sample.elsewhere import with_design
from secondlevel.sample.selection import select
from secondlevel.space.kinds.volume import Mask
from study import AFFINE, INSIDE


def worked(given):
    """What each analysis of a config ends in, by name; the maps are `study.write_maps` in the working directory."""
    return {name: analysed(name, chosen) for name, chosen in configs.analyses_of(given, *SCHEMAS)[1].items()}


def analysed(name, settings):
    """The same of one analysis, by what it is."""
    facts, folder = configs.facts, Path("worked") / name
    kind = kind_of(settings | {"kind": facts.forms.wanted(settings)})
    table, source, _ = rows_of(settings, kind)
    table, unlisted = with_design(table, facts.elsewhere(settings), source)
    names = facts.covariates(settings), facts.labels(settings), settings["exclude"]
    chosen = select(table, *names, kind, source, unlisted)
    files = {key: str(folder / key) for key in ("sample", "design", "contrasts", "about")}
    write_table(files["sample"], chosen.table[chosen.kept])
    params = {key: facts.of_design(settings, key) for key in ("factors", "center", "scale", "split")}
    params |= {key: settings[key] for key in ("design", "contrasts")}
    files, params = SimpleNamespace(**files), SimpleNamespace(**params)
    design_matrix.main(SimpleNamespace(log=[folder / "log"], params=params, input=files, output=files))
    found = {"design.tsv": Path(files.design).read_text(), "contrasts.tsv": Path(files.contrasts).read_text()}
    sample = read_columns(files.sample)
    maps = np.array([nib.load(path).get_fdata(dtype=np.float32)[INSIDE] for path in sample["map"]])
    test = Settings.of(facts.shuffling(settings), settings["two_sided"], {}, sample, Mask(INSIDE, AFFINE))
    tests = {}
    for contrast in facts.contrasts(settings):
        design, weights = read_contrast(files.design, files.contrasts, contrast)
        split = partition(design, weights)
        tests[contrast] = ContrastTest.of(test, design, split, contrast)
        fitted = fit(maps, split)
        found[f"{contrast} {tests[contrast].name}"] = fitted.t if split.rank == 1 else fitted.f
    nulls = chunk_nulls(maps, tests, 0, 1, False, 1, lambda *words: lambda done: None)
    found |= {"about": {name: null.about for name, null in nulls.items()}}
    return found | {f"maxima of {contrast}": null.maxima["maxT"] for contrast, null in nulls.items()}
