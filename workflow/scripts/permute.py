"""Rule permute: the max statistics of one chunk of the shuffles, for every contrast."""

from functools import partial

from secondlevel.base.columns import read_columns
from secondlevel.base.logs import Progress, log_to
from secondlevel.base.matrix import mapped
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.glm import partition
from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
from secondlevel.permutation.nulls import save_nulls
from secondlevel.space.registry import read_space


def main(smk):
    log, params = log_to(smk.log[0]), smk.params
    maps, mask = mapped(smk.input.maps, smk.input.get("variances")), read_space(smk.input.mask)
    settings = Settings.of(
        params.permutation, params.two_sided, params.whole_maps, read_columns(smk.input.sample), mask
    )
    tests = {}
    for contrast in params.contrasts:
        design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
        tests[contrast] = ContrastTest.of(settings, design, partition(design, weights), contrast)
        log.info("%s: %s", contrast, tests[contrast].about)
    chunk, n_chunks = map(int, smk.wildcards.scatteritem.split("-of-"))
    progress = partial(Progress, log, f"{smk.wildcards.analysis}, chunk {chunk} of {n_chunks}")
    exceedances = params.permutation["uncorrected"]
    save_nulls(smk.output.chunk, chunk_nulls(maps, tests, chunk - 1, n_chunks, exceedances, smk.threads, progress))


if __name__ == "__main__":
    main(snakemake)
