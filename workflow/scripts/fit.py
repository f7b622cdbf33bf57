"""Rule fit: the maps of each contrast's model, such as effect, t, z and p, or F and explained variance."""

import numpy as np

from secondlevel.base.contrast_files import files_of
from secondlevel.base.logs import log_to
from secondlevel.model.contrasts import read_contrast
from secondlevel.model.fitted import fitted_maps
from secondlevel.model.glm import fit, partition
from secondlevel.model.written import write_maps
from secondlevel.space.images import Mask


def main(smk):
    log = log_to(smk.log[0])
    maps, mask = np.load(smk.input.maps, mmap_mode="r"), Mask.read(smk.input.mask)
    for contrast, two_sided in smk.params.two_sided.items():
        design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
        result = fit(maps, partition(design, weights))
        kinds, values, df, words = fitted_maps(result, design, weights, two_sided)
        how = {"Contrast": contrast, "Model": "ordinary least squares", "DegreesOfFreedom": df}
        write_maps(files_of(contrast, smk.output), kinds, values, mask, how, **words)
        largest, least = values["z"].max(), values["z"].min()
        log.info("%s: largest z %.3f, smallest %.3f; degrees of freedom: %s", contrast, largest, least, df)


if __name__ == "__main__":
    main(snakemake)
