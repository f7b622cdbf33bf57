"""Rule fit_f: F, z, p, Bonferroni -log10 p and explained variance of a contrast of several rows."""

import numpy as np

from secondlevel.base.logs import log_to
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.fitted import maps_of_f
from secondlevel.model.glm import fit, partition
from secondlevel.model.maps import OF_F
from secondlevel.model.written import write_maps
from secondlevel.space.images import Mask


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    result = fit(
        np.load(smk.input.maps, mmap_mode="r"),
        partition(*read_contrast(smk.input.design, smk.input.contrasts, contrast)),
    )
    df = [result.rank, result.df]
    how = {"Contrast": contrast, "Model": "ordinary least squares", "DegreesOfFreedom": df}
    write_maps(smk.output, OF_F, maps_of_f(result), mask, how)
    log.info("largest F %.3f, %d and %d degrees of freedom", result.f.max(), *df)


if __name__ == "__main__":
    main(snakemake)
