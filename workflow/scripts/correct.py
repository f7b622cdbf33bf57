"""Rule correct: correct the map of each contrast for the search over elements, with its nulls."""

from secondlevel.base.contrast_files import files_of
from secondlevel.base.logs import log_to
from secondlevel.inference.corrected import write_corrected, write_permuted
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.registry import read_space


def main(smk):
    log, params = log_to(smk.log[0]), smk.params
    mask, nulls = read_space(smk.input.mask), load_nulls(smk.input.null)
    for contrast in params.contrasts:
        null, out = nulls[contrast], files_of(contrast, smk.output)
        z = mask.read(files_of(contrast, smk.input)["z"])
        for warning in write_corrected(out, contrast, null, z, mask, params.alpha, params.tail):
            log.warning("%s, %s", contrast, warning)
        write_permuted(out, contrast, null, mask, params.own)


if __name__ == "__main__":
    main(snakemake)
