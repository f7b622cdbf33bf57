"""Rule model_figures: the z map and the corrected parametric p map of one contrast, and the effect at the peak."""

import numpy as np

from secondlevel.base.columns import numbers, read_columns
from secondlevel.base.files import read_json
from secondlevel.base.logs import log_to
from secondlevel.figures.association import peak_figure
from secondlevel.figures.contrast import cut_point, logp_figure, z_figures
from secondlevel.figures.style import save
from secondlevel.model.contrast_model import read_contrast_model
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, params, contrast, out = log_to(smk.log[0]), smk.params, smk.wildcards.contrast, smk.output
    mask, two_sided = Mask.read(smk.input.mask), params.two_sided
    thresholds = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}
    z, logp, statistic = (read_map(smk.input[key], mask) for key in ("z", "bonferroni", "statistic"))
    where = mask.affine, cut_point(params.cut_coords, statistic, mask, two_sided)
    for key, figure in z_figures(contrast, mask.volume(z), *where, two_sided, thresholds).items():
        save(figure, *out[key])
    shown = *where, params.logp_from, thresholds["bonferroni"]["alpha"]
    save(logp_figure(contrast, {"bonferroni": mask.volume(logp)}, *shown), *out.bonferroni)
    maps = np.load(smk.input.maps, mmap_mode="r")
    files = (smk.input[key] for key in ("design", "contrasts", "about", "sample"))
    model = read_contrast_model(*files, contrast)
    residuals = numbers(read_columns(smk.input.residuals)[contrast])
    save(peak_figure(contrast, maps, mask, model, statistic, params.statistic, two_sided, residuals), *out.association)
    log.info("drawn")


if __name__ == "__main__":
    main(snakemake)
