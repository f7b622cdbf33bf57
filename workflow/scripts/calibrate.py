"""Rule calibrate: the error rate of an analysis' permutation test on simulated maps that are like its own."""

from functools import partial
from logging import INFO, WARNING

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.files import write_json
from secondlevel.base.logs import Progress, log_to
from secondlevel.inference.calibration import Errors, error_rates, verdicts
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import Settings
from secondlevel.sample.people import blocks_or_people
from secondlevel.space.registry import read_space


def main(smk):
    log, params = log_to(smk.log[0]), smk.params
    maps, sample = np.load(smk.input.maps, mmap_mode="r"), read_columns(smk.input.sample)
    mask = read_space(smk.input.mask)
    settings = Settings.of(params.permutation, params.two_sided, {}, sample, mask)
    models = {name: read_contrast(smk.input.design, smk.input.contrasts, name) for name in params.contrasts}
    design = next(iter(models.values()))[0]
    errors = Errors.measured(maps, design, blocks_or_people(sample, params.settings))
    progress, rows = partial(Progress, log, smk.wildcards.analysis), []
    for name, (_, weights) in models.items():
        split = partition(design, weights)
        rows += error_rates(settings, design, split, errors, params.alpha, params.data_sets, name, progress)
    told = verdicts(rows)
    for sentence, warned in told:
        log.log(WARNING if warned else INFO, sentence)
    about = {"errors": errors.about, "sentences": [sentence for sentence, _ in told]}
    write_json(smk.output.calibration, about | {"warnings": [s for s, warned in told if warned], "rates": rows})


if __name__ == "__main__":
    main(snakemake)
