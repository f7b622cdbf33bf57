"""Rule report: what was found, as a page to read, from the result files of an analysis."""

import os

from secondlevel.base.files import read_json, replacing
from secondlevel.base.ledger import expect
from secondlevel.base.logs import log_to
from secondlevel.inference.atlas import Atlas
from secondlevel.report.findings import Results, findings
from secondlevel.report.page import report_page
from secondlevel.report.provenance import sealed_text


def main(smk):
    log = log_to(smk.log[0])
    results = Results(os.path.dirname(smk.input.record))
    expect(read_json(smk.input.read) if smk.input.read else {})
    names = Atlas.read(*smk.input.atlas) if smk.input.atlas else None
    text = sealed_text(report_page(results, findings(results), names))
    with replacing(smk.output.page) as part:
        part.write_text(text, encoding="utf-8")
    log.info("%.1f MB", len(text) / 1e6)


if __name__ == "__main__":
    main(snakemake)
