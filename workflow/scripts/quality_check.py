"""Rule quality_check: look at every subject and map, and keep those that can be analysed."""

from secondlevel.base.errors import InputError
from secondlevel.base.files import write_json
from secondlevel.base.guarding import unguarded
from secondlevel.base.ledger import seen
from secondlevel.base.logs import log_to
from secondlevel.base.tables import write_table
from secondlevel.sample.elsewhere import with_design
from secondlevel.sample.map_means import with_map_means
from secondlevel.sample.quality import of_lost, of_orientation, quality_table
from secondlevel.sample.reading import read_all
from secondlevel.sample.selection import objections, require_one_frame, selection_of
from secondlevel.sample.table import read_sample
from secondlevel.space.holes import Holes


def main(smk):
    log, source, params = log_to(smk.log[0]), smk.input.table, smk.params
    holes = Holes.of_config(params, smk.input.reference)
    kind, partial = holes.kind, holes if params.partial else None
    *named, given = map(unguarded, (params.variables, params.labels, params.exclude, params.elsewhere))
    table, unlisted = with_design(read_sample(source, kind, holes.kinds), given, source)
    against = objections(table, *named, source, unlisted)
    qualities, common = read_all(table["map"], against, kind, smk.threads, partial, holes.files(table))
    chosen = selection_of(table, against, qualities, kind, source)
    for subject, reason in chosen.excluded.itertuples(index=False):
        log.warning("%s is left out: %s", subject, reason)
    if not chosen.kept.any():
        raise InputError(f"{source}: no subject can be kept, for {chosen.excluded['reason'].iloc[0]} and the like.")
    kept = chosen.table[chosen.kept]
    require_one_frame(list(kept["participant_id"]), [quality.frame for quality in chosen.qualities_of_kept], kind)
    quality, unknown = quality_table(chosen, kind), of_orientation(chosen.of_unknown_orientation, len(kept))
    for sentence in filter(None, [unknown, *(() if params.coverage else of_lost(quality, kind.unit))]):
        log.warning(sentence)
    kept = with_map_means(kept, common, *unguarded(params.map_mean), smk.input.region, params, holes)
    write_table(smk.output.sample, kept)
    write_table(smk.output.excluded, chosen.excluded)
    write_table(smk.output.quality, quality)
    common.write(smk.output.survey)
    write_json(smk.output.read, seen(smk.input))
    log.info("%d subjects, %d kept, %d left out", len(chosen.table), len(kept), len(chosen.excluded))


if __name__ == "__main__":
    main(snakemake)
