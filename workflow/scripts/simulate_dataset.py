"""Rule simulate_dataset: a dataset laid out like the Localizer, with a known truth written beside it."""

import os

from secondlevel import simulation
from secondlevel.files import write_json
from secondlevel.images import write_image
from secondlevel.logs import log_to
from secondlevel.statmaps import brain_mask
from secondlevel.tables import write_table


def main(smk):
    log = log_to(smk.log[0])
    seed, slope = smk.params.seed, smk.params.slope
    table = simulation.variables(len(smk.output.maps), seed)
    brain = brain_mask(simulation.AFFINE, simulation.SHAPE)
    slope_map = simulation.planted_slope(slope)
    for number, (path, score) in enumerate(zip(smk.output.maps, table["pseudo"], strict=True)):
        data = simulation.subject_map(number, score, slope_map, brain, seed)
        write_image(path, data, simulation.AFFINE)
    folder = os.path.dirname(smk.output.table)
    table.insert(1, "map", [os.path.relpath(path, folder) for path in smk.output.maps])
    table["pseudo"] = table["pseudo"].astype("Int64").mask(table["participant_id"].isin(simulation.MISSING))
    write_table(smk.output.table, table)
    write_image(smk.output.slope, slope_map.astype("float32"), simulation.AFFINE)
    truth = {
        "variable": "pseudo",
        "slope": slope,
        "centre_mm": simulation.PLANTED_CENTRE,
        "fwhm_mm": simulation.PLANTED_FWHM,
        "radius_mm": simulation.PLANTED_RADIUS,
        "response": [{"centre_mm": c, "peak": peak, "fwhm_mm": fwhm} for c, peak, fwhm in simulation.RESPONSE],
        "seed": seed,
    }
    write_json(smk.output.truth, truth)
    log.info("%d maps, slope %g planted at %s mm", len(table), slope, simulation.PLANTED_CENTRE)


if __name__ == "__main__":
    main(snakemake)
