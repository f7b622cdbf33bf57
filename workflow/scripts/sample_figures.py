"""Rule sample_figures: the design, every map and what sets it apart, the variables, the mask, the residual spread."""

import numpy as np

from secondlevel.base.columns import read_columns, read_design
from secondlevel.base.files import read_json
from secondlevel.base.guarding import unguarded
from secondlevel.base.logs import log_to
from secondlevel.figures.design import draw_design
from secondlevel.figures.drawers import drawer_of
from secondlevel.figures.quality import draw_quality, grouping, read_similarity
from secondlevel.figures.style import save
from secondlevel.figures.values import draw_shares, shares_of_values
from secondlevel.figures.variables import draw_variables
from secondlevel.model.groups import read_groups
from secondlevel.sample.people import people_of
from secondlevel.space.registry import read_space


def main(smk):
    log, out, params = log_to(smk.log[0]), smk.output, smk.params
    mask, maps = read_space(smk.input.mask), np.load(smk.input.maps, mmap_mode="r")
    drawer, table = drawer_of(mask), read_similarity(smk.input.similarity)
    design, sample = read_design(smk.input.design), read_columns(smk.input.sample)
    n_people = len(set(people_of(sample, unguarded(params.whose))))
    save(draw_design(design, read_columns(smk.input.contrasts), n_people), *out.design)
    save(drawer.montage(maps, table), *out.montage)
    save(draw_quality(table, *grouping(sample, unguarded(params.factors))), *out.quality)
    variables, groups = read_groups(*(smk.input[key] for key in ("about", "contrasts", "sample")))
    save(draw_variables(variables.shown(), design, n_people, groups), *out.variables)
    save(drawer.coverage(read_json(smk.input.coverage)), *out.coverage)
    save(drawer.spread(mask.read(smk.input.sd)), *out.spread)
    if out.get("shares"):
        save(draw_shares(shares_of_values(maps), sample["participant_id"]), *out.shares)
    log.info("%d maps", len(table))


if __name__ == "__main__":
    main(snakemake)
