"""Rule masked_maps: the smoothed maps of the kept subjects as one matrix, a row per subject."""

from secondlevel.base.columns import read_columns
from secondlevel.base.logs import log_to
from secondlevel.base.matrix import write_matrix
from secondlevel.space.grids import read_grid
from secondlevel.space.images import Mask, read_image
from secondlevel.space.smoothing import smooth


def main(smk):
    log = log_to(smk.log[0])
    mask, fwhm = Mask.read(smk.input.mask), smk.params.fwhm
    paths = read_columns(smk.input.sample)["map"]
    grid = read_grid(smk.input.reference) if smk.input.reference else None
    shape = (len(paths), mask.size)
    write_matrix(smk.output.maps, (smooth(*read_image(path, grid), fwhm)[mask.inside] for path in paths), shape)
    log.info("%d subjects, %d voxels, smoothed with a FWHM of %g mm", *shape, fwhm)


if __name__ == "__main__":
    main(snakemake)
