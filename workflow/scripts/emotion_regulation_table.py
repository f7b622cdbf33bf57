"""Rule emotion_regulation_table: download the subjects' variables and give them their IDs and maps."""

from secondlevel.downloads import fetch
from secondlevel.emotion_regulation import sample_table
from secondlevel.logs import log_to
from secondlevel.tables import read_table, write_table


def main(smk):
    log = log_to(smk.log[0])
    p = smk.params
    fetch(p.url, smk.output.behaviour, p.timeout, p.sha256, p.recorded_in)
    table = sample_table(read_table(smk.output.behaviour), p.subjects, p.map)
    write_table(smk.output.table, table)
    log.info("%s: %d subjects", p.url, len(table))


if __name__ == "__main__":
    main(snakemake)
