"""Rule masked_maps: the smoothed maps of the kept subjects as one matrix, a row per subject, and what was smoothed."""

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect
from secondlevel.base.logs import log_to
from secondlevel.base.matrix import write_matrix
from secondlevel.base.threads import in_threads
from secondlevel.space.grids import reference_grid
from secondlevel.space.images import Mask
from secondlevel.space.smoothing import SmoothedMaps


def main(smk):
    log, sample = log_to(smk.log[0]), read_columns(smk.input.sample)
    expect(read_json(smk.input.read))
    mask, fwhm = Mask.read(smk.input.mask), smk.params.fwhm
    grid = reference_grid(smk.input.reference) if smk.input.reference else None
    rows = SmoothedMaps(sample["map"], grid, mask, fwhm, in_threads(smk.threads))
    shape = (len(sample["map"]), mask.size)
    write_matrix(smk.output.maps, rows, shape)
    write_json(smk.output.about, rows.about(sample["participant_id"]))
    log.info("%d subjects, %d voxels, smoothed with a FWHM of %g mm", *shape, fwhm)


if __name__ == "__main__":
    main(snakemake)
