"""Rule fit: effect, variance, t, z, p, Bonferroni -log10 p and partial correlation of one contrast."""

import numpy as np

from secondlevel.base.logs import log_to
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.fitted import maps_of_t, words_of_t
from secondlevel.model.glm import fit, partition
from secondlevel.model.maps import OF_T
from secondlevel.model.written import write_maps
from secondlevel.space.images import Mask


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast, two_sided = Mask.read(smk.input.mask), smk.wildcards.contrast, smk.params.two_sided
    design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
    result = fit(np.load(smk.input.maps, mmap_mode="r"), partition(design, weights))
    how = {"Contrast": contrast, "Model": "ordinary least squares", "DegreesOfFreedom": result.df}
    words = words_of_t(design, weights, two_sided)
    write_maps(smk.output, OF_T, maps_of_t(result, two_sided), mask, how, **words)
    log.info("largest t %.3f, smallest %.3f, %d degrees of freedom", result.t.max(), result.t.min(), result.df)


if __name__ == "__main__":
    main(snakemake)
