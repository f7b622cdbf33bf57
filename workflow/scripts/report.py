"""Rule report: what was found, as a page to read, from the result files of an analysis."""

import os

from secondlevel.files import replacing
from secondlevel.findings import Results, findings
from secondlevel.logs import log_to
from secondlevel.provenance import sealed_text
from secondlevel.reportpage import report_page


def main(smk):
    log = log_to(smk.log[0])
    results = Results(os.path.dirname(smk.input.record))
    text = sealed_text(report_page(results, findings(results)))
    with replacing(smk.output.page) as part:
        part.write_text(text, encoding="utf-8")
    log.info("%.1f MB", len(text) / 1e6)


if __name__ == "__main__":
    main(snakemake)
