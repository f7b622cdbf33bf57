"""Rule discoveries: how many elements are truly active at least, and the level of each, which tells it of any set."""

from secondlevel.base.contrast_files import files_of
from secondlevel.base.logs import log_to
from secondlevel.inference.bounds import write_bounds
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.registry import read_space


def main(smk):
    log, mask, nulls = log_to(smk.log[0]), read_space(smk.input.mask), load_nulls(smk.input.null)
    for contrast in smk.params.contrasts:
        out = files_of(contrast, smk.output)
        summary = write_bounds(out, contrast, nulls[contrast], smk.params.alpha, mask)
        counted = mask.unit.counted(mask.size)
        log.info("%s: at least %d of %s are active", contrast, summary["true_discoveries"], counted)
        for warning in summary["warnings"]:
            log.warning("%s: %s", contrast, warning)


if __name__ == "__main__":
    main(snakemake)
