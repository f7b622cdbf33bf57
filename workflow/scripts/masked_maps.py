"""Rule masked_maps: the smoothed maps of the kept subjects as one matrix, a row per subject."""

import numpy as np

from secondlevel.files import replacing
from secondlevel.images import Mask, read_image
from secondlevel.logs import log_to
from secondlevel.smoothing import smooth
from secondlevel.tables import read_table


def main(smk):
    log = log_to(smk.log[0])
    mask = Mask.read(smk.input.mask)
    paths = read_table(smk.input.sample)["map"]
    with replacing(smk.output.maps) as part:
        shape = (len(paths), mask.size)
        maps = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=shape)
        for row, path in enumerate(paths):
            data, affine = read_image(path)
            maps[row] = smooth(data, affine, smk.params.fwhm)[mask.inside]
        maps.flush()
    log.info("%d subjects, %d voxels, smoothed with a FWHM of %g mm", *shape, smk.params.fwhm)


if __name__ == "__main__":
    main(snakemake)
