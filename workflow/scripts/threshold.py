"""Rule threshold: where one contrast's z map passes the FDR, Bonferroni and uncorrected thresholds, and its q map."""

from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.thresholds import q_values, threshold_entries
from secondlevel.model.maps import Q
from secondlevel.model.written import write_maps
from secondlevel.space.images import Mask, read_map


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    entries = threshold_entries(read_map(smk.input.z, mask), smk.params.alpha, smk.params.two_sided, contrast)
    write_json(smk.output.thresholds, entries)
    write_maps(smk.output, {"q": Q}, {"q": q_values(read_map(smk.input.p, mask))}, mask, {"Contrast": contrast})
    for entry in entries:
        log.info("%(method)s, %(contrast)s %(alpha)g: z > %(threshold)s, %(voxels_above)d voxels", entry)


if __name__ == "__main__":
    main(snakemake)
