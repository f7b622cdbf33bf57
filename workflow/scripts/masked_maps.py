"""Rule masked_maps: the smoothed maps of the kept subjects as one matrix, a row per subject."""

import numpy as np

from secondlevel.columns import read_columns
from secondlevel.files import replacing
from secondlevel.images import Mask, read_grid, read_image
from secondlevel.logs import log_to
from secondlevel.smoothing import smooth


def main(smk):
    log = log_to(smk.log[0])
    mask = Mask.read(smk.input.mask)
    paths = read_columns(smk.input.sample)["map"]
    shape = (len(paths), mask.size)
    grid = read_grid(smk.input.reference) if smk.input.reference else None
    with replacing(smk.output.maps) as part, open(part, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for path in paths:
            data, affine = read_image(path, grid)
            file.write(smooth(data, affine, smk.params.fwhm)[mask.inside].astype("<f4").tobytes())
    log.info("%d subjects, %d voxels, smoothed with a FWHM of %g mm", *shape, smk.params.fwhm)


if __name__ == "__main__":
    main(snakemake)
