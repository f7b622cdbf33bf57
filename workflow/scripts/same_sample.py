"""Rule same_sample: give an analysis the sample, mask and maps of another one that has the same."""

import os
import shutil

from secondlevel.base.files import replacing
from secondlevel.base.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    for source, path in zip(smk.input, smk.output, strict=True):
        # No link: results must not change when those of another analysis do, and each file needs a time of its own.
        with replacing(path) as part:
            shutil.copyfile(source, part)
    log.info("as in %s", os.path.dirname(smk.input[0]))


if __name__ == "__main__":
    main(snakemake)
