"""Rule correct_across: correct the map of each contrast for the search over elements and contrasts."""

import numpy as np

from secondlevel.base.contrast_files import files_of
from secondlevel.base.logs import log_to
from secondlevel.inference.correction import corrected_across
from secondlevel.model.maps import ACROSS
from secondlevel.model.written import write_maps, write_passing
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.registry import read_space


def main(smk):
    log, alpha = log_to(smk.log[0]), smk.params.alpha
    mask, nulls = read_space(smk.input.mask), load_nulls(smk.input.null)
    for contrast in smk.params.contrasts:
        p, out = corrected_across(nulls, contrast), files_of(contrast, smk.output)
        how = {"Contrast": contrast, "Contrasts": list(nulls), "PermutationTest": nulls[contrast].about}
        write_maps(out, {"logp": ACROSS}, {"logp": -np.log10(p)}, mask, how)
        passed = f"the family-wise p value over {mask.unit.many} and contrasts, of max z, is at most {alpha:g}"
        how, z = how | {"ErrorRate": alpha}, mask.read(files_of(contrast, smk.input)["z"])
        write_passing(out, smk.params.method, z, p <= alpha, mask, how, passed)
        log.info("%s: smallest p %g over %d contrasts", contrast, p.min(), len(nulls))


if __name__ == "__main__":
    main(snakemake)
