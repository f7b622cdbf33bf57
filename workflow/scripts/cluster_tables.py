"""Rule cluster_tables: clusters and peaks of one contrast by each method, as tables and as maps of cluster numbers."""

import numpy as np

from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect
from secondlevel.base.logs import log_to
from secondlevel.base.tables import write_table
from secondlevel.inference.atlas import Atlas
from secondlevel.inference.cluster_table import cluster_labels, cluster_table, passing
from secondlevel.inference.table_columns import about_columns, columns_at_peaks, columns_of_clusters, rounded
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.images import Mask, read_map, write_map
from secondlevel.space.intents import Intent


def main(smk):
    log, params, contrast = log_to(smk.log[0]), smk.params, smk.wildcards.contrast
    mask, null = Mask.read(smk.input.mask), load_nulls(smk.input.null)[contrast]
    z, logp = read_map(smk.input.z, mask), {method: read_map(smk.input[method], mask) for method in params.methods}
    of_model = {"effect": smk.input.effect, params.model_statistic: smk.input.statistic}
    of_model = {name: read_map(path, mask) for name, path in of_model.items() if path}
    at_peaks = columns_at_peaks(of_model, null, z, logp)
    thresholds = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}
    expect(read_json(smk.input.read) if smk.input.read else {})
    names = Atlas.read(*smk.input.atlas) if smk.input.atlas else None
    for kind, (values, inside) in passing(null, z, logp, thresholds, params.alpha).items():
        labels = cluster_labels(values, inside, mask, params.connectivity[kind], null.about["two_sided"])
        of_clusters = columns_of_clusters(kind, logp)
        table = cluster_table(values, labels, mask, at_peaks, of_clusters, names, params.min_distance, params.peaks)
        write_table(smk.output[f"{kind}_table"], rounded(table))
        write_json(smk.output[f"{kind}_columns"], about_columns(table))
        about = {"Description": f"number of the cluster, {kind}", "Units": "row of the table", "Contrast": contrast}
        write_map(smk.output[f"{kind}_labels"], labels, mask, about, dtype=np.int32, intent=Intent("label"))
        log.info("%s: %d clusters", kind, labels.max())


if __name__ == "__main__":
    main(snakemake)
