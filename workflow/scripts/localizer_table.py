"""Rule localizer_table: join the Localizer's subjects with their variables and their maps of one contrast."""

from secondlevel.base.logs import log_to
from secondlevel.base.tables import read_table, write_table
from secondlevel.datasets.localizer import contrast_label, read_index, sample_table


def main(smk):
    log = log_to(smk.log[0])
    table = sample_table(
        read_table(smk.input.participants),
        read_table(smk.input.behaviour),
        read_index(smk.input.index),
        contrast_label(smk.params.contrast),
        smk.params.map,
    )
    write_table(smk.output.table, table)
    lost = table.loc[table["map"].isna(), "participant_id"]
    log.info("%d subjects; without a map: %s", len(table), ", ".join(lost) or "nobody")


if __name__ == "__main__":
    main(snakemake)
