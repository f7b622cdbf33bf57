"""Rule correct: correct the map of one contrast for the search over voxels, with its nulls."""

import numpy as np

from secondlevel.columns import write_columns
from secondlevel.correction import fwe_p_values, null_summary
from secondlevel.files import write_json
from secondlevel.images import Mask, write_map
from secondlevel.logs import log_to
from secondlevel.nulls import load_nulls
from secondlevel.thresholds import q_values


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast, out = Mask.read(smk.input.mask), smk.wildcards.contrast, smk.output
    null = load_nulls(smk.input.null)[contrast]
    name = null.about["statistic"]["name"]
    if smk.params.tail:
        from secondlevel.tail import fit_tail  # slow to import

    def write(path, values, what, unit, tail=None, **more):
        about = {"Description": what, "Units": unit, "Contrast": contrast}
        write_map(path, values, mask, about | {"PermutationTest": null.about | {"tail": tail}}, **more)

    for method, maxima in null.maxima.items():
        p = fwe_p_values(null.evidence(method), maxima[1:], null.tie[method])
        tail = fit_tail(maxima[1:]) if smk.params.tail else None
        if tail:
            p = tail.p_values(null.evidence(method), p)
        summary = {"contrast": contrast, "method": method, "voxels": mask.size} | null.about
        summary |= null_summary(null, method, p, smk.params.alpha, tail, asked_for_tail=smk.params.tail)
        for warning in summary["warnings"]:
            log.warning("%s, %s: %s", contrast, method, warning)
        write_json(out[f"{method}_summary"], summary)
        what = f"-log10 of the family-wise p value of {method}, {name}"
        write(out[method], -np.log10(p), what, "-log10 probability", summary["tail"])
    write_columns(out.null, {"shuffle": range(null.size)} | null.maxima)
    if null.reached.size:
        counted = (1 + null.reached) / null.size
        write(out.p, counted, f"uncorrected permutation p value of {name}", "probability", outside=1, dtype=np.float64)
        about_q = f"q value (Benjamini-Hochberg) of the permutation p value of {name}"
        write(out.q, q_values(counted), about_q, "false discovery rate", outside=1, dtype=np.float64)
    for method, stat in (("maxT", "statistic"), ("maxTFCE", "tfce")):
        if hasattr(out, stat):
            write(out[stat], null.observed[method], f"{stat} of {name}, as tested by permutation", stat)


if __name__ == "__main__":
    main(snakemake)
