"""Rule <dataset>_table: download the subjects' variables and give them their IDs and maps."""

from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_table, write_table
from secondlevel.datasets.downloads import MOST_OF_TABLE, fetch
from secondlevel.datasets.pinned import sample_table


def main(smk):
    log, p = log_to(smk.log[0]), smk.params
    fetch(p.url, smk.output.variables, p.timeout, p.sha256, p.recorded_in, most=MOST_OF_TABLE)
    table = sample_table(read_table(smk.output.variables), p.subjects, p.map)
    write_table(smk.output.table, table)
    log.info("%s: %d subjects", p.url, len(table))


if __name__ == "__main__":
    main(snakemake)
