"""The sample, the elements and the matrix of a study, made by the core as the rules make them, without a run."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

import settings as configs
from foretold import HELD, SCHEMAS
from secondlevel.datasets.study import read_own
from secondlevel.sample.reading import read_all
from secondlevel.sample.selection import objections, require_one_frame, selection_of
from secondlevel.space.map_registry import kind_of_maps
from secondlevel.space.masking import mask_counts
from secondlevel.space.registry import read_space
from secondlevel.space.smoothed_maps import SmoothedMaps
from study import config_of

forms = configs.facts.forms


@dataclass
class Analysed:
    """What is made of a study before its model."""

    form: object
    kind: object
    space: object
    matrix: np.ndarray
    selection: object
    extra: list
    counts: dict
    warnings: list


def chosen(own, **more):
    """The settings of a study of one's own, checked and complete."""
    given = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]} | more
    (found,) = configs.analyses_of(config_of(own=own, **given), *SCHEMAS)[1].values()
    return found


def analysed(own, **more):
    """All of it, in the working folder."""
    for held in HELD:
        held.cache_clear()  # as in a process of its own
    settings = chosen(own, **more)
    form, own = forms.form_of(settings), settings["datasets"]["own"]
    kind = kind_of_maps(json.loads(json.dumps(forms.wanted(settings))), settings["resample_to"])
    study = read_own(own, own["participants"])
    table, extra = study.table, study.extra
    table = table.assign(map=pd.Series(study.sources, dtype=object, index=table.index))
    against = objections(table, [], [], settings["exclude"], own["participants"])
    qualities, common = read_all(table["map"], against, kind)
    selection = selection_of(table, against, qualities, kind, own["participants"])
    kept = selection.table[selection.kept]
    require_one_frame(list(kept["participant_id"]), [quality.frame for quality in selection.qualities_of_kept], kind)
    frame = kind.frame_of(kept["map"].iloc[0])
    mask = settings["mask"]
    proposed, source = kind.proposed(configs.facts.masks.masks_of(mask, kind.about["parts"]), common, frame)
    inside, counts = mask_counts(common, proposed, source, kind.unit, configs.facts.zeros(settings) == "missing")
    space, warnings = kind.space(inside, frame, list(kept["map"]), form.space)
    space.save(form.mask, counts)
    space = read_space(form.mask)
    matrix = np.array(list(SmoothedMaps(list(kept["map"]), kind, space, settings["smoothing_fwhm"])))
    return Analysed(form, kind, space, matrix, selection, extra, counts, list(warnings))
