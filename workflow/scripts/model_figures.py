"""Rule model_figures: the z map and the corrected parametric p map of each contrast, and the effect at its peak."""

import numpy as np

from secondlevel.base.columns import numbers, read_columns
from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import read_json
from secondlevel.base.logs import log_to
from secondlevel.figures.association import peak_figure
from secondlevel.figures.drawers import drawer_of
from secondlevel.figures.style import save
from secondlevel.model.contrast_model import read_contrast_model
from secondlevel.space.registry import read_space


def main(smk):
    log, params, mask = log_to(smk.log[0]), smk.params, read_space(smk.input.mask)
    maps, residuals = np.load(smk.input.maps, mmap_mode="r"), read_columns(smk.input.residuals)
    drawer = drawer_of(mask, params.cut_coords)
    of_design = [smk.input[key] for key in ("design", "contrasts", "about", "sample")]
    for contrast, two_sided in params.two_sided.items():
        source, out = files_of(contrast, smk.input), files_of(contrast, smk.output)
        thresholds = {entry["method"]: entry for entry in read_json(source["thresholds"])}
        z, logp, statistic = (mask.read(source[key]) for key in ("z", "bonferroni", "statistic"))
        effects = {key: mask.read(source[key]) for key in ("effect", "lower", "upper") if key in source}
        for key, figure in drawer.of_z(contrast, z, statistic, two_sided, thresholds, effects).items():
            save(figure, *out[key])
        shown = statistic, two_sided, params.logp_from, thresholds["bonferroni"]["alpha"]
        save(drawer.of_logp(contrast, {"bonferroni": logp}, *shown), *out["bonferroni"])
        model = read_contrast_model(*of_design, contrast)
        at_peak = statistic, params.statistic[contrast], two_sided, numbers(residuals[contrast])
        save(peak_figure(contrast, maps, mask, model, *at_peak), *out["association"])
        log.info("%s is drawn", contrast)


if __name__ == "__main__":
    main(snakemake)
