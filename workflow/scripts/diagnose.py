"""Rule diagnose: what design, maps and residuals say of the model's assumptions, and what of it a reader must know."""

import numpy as np

from secondlevel.base.columns import matrix_of, numbers, read_columns, read_design, write_columns
from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import read_json, write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.assumptions import assumptions
from secondlevel.model.maps import RESIDUAL_SD
from secondlevel.model.residuals import at_peaks, residual_sd
from secondlevel.model.written import write_maps
from secondlevel.space.registry import read_space

MODEL = {"Model": "ordinary least squares"}


def main(smk):
    log, source, settings = log_to(smk.log[0]), smk.input, smk.params.settings
    mask, maps = read_space(source.mask), np.load(source.maps, mmap_mode="r")
    sample, design = read_columns(source.sample), read_design(source.design)
    statistics = {name: mask.read(files_of(name, source)["statistic"]) for name in smk.params.contrasts}
    found = assumptions(
        settings,
        sample=sample,
        design=design,
        contrasts=read_columns(source.contrasts),
        sd=numbers(read_columns(source.similarity)["sd"]),
        maps=maps,
        statistics=statistics,
        about_mask=read_json(source.about_mask),
        about_maps=read_json(source.about_maps),
        unit=mask.unit,
    )
    for notice in found["notices"]:
        log.warning("%s (docs/diagnostics.md, %s)", notice["sentence"], notice["section"])
    write_json(smk.output.diagnostics, found)
    residuals = at_peaks(maps, matrix_of(design), statistics, settings["two_sided"])
    write_columns(smk.output.residuals, {"participant_id": sample["participant_id"]} | residuals)
    write_maps(smk.output, {"sd": RESIDUAL_SD}, {"sd": residual_sd(maps, matrix_of(design))}, mask, MODEL)
    log.info("%d notices", len(found["notices"]))


if __name__ == "__main__":
    main(snakemake)
