"""Rule sample_figures: how each kept subject's map lies among the others, the variables, and what the mask covers."""

import numpy as np
import pandas as pd

from secondlevel.columns import read_columns
from secondlevel.figures import BLUE, save
from secondlevel.files import write_json
from secondlevel.images import Mask, write_image
from secondlevel.logs import log_to
from secondlevel.samplefigures import draw_montage, draw_quality, draw_variables
from secondlevel.similarity import compare
from secondlevel.statmaps import background, coverage, draw_coverage
from secondlevel.tables import read_table, write_table


def main(smk):
    log = log_to(smk.log[0])
    mask, maps, out = Mask.read(smk.input.mask), np.load(smk.input.maps, mmap_mode="r"), smk.output
    design = read_table(smk.input.design).drop(columns="participant_id").astype(float)
    subjects = {"participant_id": read_columns(smk.input.sample)["participant_id"]}
    table = pd.DataFrame(subjects | compare(maps, design.to_numpy()))
    for subject, reason in table.loc[table["outlier"].notna(), ["participant_id", "outlier"]].itertuples(index=False):
        log.warning("the map of %s stands apart from the others by its %s", subject, reason.replace("; ", " and "))
    write_table(out.similarity, table)
    save(draw_montage(maps, mask, table), *out.montage)
    save(draw_quality(table), *out.quality)
    save(draw_variables(design), *out.variables)
    covers = coverage(mask)
    write_json(out.coverage_json, covers)
    save(draw_coverage(mask, covers, BLUE), *out.coverage)
    brain = background(2 if np.linalg.norm(mask.affine[:3, :3], axis=0).min() > 1.9 else 1)
    write_image(out.brain, (255 * np.asarray(brain.dataobj)).astype(np.uint8), brain.affine)
    log.info("%d maps, %d of them outliers", len(table), table["outlier"].notna().sum())


if __name__ == "__main__":
    main(snakemake)
