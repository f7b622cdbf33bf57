"""Rule model_figures: the z map and the corrected parametric p map of one contrast, and the effect at the peak."""

import numpy as np

from secondlevel.columns import read_contrast
from secondlevel.contrastfigures import logp_figure, peak_figure, z_figures
from secondlevel.figures import save
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast, out = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast, smk.output
    thresholds = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}
    z, logp, statistic = (read_map(smk.input[key], mask) for key in ("z", "bonferroni", "statistic"))
    where = mask.affine, params.cut_coords
    for key, figure in z_figures(contrast, mask.volume(z), *where, params.two_sided, thresholds).items():
        save(figure, *out[key])
    save(logp_figure(contrast, "bonferroni", mask.volume(logp), *where, params.logp_from), *out.bonferroni)
    maps, design = (
        np.load(smk.input.maps, mmap_mode="r"),
        read_contrast(smk.input.design, smk.input.contrasts, contrast),
    )
    figure = peak_figure(contrast, maps, mask, *design, statistic, params.statistic, params.two_sided)
    save(figure, *out.association)
    log.info("drawn")


if __name__ == "__main__":
    main(snakemake)
