"""Rule brain_mask: the elements to analyse, and how many were dropped for what."""

from secondlevel.base.columns import read_columns
from secondlevel.base.files import read_json, write_json
from secondlevel.base.ledger import expect, seen
from secondlevel.base.logs import log_to
from secondlevel.model.covered import chosen_elements
from secondlevel.space.holes import Holes
from secondlevel.space.mask_rules import ruled_mask
from secondlevel.space.sources import subtracted
from secondlevel.space.survey import read_survey


def main(smk):
    log, params, given = log_to(smk.log[0]), smk.params, smk.input.given
    expect(read_json(smk.input.read))
    sample, holes = read_columns(smk.input.sample), Holes.of_config(params, smk.input.reference)
    sources, kind = list(sample["map"]), holes.kind
    common, frame = read_survey(smk.input.survey), kind.frame_of(sources[0])
    proposed, source = ruled_mask(params.mask, given, kind, common, frame, sample["participant_id"])
    analysed, counts = chosen_elements(common, proposed, source, params, sample, smk.input.design, holes)
    space, warnings = kind.space(analysed, frame, sources, params.space)
    for warning in warnings:
        log.warning(warning)
    counts |= {"Difference": subtracted(*kind.about["difference"])} if "difference" in kind.about else {}
    space.save(smk.output.mask, counts)
    write_json(smk.output.read, seen([given] if isinstance(given, str) else given))
    log.info("%s to analyse; %s", kind.unit.counted(space.size), counts)


if __name__ == "__main__":
    main(snakemake)
