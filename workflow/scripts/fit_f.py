"""Rule fit_f: F, z, p, Bonferroni -log10 p and explained variance of a contrast of several rows."""

import numpy as np

from secondlevel.columns import read_contrast
from secondlevel.glm import fit, partition
from secondlevel.images import Mask, write_map
from secondlevel.logs import log_to
from secondlevel.tails import bonferroni_logp, log_sf_f, z_from_log_p


def main(smk):
    log = log_to(smk.log[0])
    mask = Mask.read(smk.input.mask)
    design, weights = read_contrast(smk.input.design, smk.input.contrasts, smk.wildcards.contrast)
    result = fit(np.load(smk.input.maps, mmap_mode="r"), partition(design, weights))
    log_p = log_sf_f(result.f, result.rank, result.df)
    how = {"Contrast": smk.wildcards.contrast, "Model": "ordinary least squares"}
    how |= {"DegreesOfFreedom": [result.rank, result.df]}
    out = smk.output

    def write(path, values, what, unit, **more):
        write_map(path, values, mask, {"Description": what, "Units": unit} | how, **more)

    write(out.f, result.f, "F of the contrast", "F")
    write(out.z, z_from_log_p(log_p), "standard normal deviate with the tail probability of F", "z")
    write(out.p, np.exp(log_p), "p value, uncorrected", "probability", outside=1, dtype=np.float64)
    write(
        out.logp, bonferroni_logp(log_p, mask.size), "-log10 of the Bonferroni-corrected p value", "-log10 probability"
    )
    write(out.r2, result.partial_r2, "share of the variance, adjusted for the nuisance, that is explained", "share")
    log.info("largest F %.3f, %d and %d degrees of freedom", result.f.max(), result.rank, result.df)


if __name__ == "__main__":
    main(snakemake)
