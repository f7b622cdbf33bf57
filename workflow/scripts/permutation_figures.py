"""Rule permutation_figures: the p maps of one contrast that are corrected by permutation, and its nulls."""

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json
from secondlevel.base.logs import log_to
from secondlevel.figures.contrast import cut_point, logp_figure
from secondlevel.figures.nulls import null_figure
from secondlevel.figures.style import save
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, params, contrast, out = log_to(smk.log[0]), smk.params, smk.wildcards.contrast, smk.output
    mask = Mask.read(smk.input.mask)
    where = cut_point(params.cut_coords, read_map(smk.input.statistic, mask), mask, params.two_sided)
    volumes = {method: mask.volume(read_map(smk.input[method], mask)) for method in params.methods}
    summaries = [read_json(path) for path in smk.input.summaries]
    shown = mask.affine, where, params.logp_from, summaries[0]["alpha"]
    for key, methods in params.figures.items():
        save(logp_figure(contrast, {method: volumes[method] for method in methods}, *shown), *out[key])
    maxima = {name: cells[1:].astype(float) for name, cells in read_columns(smk.input.null).items()}
    save(null_figure(contrast, maxima, summaries), *out.null)
    log.info("drawn")


if __name__ == "__main__":
    main(snakemake)
