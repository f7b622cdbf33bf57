"""Rule simulate_dataset: a dataset laid out like the Localizer, with a known truth written beside it."""

import os

import numpy as np

from secondlevel.base.columns import write_columns
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.datasets.simulated_localizer import (
    AFFINE,
    CODES,
    MISSING,
    SHAPE,
    planted_slope,
    subject_map,
    truth,
    variables,
)
from secondlevel.space.brain import brain_mask
from secondlevel.space.images import write_image


def main(smk):
    log, out, seed, slope = log_to(smk.log[0]), smk.output, smk.params.seed, smk.params.slope
    table, brain, slope_map = variables(len(out.maps), seed), brain_mask(AFFINE, SHAPE), planted_slope(slope)
    for number, (path, score) in enumerate(zip(out.maps, table["pseudo"], strict=True)):
        write_image(path, subject_map(number, score, slope_map, brain, seed), AFFINE, CODES)
    folder = os.path.dirname(out.table)
    maps = [os.path.relpath(path, folder) for path in out.maps]
    table["pseudo"] = np.where(np.isin(table["participant_id"], MISSING), None, table["pseudo"])
    write_columns(out.table, {"participant_id": table.pop("participant_id"), "map": maps} | table)
    write_image(out.slope, slope_map.astype("float32"), AFFINE, CODES)
    write_json(out.truth, truth(slope, seed))
    log.info("%d maps, slope %g planted at %s mm", len(maps), slope, truth(slope, seed)["centre_mm"])


if __name__ == "__main__":
    main(snakemake)
