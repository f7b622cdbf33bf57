"""Rule brain_mask: the voxels to analyse, and how many were dropped for what."""

import numpy as np

from secondlevel.columns import read_columns
from secondlevel.errors import InputError
from secondlevel.images import read_grid, read_image, write_mask
from secondlevel.logs import log_to
from secondlevel.masking import background_mask, survey


def main(smk):
    log = log_to(smk.log[0])
    paths = read_columns(smk.input.sample)["map"]
    grid = read_grid(smk.input.reference or paths[0])
    affine, onto = grid[1], grid if smk.input.reference else None
    common = survey(read_image(path, onto)[0] for path in paths)
    if smk.params.mask == "mni":
        from secondlevel.statmaps import brain_mask  # slow to import

        proposed, source = brain_mask(affine, common.mean.shape), "MNI152 brain"
    elif smk.input.given:
        proposed, source = read_given(smk.input.given, common.mean.shape, affine), smk.input.given
    else:
        proposed, source = background_mask(common.mean), "background of the maps' mean"
    analysed = proposed & common.finite & common.varies
    counts = {
        "Source": source,
        "VoxelsProposed": int(proposed.sum()),
        "VoxelsNotFiniteInSomeMap": int((~common.finite).sum()),
        "VoxelsDroppedAsNotFinite": int((proposed & ~common.finite).sum()),
        "VoxelsDroppedAsConstant": int((proposed & common.finite & ~common.varies).sum()),
    }
    if not analysed.any():
        raise InputError(f"The mask ({source}) holds no voxel that can be analysed: {counts}.")
    if analysed.mean() > 0.9:
        log.warning("The mask holds %.0f %% of the grid: these maps seem to have no background.", 100 * analysed.mean())
    write_mask(smk.output.mask, analysed, affine, counts)
    log.info("%d voxels to analyse; %s", analysed.sum(), counts)


def read_given(path, shape, affine):
    """Read a mask that the user gives, which must be on the grid of the maps."""
    given, given_affine = read_image(path)
    if given.shape != shape or not np.allclose(given_affine, affine, atol=1e-3):
        raise InputError(f"The mask {path} is not on the grid of the maps ({shape}); resample it to one of the maps.")
    return np.nan_to_num(given) != 0


if __name__ == "__main__":
    main(snakemake)
