"""Rule contrast_figures: the maps of one contrast on the brain, its nulls, and the effect at the peak."""

import numpy as np

from secondlevel.columns import read_columns, read_contrast
from secondlevel.contrastfigures import logp_figure, null_figure, peak_figure, z_figures
from secondlevel.figures import save
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast, out = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast, smk.output
    thresholds = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}

    def volume(key):
        return mask.volume(read_map(smk.input[key], mask))

    where = mask.affine, params.cut_coords
    for key, figure in z_figures(contrast, volume("z"), *where, params.two_sided, thresholds).items():
        save(figure, *out[key])
    for kind in ("bonferroni", *params.methods):
        save(logp_figure(contrast, kind, volume(kind), *where, params.logp_from), *out[kind])

    maxima = {name: cells[1:].astype(float) for name, cells in read_columns(smk.input.null).items()}
    save(null_figure(contrast, maxima, [read_json(path) for path in smk.input.summaries]), *out.null)

    maps, statistic = np.load(smk.input.maps, mmap_mode="r"), read_map(smk.input.statistic, mask)
    design = read_contrast(smk.input.design, smk.input.contrasts, contrast)
    figure = peak_figure(contrast, maps, mask, *design, statistic, params.statistic, params.two_sided)
    save(figure, *out.association)
    log.info("%d figures drawn", len(out) // 2)


if __name__ == "__main__":
    main(snakemake)
