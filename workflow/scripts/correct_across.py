"""Rule correct_across: correct the map of one contrast for the search over voxels and contrasts."""

import numpy as np

from secondlevel.correction import fwe_p_values
from secondlevel.errors import InputError
from secondlevel.images import Mask, write_map
from secondlevel.logs import log_to
from secondlevel.nulls import load_nulls
from secondlevel.tails import z_of

TIE = 1e-5  # relative


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    nulls = load_nulls(smk.input.null)
    schemes = {name: null.about["scheme"] for name, null in nulls.items()}
    if len(set(schemes.values())) > 1:
        raise InputError(
            f"Contrasts that are shuffled by different schemes ({schemes}) cannot be corrected together; set one "
            "permutation.scheme for all, or permutation.across_contrasts to false."
        )

    def evidence(null, values):
        return z_of(null.about["statistic"], values, null.about["degrees_of_freedom"], null.about["two_sided"])

    maxima = np.max([evidence(null, null.maxima["maxT"][1:]) for null in nulls.values()], axis=0)
    observed = evidence(nulls[contrast], nulls[contrast].evidence("maxT"))
    p = fwe_p_values(observed, maxima, TIE * np.abs(observed))
    about = {"Description": "-log10 of the family-wise p value over voxels and contrasts, of max z"}
    about |= {"Units": "-log10 probability", "Contrast": contrast, "Contrasts": list(nulls)}
    write_map(smk.output.logp, -np.log10(p), mask, about | {"PermutationTest": nulls[contrast].about})
    log.info("smallest p %g over %d contrasts", p.min(), len(nulls))


if __name__ == "__main__":
    main(snakemake)
