"""Rule diagnose: what design, maps and residuals say of the model's assumptions, and what of it a reader must know."""

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_design
from secondlevel.inference.assumptions import assumptions
from secondlevel.sample.similarity import read_similarity
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, source = log_to(smk.log[0]), smk.input
    mask, maps = Mask.read(source.mask), np.load(source.maps, mmap_mode="r")
    statistics = {
        name: read_map(path, mask) for name, path in zip(smk.params.contrasts, source.statistics, strict=True)
    }
    found = assumptions(
        smk.params.settings,
        sample=read_columns(source.sample),
        design=read_design(source.design),
        contrasts=read_columns(source.contrasts),
        sd=read_similarity(source.similarity)["sd"].to_numpy(),
        maps=maps,
        statistics=statistics,
        about_mask=read_json(source.about_mask),
        about_maps=read_json(source.about_maps),
    )
    for notice in found["notices"]:
        log.warning("%s (docs/diagnostics.md, %s)", notice["sentence"], notice["section"])
    write_json(smk.output.diagnostics, found)
    log.info("%d notices", len(found["notices"]))


if __name__ == "__main__":
    main(snakemake)
