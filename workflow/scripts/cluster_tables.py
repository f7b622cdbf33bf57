"""Rule cluster_tables: clusters and peaks of each contrast by each method, as tables and as maps of cluster numbers."""

import numpy as np

from secondlevel.base.columns import write_columns
from secondlevel.base.contrast_files import files_of
from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect
from secondlevel.base.logs import log_to
from secondlevel.inference.atlas import regions_on
from secondlevel.inference.cluster_table import cluster_labels, cluster_table, passing
from secondlevel.inference.discoveries import columns_of_discoveries
from secondlevel.inference.regions import write_regions
from secondlevel.inference.table_columns import about_columns, columns_at_peaks, columns_of_clusters, rounded
from secondlevel.permutation.nulls import load_nulls
from secondlevel.space.intents import Intent
from secondlevel.space.registry import read_space


def main(smk):
    log, params, mask = log_to(smk.log[0]), smk.params, read_space(smk.input.mask)
    expect(read_json(smk.input.read) if smk.input.read else {})
    regions, nulls = regions_on(smk.input.atlas, mask), load_nulls(smk.input.null)
    for contrast, statistic in params.model_statistics.items():
        source, out, null = files_of(contrast, smk.input), files_of(contrast, smk.output), nulls[contrast]
        z, logp = mask.read(source["z"]), {method: mask.read(source[method]) for method in params.methods}
        of_model = {"effect": source.get("effect"), statistic: source["statistic"]}
        of_model = {name: mask.read(path) for name, path in of_model.items() if path}
        levels = source.get("levels") and mask.read(source["levels"]).astype(int)
        write_regions(out, levels, regions)
        at_peaks = columns_at_peaks(of_model, null, z, logp)
        thresholds = {entry["method"]: entry for entry in read_json(source["thresholds"])}
        for kind, (values, inside) in passing(null, z, logp, thresholds, params.alpha).items():
            labels = cluster_labels(values, inside, mask, params.connectivity[kind], null.about["two_sided"])
            columns = at_peaks, columns_of_clusters(kind, logp) | columns_of_discoveries(levels, labels)
            table = cluster_table(values, labels, mask, *columns, regions, params.min_distance, params.peaks)
            write_columns(out[f"{kind}_table"], rounded(table))
            write_json(out[f"{kind}_columns"], about_columns(table, mask))
            about = {"Description": f"number of the cluster, {kind}", "Units": "row of the table", "Contrast": contrast}
            mask.write(out[f"{kind}_labels"], labels, about, dtype=np.int32, intent=Intent("label"))
            log.info("%s, %s: %d clusters", contrast, kind, labels.max())


if __name__ == "__main__":
    main(snakemake)
