"""Rule fit: the maps of each contrast's model, such as effect, t, z and p, or F and explained variance."""

from secondlevel.base.columns import read_matrix
from secondlevel.base.contrast_files import files_of
from secondlevel.base.guarding import unguarded
from secondlevel.base.logs import log_to
from secondlevel.base.matrix import mapped
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.fitted import fitted_maps
from secondlevel.model.glm import fit, partition
from secondlevel.model.weighted import fit_weighted
from secondlevel.model.weighted_maps import words_of, write_missing, write_model
from secondlevel.model.written import write_maps
from secondlevel.space.registry import read_space
from secondlevel.space.sources import subtracted


def main(smk):
    log, weighted = log_to(smk.log[0]), None
    maps, mask = mapped(smk.input.maps, smk.input.get("variances")), read_space(smk.input.mask)
    if smk.params.weighted:
        weighted = fit_weighted(maps, read_matrix(smk.input.design))
        write_model(smk.output, weighted, mask)
    difference = unguarded(smk.params.difference)
    for contrast, two_sided in smk.params.two_sided.items():
        design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
        split, out = partition(design, weights), files_of(contrast, smk.output)
        result = weighted.contrast(weights) if weighted else fit(maps, split)
        kinds, values, df, words = fitted_maps(result, design, weights, two_sided)
        how = {"Contrast": contrast, "Model": "ordinary least squares", "DegreesOfFreedom": df}
        how |= {"Difference": subtracted(*difference)} if difference else {}
        if weighted:
            how |= words_of(weighted, split.rank)
            write_missing(out, maps, split, mask, contrast)
        write_maps(out, kinds, values, mask, how, **words)
        log.info("%s: largest z %.3f, smallest %.3f", contrast, values["z"].max(), values["z"].min())


if __name__ == "__main__":
    main(snakemake)
