"""Rule provenance: what an analysis was made from and by what, and the checksums of its inputs and results."""

import os

from secondlevel.base.files import is_as_noted, read_json, write_json
from secondlevel.base.logs import log_to
from secondlevel.report.provenance import as_read, digests, machine, revision, sealed, software


def main(smk):
    log = log_to(smk.log[0])
    folder = os.path.dirname(smk.output.record)
    read = dict(entry for path in smk.input.read for entry in read_json(path).items())
    inputs = as_read(dict.fromkeys(smk.input.inputs), read)
    for path in filter(os.path.isfile, read):
        if not is_as_noted(path, read[path]):
            log.warning("%s has changed since it was read; the results and their record are of what it was", path)
    results = [os.path.normpath(os.path.join(folder, name)) for name in smk.params.results]
    outputs = {os.path.relpath(path, folder): sha256 for path, sha256 in digests(results).items()}
    record = {
        "analysis": smk.wildcards.analysis,
        "revision": revision(smk.params.workflow),
        "software": software(),
        "machine": machine(),
        "seed": smk.params.config["permutation"]["seed"],
        "config": smk.params.config,
        "settings": smk.params.settings,
        "inputs": inputs,
        "bytes": {path: read[path]["bytes"] if path in read else os.path.getsize(path) for path in inputs},
        "outputs": outputs,
    }
    write_json(smk.output.record, sealed(record))
    log.info("%d inputs, %d results", len(inputs), len(outputs))


if __name__ == "__main__":
    main(snakemake)
