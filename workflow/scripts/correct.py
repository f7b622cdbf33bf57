"""Rule correct: correct the map of each contrast for the search over voxels, with its nulls."""

from secondlevel.base.contrast_files import files_of
from secondlevel.base.logs import log_to
from secondlevel.inference.corrected import write_corrected, write_permuted
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, params = log_to(smk.log[0]), smk.params
    mask, nulls = Mask.read(smk.input.mask), load_nulls(smk.input.null)
    for contrast in params.contrasts:
        null, out = nulls[contrast], files_of(contrast, smk.output)
        z = read_map(files_of(contrast, smk.input)["z"], mask)
        for warning in write_corrected(out, contrast, null, z, mask, params.alpha, params.tail):
            log.warning("%s, %s", contrast, warning)
        write_permuted(out, contrast, null, mask, params.own)


if __name__ == "__main__":
    main(snakemake)
