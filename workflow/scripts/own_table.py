"""Rule own_table: the user's table with the map of each row, and the maps that belong to no row."""

import os

import pandas as pd

from secondlevel.base.files import write_json
from secondlevel.base.ledger import seen
from secondlevel.base.logs import log_to
from secondlevel.base.signs import on_a_line
from secondlevel.base.tables import write_table
from secondlevel.datasets.own import find_maps, read_study, seen_from


def main(smk):
    log = log_to(smk.log[0])
    table = read_study(smk.input.participants, smk.params.id)
    paths, extra = find_maps(table, smk.params.maps, smk.input.participants, smk.params.id)
    folder = os.path.dirname(smk.output.table)
    table = table.drop(columns="map", errors="ignore")  # the column of paths itself
    table.insert(1, "map", [path and seen_from(folder, path) for path in paths])
    for path in extra:
        log.warning("%s belongs to nobody in %s and is not analysed", path, smk.input.participants)
    write_table(smk.output.extra, pd.DataFrame({"map": [on_a_line(path) for path in extra]}))
    write_table(smk.output.table, table)
    write_json(smk.output.read, seen([smk.input.participants]))
    there = sum(path is not None and os.path.exists(path) for path in paths)
    log.info("%d rows, %d with a map, %d maps of nobody", len(table), there, len(extra))


if __name__ == "__main__":
    main(snakemake)
