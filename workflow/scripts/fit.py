"""Rule fit: effect, variance, t, z, p, Bonferroni -log10 p and partial correlation of one contrast."""

import numpy as np

from secondlevel.columns import read_contrast
from secondlevel.glm import compares_means, fit, partition
from secondlevel.images import Mask, write_map
from secondlevel.logs import log_to
from secondlevel.tails import bonferroni_logp, log_p_from_t, z_from_t


def main(smk):
    log = log_to(smk.log[0])
    mask = Mask.read(smk.input.mask)
    design, weights = read_contrast(smk.input.design, smk.input.contrasts, smk.wildcards.contrast)
    result = fit(np.load(smk.input.maps, mmap_mode="r"), partition(design, weights))
    log_p = log_p_from_t(result.t, result.df, smk.params.two_sided)
    sided = "two-sided" if smk.params.two_sided else "one-sided, for a positive effect"
    how = {"Contrast": smk.wildcards.contrast, "Model": "ordinary least squares", "DegreesOfFreedom": result.df}
    out = smk.output

    def write(path, values, what, unit, **more):
        write_map(path, values, mask, {"Description": what, "Units": unit} | how, **more)

    write(out.effect, result.effect, "contrast of the coefficients", "units of the maps per unit of the contrast")
    low, high = result.interval(0.95)
    write(out.lower, low, "lower end of the 95 % confidence interval of the effect", "as the effect")
    write(out.upper, high, "upper end of the 95 % confidence interval of the effect", "as the effect")
    is_d = compares_means(design, weights)
    what = "Cohen's d: the mean, or difference of means" if is_d else "the change per unit of the contrast"
    write(out.d, result.standardised, f"{what}, in standard deviations of the residuals", "standard deviations")
    write(out.variance, result.variance, "squared standard error of the effect", "squared units of the effect")
    write(out.t, result.t, "Student's t of the effect", "t")
    write(out.z, z_from_t(result.t, result.df), "standard normal deviate with the tail probability of t", "z")
    write(out.p, np.exp(log_p), f"p value, {sided}, uncorrected", "probability", outside=1, dtype=np.float64)
    corrected = bonferroni_logp(log_p, mask.size)
    write(out.logp, corrected, f"-log10 of the Bonferroni-corrected p value, {sided}", "-log10 probability")
    write(out.r, result.partial_r, "partial correlation of the maps with the contrast's regressor", "correlation")
    log.info("largest t %.3f, smallest %.3f, %d degrees of freedom", result.t.max(), result.t.min(), result.df)


if __name__ == "__main__":
    main(snakemake)
