"""Rule correct_across: correct the map of one contrast for the search over voxels and contrasts."""

import numpy as np

from secondlevel.base.logs import log_to
from secondlevel.inference.correction import corrected_across
from secondlevel.model.maps import ACROSS
from secondlevel.model.written import write_maps
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast, nulls = Mask.read(smk.input.mask), smk.wildcards.contrast, load_nulls(smk.input.null)
    p = corrected_across(nulls, contrast)
    how = {"Contrast": contrast, "Contrasts": list(nulls), "PermutationTest": nulls[contrast].about}
    write_maps(smk.output, {"logp": ACROSS}, {"logp": -np.log10(p)}, mask, how)
    log.info("smallest p %g over %d contrasts", p.min(), len(nulls))


if __name__ == "__main__":
    main(snakemake)
