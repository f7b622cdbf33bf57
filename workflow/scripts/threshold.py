"""Rule threshold: where one contrast's z map passes the FDR, Bonferroni and uncorrected thresholds, and its q map."""

from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.thresholds import above, q_values, threshold_entries
from secondlevel.model.maps import Q
from secondlevel.model.written import write_maps, write_passing
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, two_sided, beyond = log_to(smk.log[0]), smk.params.two_sided, "beyond" if smk.params.two_sided else "above"
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    z, how = read_map(smk.input.z, mask), {"Contrast": contrast}
    entries = threshold_entries(z, smk.params.alpha, two_sided, contrast)
    write_json(smk.output.thresholds, entries)
    write_maps(smk.output, {"q": Q}, {"q": q_values(read_map(smk.input.p, mask))}, mask, how)
    for entry in entries:
        log.info("%(method)s, %(contrast)s %(alpha)g: z > %(threshold)s, %(voxels_above)d voxels", entry)
        method, rate, threshold = (entry[key] for key in ("method", "alpha", "threshold"))
        if method in smk.params.methods:
            about = how | {"ErrorRate": rate, "Threshold": threshold}
            passed = f"it is {beyond} the threshold of {method} at {rate:g}"
            write_passing(smk.output, method, z, above(z, threshold, two_sided), mask, about, passed)


if __name__ == "__main__":
    main(snakemake)
