"""Rule correct_across: correct the map of one contrast for the search over voxels and contrasts."""

import numpy as np

from secondlevel.base.logs import log_to
from secondlevel.inference.correction import corrected_across
from secondlevel.model.maps import ACROSS
from secondlevel.model.written import write_maps, write_passing
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, alpha = log_to(smk.log[0]), smk.params.alpha
    mask, contrast, nulls = Mask.read(smk.input.mask), smk.wildcards.contrast, load_nulls(smk.input.null)
    p = corrected_across(nulls, contrast)
    how = {"Contrast": contrast, "Contrasts": list(nulls), "PermutationTest": nulls[contrast].about}
    write_maps(smk.output, {"logp": ACROSS}, {"logp": -np.log10(p)}, mask, how)
    passed = f"the family-wise p value over voxels and contrasts, of max z, is at most {alpha:g}"
    how, z = how | {"ErrorRate": alpha}, read_map(smk.input.z, mask)
    write_passing(smk.output, smk.params.method, z, p <= alpha, mask, how, passed)
    log.info("smallest p %g over %d contrasts", p.min(), len(nulls))


if __name__ == "__main__":
    main(snakemake)
