"""Rule cluster_tables: clusters and peaks of one contrast by each method, as tables and as maps of cluster numbers."""

import numpy as np

from secondlevel.base.files import read_json
from secondlevel.base.logs import log_to
from secondlevel.base.tables import write_table
from secondlevel.inference.atlas import Atlas
from secondlevel.inference.catalogue import BY_KEY
from secondlevel.inference.cluster_table import cluster_labels, cluster_table, passing
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask, read_map, write_map
from secondlevel.space.intents import Intent


def main(smk):
    log, params, contrast = log_to(smk.log[0]), smk.params, smk.wildcards.contrast
    mask, null = Mask.read(smk.input.mask), load_nulls(smk.input.null)[contrast]
    z, logp = read_map(smk.input.z, mask), {method: read_map(smk.input[method], mask) for method in params.methods}
    at_peaks = {params.model_statistic: read_map(smk.input.statistic, mask)}
    at_peaks |= {null.about["statistic"]["name"]: null.observed["maxT"], "z": z}
    p = {method: (f"p_{method}", 10**-values) for method, values in logp.items()}
    at_peaks |= dict(p[method] for method in p if not BY_KEY[method].of_clusters)
    thresholds = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}
    names = Atlas.read(*smk.input.atlas) if smk.input.atlas else None
    for kind, (values, inside) in passing(null, z, logp, thresholds, params.alpha).items():
        labels = cluster_labels(values, inside, mask, params.connectivity[kind], null.about["two_sided"])
        more = dict(p[method] for method in p if BY_KEY[method].of_clusters and BY_KEY[method].table.kind == kind)
        table = cluster_table(values, labels, mask, at_peaks, more, names, params.min_distance, params.peaks)
        write_table(smk.output[f"{kind}_table"], table.round(6))
        about = {"Description": f"number of the cluster, {kind}", "Units": "row of the table", "Contrast": contrast}
        write_map(smk.output[f"{kind}_labels"], labels, mask, about, dtype=np.int32, intent=Intent("label"))
        log.info("%s: %d clusters", kind, labels.max())


if __name__ == "__main__":
    main(snakemake)
