"""Rule correct: correct the map of one contrast for the search over voxels, with its null."""

import numpy as np
import pandas as pd

from secondlevel.correction import fwe_p_values, null_summary
from secondlevel.files import write_json
from secondlevel.images import Mask, write_map
from secondlevel.logs import log_to
from secondlevel.nulls import load_nulls
from secondlevel.tables import write_table
from secondlevel.tail import fit_tail
from secondlevel.thresholds import q_values


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast, out = Mask.read(smk.input.mask), smk.wildcards.contrast, smk.output
    null = load_nulls(smk.input.null)[contrast]
    maxima = null.maxima[1:]
    p = fwe_p_values(null.observed, maxima, null.tie)
    tail = fit_tail(maxima) if smk.params.tail else None
    if tail:
        p = tail.p_values(null.observed, p)
    summary = {"contrast": contrast, "voxels": mask.size} | null.about
    summary |= null_summary(null, p, smk.params.alpha, tail, asked_for_tail=smk.params.tail)
    for warning in summary["warnings"]:
        log.warning("%s: %s", contrast, warning)
    write_json(out.summary, summary)
    write_table(out.null, pd.DataFrame({"shuffle": range(len(null.maxima)), "maximum": null.maxima}))

    name = null.about["statistic"]["name"]
    name = f"|{name}|" if null.about["two_sided"] else name
    how = {"Contrast": contrast, "PermutationTest": null.about | {"tail": summary["tail"]}}

    def write(path, values, what, unit, **more):
        write_map(path, values, mask, {"Description": what, "Units": unit} | how, **more)

    write(out.logp, -np.log10(p), f"-log10 of the family-wise p value of max {name}", "-log10 probability")
    if null.reached.size:
        counted = (1 + null.reached) / (1 + maxima.size)
        write(out.p, counted, f"uncorrected permutation p value of {name}", "probability", outside=1, dtype=np.float64)
        about_q = f"q value (Benjamini-Hochberg) of the permutation p value of {name}"
        write(out.q, q_values(counted), about_q, "false discovery rate", outside=1, dtype=np.float64)
    if hasattr(out, "statistic"):
        write(out.statistic, null.observed, f"{name}, as tested by permutation", name)


if __name__ == "__main__":
    main(snakemake)
