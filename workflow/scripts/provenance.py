"""Rule provenance: what an analysis was made from and by what, and the checksums of its inputs and results."""

import os

from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.report.provenance import digests, machine, revision, sealed, software


def main(smk):
    log = log_to(smk.log[0])
    folder = os.path.dirname(smk.output.record)
    inputs = digests(dict.fromkeys(smk.input.inputs))
    outputs = {os.path.relpath(path, folder): sha256 for path, sha256 in digests(smk.input.results).items()}
    record = {
        "analysis": smk.wildcards.analysis,
        "revision": revision(smk.params.workflow),
        "software": software(),
        "machine": machine(),
        "seed": smk.params.config["permutation"]["seed"],
        "config": smk.params.config,
        "settings": smk.params.settings,
        "inputs": inputs,
        "outputs": outputs,
    }
    write_json(smk.output.record, sealed(record))
    log.info("%d inputs, %d results", len(inputs), len(outputs))


if __name__ == "__main__":
    main(snakemake)
