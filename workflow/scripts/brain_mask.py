"""Rule brain_mask: the voxels to analyse, and how many were dropped for what."""

from secondlevel.base.columns import read_columns
from secondlevel.base.logs import log_to
from secondlevel.space.background import read_subject_map
from secondlevel.space.grids import read_grid, reference_grid
from secondlevel.space.images import write_mask
from secondlevel.space.masking import background_mask, given_mask, mask_counts, survey


def main(smk):
    log = log_to(smk.log[0])
    paths = read_columns(smk.input.sample)["map"]
    grid = reference_grid(smk.input.reference) if smk.input.reference else read_grid(paths[0])
    common = survey(read_subject_map(path, grid if smk.input.reference else None)[0] for path in paths)
    if smk.params.mask == "mni":
        from secondlevel.space.brain import brain_mask  # slow to import

        proposed, source = brain_mask(grid[1], common.mean.shape), "MNI152 brain"
    elif smk.input.given:
        proposed, source = given_mask(smk.input.given, common.mean.shape, grid[1]), smk.input.given
    else:
        proposed, source = background_mask(common.mean), "background of the maps' mean"
    analysed, counts = mask_counts(common, proposed, source, smk.params.zeros == "missing")
    if analysed.mean() > 0.9:
        log.warning("The mask holds %.0f %% of the grid: these maps seem to have no background.", 100 * analysed.mean())
    write_mask(smk.output.mask, analysed, grid[1], counts)
    log.info("%d voxels to analyse; %s", analysed.sum(), counts)


if __name__ == "__main__":
    main(snakemake)
