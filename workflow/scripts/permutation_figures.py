"""Rule permutation_figures: the p maps of each contrast that are corrected by permutation, and its nulls."""

from secondlevel.base.columns import read_columns
from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import read_json
from secondlevel.base.logs import log_to
from secondlevel.figures.drawers import drawer_of
from secondlevel.figures.nulls import null_figure
from secondlevel.figures.style import save
from secondlevel.space.registry import read_space


def main(smk):
    log, params, mask = log_to(smk.log[0]), smk.params, read_space(smk.input.mask)
    drawer = drawer_of(mask, params.cut_coords)
    for contrast, two_sided in params.two_sided.items():
        source, out = files_of(contrast, smk.input), files_of(contrast, smk.output)
        maps = {method: mask.read(source[method]) for method in params.methods}
        summaries = [read_json(path) for path in source["summaries"]]
        shown = mask.read(source["statistic"]), two_sided, params.logp_from, summaries[0]["alpha"]
        for key, methods in params.figures.items():
            save(drawer.of_logp(contrast, {method: maps[method] for method in methods}, *shown), *out[key])
        maxima = {name: cells[1:].astype(float) for name, cells in read_columns(source["null"]).items()}
        save(null_figure(contrast, maxima, summaries, mask.unit), *out["null"])
        log.info("%s is drawn", contrast)


if __name__ == "__main__":
    main(snakemake)
