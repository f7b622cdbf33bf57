"""Rule permutation_figures: the p maps of one contrast that are corrected by permutation, and its nulls."""

from secondlevel.columns import read_columns
from secondlevel.contrastfigures import logp_figure, null_figure
from secondlevel.figures import save
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast, out = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast, smk.output
    for method in params.methods:
        volume = mask.volume(read_map(smk.input[method], mask))
        save(logp_figure(contrast, method, volume, mask.affine, params.cut_coords, params.logp_from), *out[method])
    maxima = {name: cells[1:].astype(float) for name, cells in read_columns(smk.input.null).items()}
    save(null_figure(contrast, maxima, [read_json(path) for path in smk.input.summaries]), *out.null)
    log.info("drawn")


if __name__ == "__main__":
    main(snakemake)
