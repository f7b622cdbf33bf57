"""Rule correct: correct the map of one contrast for the search over voxels, with its nulls."""

import numpy as np

from secondlevel.base.columns import write_columns
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.correction import correct, limit_of_q, maps_of_permutation
from secondlevel.model.maps import P_PERMUTED, Q_PERMUTED, corrected_map, tested_map
from secondlevel.model.written import write_maps, write_passing
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, params, out = log_to(smk.log[0]), smk.params, smk.output
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    z, null = read_map(smk.input.z, mask), load_nulls(smk.input.null)[contrast]
    test, name = {"Contrast": contrast, "PermutationTest": null.about}, null.about["statistic"]["name"]
    for method in null.maxima:
        p, summary = correct(null, method, params.alpha, params.tail)
        summary["warnings"] += limit_of_q(null) if method == "maxT" else []
        for warning in summary["warnings"]:
            log.warning("%s, %s: %s", contrast, method, warning)
        about = {"contrast": contrast, "method": method, "voxels": mask.size} | null.about
        write_json(out[f"{method}_summary"], about | summary)
        how = test | {"PermutationTest": null.about | {"tail": summary["tail"]}}
        write_maps(out, {method: corrected_map(method)}, {method: -np.log10(p)}, mask, how, name=name)
        passed = f"the family-wise p value of {method}, {name}, is at most {params.alpha:g}"
        write_passing(out, method, z, p <= params.alpha, mask, how | {"ErrorRate": params.alpha}, passed)
    write_columns(out.null, {"shuffle": range(null.size)} | null.maxima)
    kinds = {"p": P_PERMUTED, "q": Q_PERMUTED} | {key: tested_map(key, key) for key in params.own}
    how = test | {"PermutationTest": null.about | {"tail": None}}
    write_maps(out, kinds, maps_of_permutation(null, params.own), mask, how, name=name)


if __name__ == "__main__":
    main(snakemake)
