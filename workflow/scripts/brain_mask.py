"""Rule brain_mask: the voxels to analyse, and how many were dropped for what."""

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect, seen
from secondlevel.base.logs import log_to
from secondlevel.space.grids import read_grid, reference_grid
from secondlevel.space.images import Mask, write_mask
from secondlevel.space.masking import mask_counts, proposed_mask
from secondlevel.space.reference import told_by
from secondlevel.space.survey import read_survey


def main(smk):
    log, reference, space = log_to(smk.log[0]), smk.input.reference, smk.params.space
    expect(read_json(smk.input.read))
    paths = list(read_columns(smk.input.sample)["map"])
    grid = reference_grid(reference) if reference else read_grid(paths[0])
    common = read_survey(smk.input.survey)
    proposed, source = proposed_mask(smk.input.given or smk.params.mask, common, grid[1])
    analysed, counts = mask_counts(common, proposed, source, smk.params.zeros == "missing")
    if analysed.mean() > 0.9:
        log.warning("The mask holds %.0f %% of the grid: these maps seem to have no background.", 100 * analysed.mean())
    codes, named = told_by([reference] if reference else paths)
    if space and named and space != named:
        log.warning("The maps' names say space-%s, and the config says %s, which is what results say.", named, space)
    write_mask(smk.output.mask, Mask(analysed, grid[1], codes, space or named), counts)
    write_json(smk.output.read, seen([smk.input.given] if smk.input.given else []))
    log.info("%d voxels to analyse; %s", analysed.sum(), counts)


if __name__ == "__main__":
    main(snakemake)
