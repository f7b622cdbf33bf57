"""Rule characteristics: who was analysed, by group, and the unit of the maps."""

from secondlevel.base.columns import read_columns, write_rows
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.model.groups import read_groups
from secondlevel.report.characteristics import COLUMNS, characteristics, units_of


def main(smk):
    log, given = log_to(smk.log[0]), smk.input
    variables, groups = read_groups(given.about, given.contrasts, given.sample)
    write_rows(smk.output.table, characteristics(read_columns(given.sample), variables, groups), COLUMNS)
    units = smk.params.units or units_of(given.sidecars)
    write_json(smk.output.about, {"columns": COLUMNS, "units_of_maps": units})
    log.info("%d groups; the unit of the maps is %s", len(groups), units or "not told")


if __name__ == "__main__":
    main(snakemake)
