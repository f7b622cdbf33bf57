"""Rule cluster_tables: clusters and peaks of one contrast by each method, as tables and as maps of cluster numbers."""

import numpy as np

from secondlevel.clustertable import Atlas, cluster_labels, cluster_table
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map, write_map
from secondlevel.logs import log_to
from secondlevel.nulls import load_nulls
from secondlevel.statistic import tested
from secondlevel.tables import write_table

ROUNDING = 1e-6  # of -log10 p in a map


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast
    null = load_nulls(smk.input.null)[contrast]
    statistic, name, two_sided = null.observed["maxT"], null.about["statistic"]["name"], null.about["two_sided"]
    z = read_map(smk.input.z, mask)
    logp = {method: read_map(smk.input[method], mask) for method in params.methods}
    p = {f"p_{method}": 10**-values for method, values in logp.items()}
    columns = {params.model_statistic: read_map(smk.input.statistic, mask), name: statistic, "z": z}
    of_cluster = {key: p.pop(key) for key in ("p_maxExtent", "p_maxMass") if key in p}
    fdr = next(entry for entry in read_json(smk.input.thresholds) if entry["method"] == "fdr")
    above_fdr = np.zeros(z.size, bool) if fdr["threshold"] is None else tested(z, two_sided) > fdr["threshold"]
    significant = {method: values >= -np.log10(params.alpha) - ROUNDING for method, values in logp.items()}
    kinds = {"fdr": (z, above_fdr, {}), "maxT": (statistic, significant["maxT"], {})}
    if "maxExtent" in logp:
        kinds["clusters"] = (statistic, null.observed["maxExtent"] != 0, of_cluster)
    if "maxTFCE" in logp:
        kinds["maxTFCE"] = (statistic, significant["maxTFCE"], {})
    names = Atlas.read(*smk.input.atlas) if smk.input.atlas else None

    for kind, (values, passing, more) in kinds.items():
        labels = cluster_labels(values, passing, mask, params.connectivity[kind], two_sided)
        table = cluster_table(values, labels, mask, columns | p, more, names, params.min_distance, params.peaks)
        write_table(smk.output[f"{kind}_table"], table.round(6))
        about = {"Description": f"number of the cluster, {kind}", "Units": "row of the table", "Contrast": contrast}
        write_map(smk.output[f"{kind}_labels"], labels, mask, about, dtype=np.int32)
        log.info("%s: %d clusters", kind, labels.max())


if __name__ == "__main__":
    main(snakemake)
