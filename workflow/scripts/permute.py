"""Rule permute: the max statistics of one chunk of the shuffles, for every contrast."""

from functools import partial

import numpy as np

from secondlevel.columns import read_columns, read_contrast
from secondlevel.contrasttest import ContrastTest, Settings, chunk_nulls
from secondlevel.glm import partition
from secondlevel.images import Mask
from secondlevel.logs import Progress, log_to
from secondlevel.nulls import save_nulls


def main(smk):
    log = log_to(smk.log[0])
    maps, params = np.load(smk.input.maps, mmap_mode="r"), smk.params
    config = params.permutation, params.two_sided, params.clusters, params.tfce
    settings = Settings.of(*config, read_columns(smk.input.sample), Mask.read(smk.input.mask))
    tests = {}
    for contrast in params.contrasts:
        design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
        tests[contrast] = ContrastTest.of(settings, design, partition(design, weights))
        log.info("%s: %s", contrast, tests[contrast].about)
    chunk, n_chunks = map(int, smk.wildcards.scatteritem.split("-of-"))
    progress, exceedances = partial(Progress, log), params.permutation["uncorrected"]
    nulls = chunk_nulls(maps, tests, chunk - 1, n_chunks, exceedances, smk.threads, progress)
    save_nulls(smk.output.chunk, nulls)


if __name__ == "__main__":
    main(snakemake)
