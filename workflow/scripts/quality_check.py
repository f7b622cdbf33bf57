"""Rule quality_check: look at every subject and map, and keep those that can be analysed."""

import pandas as pd

from secondlevel.errors import InputError
from secondlevel.images import read_grid
from secondlevel.logs import log_to
from secondlevel.quality import describe, inspect, lost_alone
from secondlevel.sample import exclusions, read_sample, require_one_grid
from secondlevel.tables import labelled, numbers, write_table


def main(smk):
    log = log_to(smk.log[0])
    table = read_sample(smk.input.table)
    variables = pd.DataFrame(
        {name: numbers(table, name, smk.input.table) for name in smk.params.variables}, index=table.index
    )
    labels = pd.DataFrame({name: labelled(table, name, smk.input.table) for name in smk.params.labels})
    grid = read_grid(smk.input.reference) if smk.input.reference else None
    qualities = [inspect(path, grid) for path in table["map"]]
    excluded = exclusions(table, variables.join(labels), qualities, smk.params.exclude)
    for subject, reason in excluded.itertuples(index=False):
        log.warning("%s is left out: %s", subject, reason)
    kept = ~table["participant_id"].isin(excluded["participant_id"])
    if not kept.any():
        raise InputError(f"{smk.input.table}: no subject can be kept, for {excluded['reason'].iloc[0]} and the like.")
    of_kept = [quality for quality, keep in zip(qualities, kept, strict=True) if keep]
    require_one_grid(table["participant_id"][kept], [quality.grid for quality in of_kept])
    write_table(smk.output.sample, table[kept])
    write_table(smk.output.excluded, excluded)
    quality = pd.DataFrame([q.figures or {} for q in qualities])
    quality.insert(0, "participant_id", table["participant_id"])
    quality.insert(1, "kept", kept.map({True: "yes", False: "no"}))
    quality.insert(2, "grid", [describe(q.grid) if q.grid else None for q in qualities])
    alone = lost_alone(of_kept)
    quality.loc[kept, "n_not_finite_here_only"] = alone
    for subject, n in zip(table["participant_id"][kept], alone, strict=True):
        if n:
            log.warning(
                "%d voxels are lost to all since only the map of %s has no number there (exclude it to keep them)",
                n,
                subject,
            )
    quality = quality.astype({name: "Int64" for name in quality if name.startswith("n_")})
    write_table(smk.output.quality, quality)
    log.info("%d subjects, %d kept, %d left out", len(table), kept.sum(), len(excluded))


if __name__ == "__main__":
    main(snakemake)
