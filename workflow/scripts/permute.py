"""Rule permute: the max statistics of one chunk of the shuffles, for every contrast."""

import numpy as np

from secondlevel.design import read_contrast
from secondlevel.glm import partition
from secondlevel.logs import log_to
from secondlevel.nulls import Null
from secondlevel.permutation import BLOCK, Shuffler, chunk_of_blocks, max_statistics


def main(smk):
    log = log_to(smk.log[0])
    maps = np.load(smk.input.maps, mmap_mode="r")
    number, n_chunks = map(int, smk.wildcards.scatteritem.split("-of-"))
    blocks = chunk_of_blocks(smk.params.permutations, number - 1, n_chunks)
    log.info("shuffles from %d, in %d blocks of %d", blocks.start * BLOCK, len(blocks), BLOCK)
    results = []
    for contrast in smk.params.contrasts:
        split = partition(*read_contrast(smk.input.design, smk.input.contrasts, contrast))
        shuffler = Shuffler(split, smk.params.scheme, smk.params.seed, smk.params.two_sided)
        results.append(max_statistics(maps, shuffler, blocks, smk.params.permutations, smk.threads))
    maxima, exceedances = map(np.stack, zip(*results, strict=True))
    Null(blocks.start * BLOCK, maxima, exceedances).save(smk.output.chunk)
    log.info("%d shuffles of %d contrasts done", maxima.shape[1], len(results))


if __name__ == "__main__":
    main(snakemake)
