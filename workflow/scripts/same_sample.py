"""Rule same_sample: give an analysis the sample, mask and maps of another one that has the same."""

import contextlib
import os
import shutil

from secondlevel.base.files import replacing
from secondlevel.base.logs import log_to


def main(smk):
    log = log_to(smk.log[0])
    for source, path in zip(smk.input, smk.output, strict=True):
        with replacing(path) as part:
            give(source, part)
    log.info("as in %s", os.path.dirname(smk.input[0]))


def give(source, part):
    """Copy a file, but for the maps, which are large: there a link says where they are.

    Snakemake sets the times of what a job has made, one file after the other. Those of hard links would be those of the
    other analysis' files too, which would then seem to be newer than what was made of them.
    """
    if source.endswith(".npy"):
        with contextlib.suppress(OSError):  # of file systems without links
            os.symlink(os.path.relpath(source, os.path.dirname(part)), part)
            return
    shutil.copyfile(source, part)


if __name__ == "__main__":
    main(snakemake)
