"""Rule masked_maps: the smoothed maps of the kept subjects as one matrix, a row per subject, and what was smoothed."""

import numpy as np

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect
from secondlevel.base.logs import log_to
from secondlevel.base.matrix import write_matrix
from secondlevel.base.threads import in_threads
from secondlevel.space.global_mean import ByMean
from secondlevel.space.holed_maps import HoledMaps, variance_rows
from secondlevel.space.holes import Holes
from secondlevel.space.registry import read_space
from secondlevel.space.smoothed_maps import SmoothedMaps


def main(smk):
    log, sample = log_to(smk.log[0]), read_columns(smk.input.sample)
    expect(read_json(smk.input.read))
    mask, fwhm, holes = read_space(smk.input.mask), smk.params.fwhm, Holes.of_config(smk.params, smk.input.reference)
    how = mask, fwhm, in_threads(smk.threads)
    rows = SmoothedMaps(sample["map"], holes.kind, *how)
    if smk.params.partial:
        rows = HoledMaps(sample["map"], holes.files(sample), holes, *how)
    if smk.params.scale_maps:
        rows = ByMean(rows, sample["participant_id"], mask.unit)
    shape = (len(sample["map"]), mask.size)
    write_matrix(smk.output.maps, rows, shape)
    if smk.output.get("variances"):
        maps = np.load(smk.output.maps, mmap_mode="r")
        write_matrix(smk.output.variances, variance_rows(sample, holes, maps, mask, rows.means), shape)
    write_json(smk.output.about, rows.about(sample["participant_id"]))
    log.info("%d subjects, %s, smoothed with a FWHM of %g mm", shape[0], mask.unit.counted(mask.size), fwhm)


if __name__ == "__main__":
    main(snakemake)
