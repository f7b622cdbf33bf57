"""Rule threshold: where each contrast's z map passes the FDR, Bonferroni and uncorrected thresholds, and its q map."""

from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.thresholds import above, q_values, threshold_entries
from secondlevel.model.maps import Q
from secondlevel.model.written import write_maps, write_passing
from secondlevel.space.images import Mask, read_map


def main(smk):
    log, mask = log_to(smk.log[0]), Mask.read(smk.input.mask)
    for contrast, two_sided in smk.params.two_sided.items():
        source, out, how = files_of(contrast, smk.input), files_of(contrast, smk.output), {"Contrast": contrast}
        z = read_map(source["z"], mask)
        entries = threshold_entries(z, smk.params.alpha, two_sided, contrast)
        write_json(out["thresholds"], entries)
        write_maps(out, {"q": Q}, {"q": q_values(read_map(source["p"], mask))}, mask, how)
        for entry in entries:
            log.info("%(method)s, %(contrast)s %(alpha)g: z > %(threshold)s, %(voxels_above)d voxels", entry)
            method, rate, threshold = (entry[key] for key in ("method", "alpha", "threshold"))
            if method in smk.params.methods:
                about = how | {"ErrorRate": rate, "Threshold": threshold}
                passed = f"it is {'beyond' if two_sided else 'above'} the threshold of {method} at {rate:g}"
                write_passing(out, method, z, above(z, threshold, two_sided), mask, about, passed)


if __name__ == "__main__":
    main(snakemake)
