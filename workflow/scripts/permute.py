"""Rule permute: the max statistics of one chunk of the shuffles, for every contrast."""

import numpy as np

from secondlevel.contrasttest import ContrastTest, Settings, chunk_nulls
from secondlevel.design import read_contrast
from secondlevel.exchangeability import Blocks
from secondlevel.glm import partition
from secondlevel.images import Mask
from secondlevel.logs import log_to
from secondlevel.nulls import save_nulls
from secondlevel.pseudot import Smoother
from secondlevel.tables import read_table


def main(smk):
    log = log_to(smk.log[0])
    maps, params = np.load(smk.input.maps, mmap_mode="r"), smk.params
    sample, mask = read_table(smk.input.sample), Mask.read(smk.input.mask)
    settings = Settings(
        params.scheme,
        Blocks.of(sample[params.blocks["variable"]], params.blocks["shuffle"] == "whole")
        if params.blocks
        else Blocks.none(len(sample)),
        params.permutations,
        params.seed,
        params.two_sided,
        np.unique(sample[params.variance_groups], return_inverse=True)[1] if params.variance_groups else None,
        Smoother.of_fwhm(mask.inside, mask.affine, params.variance_fwhm) if params.variance_fwhm else None,
    )
    tests = {}
    for contrast in params.contrasts:
        design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
        tests[contrast] = ContrastTest.of(settings, design, partition(design, weights))
        log.info("%s: %s", contrast, tests[contrast].about)
    chunk, n_chunks = map(int, smk.wildcards.scatteritem.split("-of-"))

    def progress(done):
        log.info("%d shuffles of this chunk done", done)

    nulls = chunk_nulls(maps, tests, chunk - 1, n_chunks, params.uncorrected, smk.threads, progress)
    save_nulls(smk.output.chunk, nulls)


if __name__ == "__main__":
    main(snakemake)
