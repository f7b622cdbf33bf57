"""Rule threshold: where one contrast's z map passes the FDR, Bonferroni and uncorrected thresholds, and its q map."""

import numpy as np

from secondlevel.files import write_json
from secondlevel.images import Mask, read_map, write_map
from secondlevel.logs import log_to
from secondlevel.statistic import tested
from secondlevel.thresholds import bonferroni_threshold, fdr_threshold, q_values


def main(smk):
    log = log_to(smk.log[0])
    mask, alpha, two_sided, contrast = (
        Mask.read(smk.input.mask),
        smk.params.alpha,
        smk.params.two_sided,
        smk.wildcards.contrast,
    )
    z = read_map(smk.input.z, mask)
    entries = []
    for method, rate, threshold in (
        ("fdr", alpha["fdr"], fdr_threshold(z, alpha["fdr"], two_sided)),
        ("bonferroni", alpha["fwe"], bonferroni_threshold(alpha["fwe"], mask.size, two_sided)),
        ("uncorrected", alpha["uncorrected"], bonferroni_threshold(alpha["uncorrected"], 1, two_sided)),
    ):
        above = 0 if threshold is None else int((tested(z, two_sided) > threshold).sum())
        entry = {"contrast": contrast, "method": method, "alpha": rate, "two_sided": two_sided, "statistic": "z"}
        entries.append(entry | {"threshold": threshold, "voxels_above": above, "voxels": mask.size})
        log.info("%s, %s %g: z > %s, %d voxels", contrast, method, rate, threshold, above)
    write_json(smk.output.thresholds, entries)
    about = {"Description": "q value (Benjamini-Hochberg)", "Units": "false discovery rate", "Contrast": contrast}
    write_map(smk.output.q, q_values(read_map(smk.input.p, mask)), mask, about, outside=1, dtype=np.float64)


if __name__ == "__main__":
    main(snakemake)
