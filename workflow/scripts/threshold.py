"""Rule threshold: where each contrast's z map passes the FDR, Bonferroni and uncorrected thresholds, and its q map."""

from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.inference.thresholds import above, q_values, threshold_entries
from secondlevel.model.maps import Q
from secondlevel.model.written import write_maps, write_passing
from secondlevel.space.registry import read_space


def main(smk):
    log, mask = log_to(smk.log[0]), read_space(smk.input.mask)
    for contrast, two_sided in smk.params.two_sided.items():
        source, out, how = files_of(contrast, smk.input), files_of(contrast, smk.output), {"Contrast": contrast}
        z = mask.read(source["z"])
        entries = threshold_entries(z, smk.params.alpha, two_sided, contrast, mask.unit)
        write_json(out["thresholds"], entries)
        write_maps(out, {"q": Q}, {"q": q_values(mask.read(source["p"]))}, mask, how)
        for entry in entries:
            method, rate, threshold = (entry[key] for key in ("method", "alpha", "threshold"))
            counted = entry[f"{mask.unit.many}_above"], mask.unit.many
            log.info("%s, %s %g: z > %s, %d %s", method, contrast, rate, threshold, *counted)
            if method in smk.params.methods:
                about = how | {"ErrorRate": rate, "Threshold": threshold}
                passed = f"it is {'beyond' if two_sided else 'above'} the threshold of {method} at {rate:g}"
                write_passing(out, method, z, above(z, threshold, two_sided), mask, about, passed)


if __name__ == "__main__":
    main(snakemake)
