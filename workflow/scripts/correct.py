"""Rule correct: correct the t map of one contrast for the search over voxels, with its null."""

import numpy as np
import pandas as pd

from secondlevel.correction import fwe_p_values, fwe_threshold
from secondlevel.files import write_json
from secondlevel.images import Mask, read_map, write_map
from secondlevel.logs import log_to
from secondlevel.nulls import Null
from secondlevel.tables import write_table
from secondlevel.thresholds import tested


def main(smk):
    log = log_to(smk.log[0])
    mask = Mask.read(smk.input.mask)
    null = Null.load(smk.input.null)
    row = smk.params.contrasts.index(smk.wildcards.contrast)
    highest, maxima = float(null.maxima[row, 0]), null.maxima[row, 1:]
    count = maxima.size
    observed = tested(read_map(smk.input.t, mask), smk.params.two_sided)
    p = fwe_p_values(observed, maxima)
    uncorrected = (1 + null.exceedances[row]) / (1 + count)
    how = {"Contrast": smk.wildcards.contrast, "TwoSided": smk.params.two_sided}
    how |= {"Permutations": count, "Scheme": smk.params.scheme, "Seed": smk.params.seed}
    about = {"Description": "-log10 of the family-wise p value of max t", "Units": "-log10 probability"} | how
    write_map(smk.output.logp, -np.log10(p), mask, about)
    about = {"Description": "uncorrected permutation p value of t", "Units": "probability"} | how
    write_map(smk.output.p, uncorrected, mask, about, outside=1, dtype=np.float64)
    write_table(smk.output.null, pd.DataFrame({"shuffle": range(count + 1), "max_t": null.maxima[row]}))
    threshold = fwe_threshold(maxima, smk.params.alpha)
    summary = {"contrast": smk.wildcards.contrast, "statistic": "max |t|" if smk.params.two_sided else "max t"}
    summary |= {"permutations": count, "scheme": smk.params.scheme, "seed": smk.params.seed}
    summary |= {"alpha": smk.params.alpha, "threshold": threshold, "voxels_above": int((p <= smk.params.alpha).sum())}
    summary |= {"observed_maximum": highest, "p_of_observed_maximum": float(p.min()), "voxels": mask.size}
    write_json(smk.output.summary, summary)
    log.info("%s", summary)


if __name__ == "__main__":
    main(snakemake)
