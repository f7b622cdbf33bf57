"""Rule check_atlas: look at the atlas before anything that takes long, though only the tables at the end use it."""

import numpy as np

from secondlevel.base.files import write_json
from secondlevel.base.ledger import seen
from secondlevel.base.logs import log_to
from secondlevel.inference.atlas import Atlas, regions_on
from secondlevel.space.registry import read_space


def main(smk):
    log = log_to(smk.log[0])
    if smk.input.mask:  # in the format of the maps, it has to fit them element by element, and names all of its regions
        labels, unnamed = regions_on(smk.input.atlas, read_space(smk.input.mask)), []
        regions = np.unique(labels.numbers[labels.numbers > 0])
    else:
        atlas = Atlas.read(*smk.input.atlas)
        regions = [int(number) for number in np.unique(atlas.data) if number]
        unnamed = [number for number in regions if number not in atlas.names]
    write_json(smk.output.about, {"Regions": len(regions), "RegionsWithoutName": unnamed})
    write_json(smk.output.read, seen(smk.input.atlas))
    log.info("%d regions, %d of them without a name", len(regions), len(unnamed))


if __name__ == "__main__":
    main(snakemake)
