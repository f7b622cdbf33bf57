"""Rule own_table: the user's table with the map of each row, and the maps that belong to no row."""

import os
from functools import partial

import pandas as pd

from secondlevel.base.files import write_json
from secondlevel.base.guarding import unguarded
from secondlevel.base.ledger import seen
from secondlevel.base.logs import log_to
from secondlevel.base.signs import on_a_line
from secondlevel.base.tables import write_table
from secondlevel.datasets.own import find_companions, seen_from
from secondlevel.datasets.study import read_own
from secondlevel.space.sources import moved, paths_of


def main(smk):
    log = log_to(smk.log[0])
    own, about = unguarded(smk.params.own), unguarded(smk.params.kind)
    study = read_own(own, smk.input.participants)
    table, sources = study.table, study.sources
    found = {"map": sources} | find_companions(table, own, smk.input.participants)
    abouts = {"map": about} | unguarded(smk.params.beside)
    from_there = partial(seen_from, os.path.dirname(smk.output.table))
    table = table.drop(columns="map", errors="ignore")  # the column of paths itself
    for place, (column, of_column) in enumerate(found.items(), 1):
        table.insert(place, column, [source and moved(source, abouts[column], from_there) for source in of_column])
    for sentence in study.words:
        log.warning(sentence)
    for path in study.extra:
        log.warning("%s belongs to nobody in %s and is not analysed", path, smk.input.participants)
    write_table(smk.output.extra, pd.DataFrame({"map": [on_a_line(path) for path in study.extra]}))
    write_table(smk.output.table, table)
    write_json(smk.output.read, seen([smk.input.participants]))
    there = sum(source is not None and all(map(os.path.exists, paths_of(source, about))) for source in sources)
    log.info("%d rows, %d with a map, %d maps of nobody", len(table), there, len(study.extra))


if __name__ == "__main__":
    main(snakemake)
