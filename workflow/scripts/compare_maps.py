"""Rule compare_maps: how each kept subject's map lies among the others, and what the mask covers of the brain."""

import numpy as np

from secondlevel.base.columns import read_columns, read_matrix, write_columns
from secondlevel.base.files import write_json
from secondlevel.base.logs import log_to
from secondlevel.sample.coverage import coverage
from secondlevel.sample.similarity import compare
from secondlevel.space.images import write_image
from secondlevel.space.reference import MNI
from secondlevel.space.registry import read_space
from secondlevel.space.template import template


def main(smk):
    log, out = log_to(smk.log[0]), smk.output
    mask, maps = read_space(smk.input.mask), np.load(smk.input.maps, mmap_mode="r")
    subjects, found = read_columns(smk.input.sample)["participant_id"], compare(maps, read_matrix(smk.input.design))
    outliers = {subject: why for subject, why in zip(subjects, found["outlier"], strict=True) if why}
    for subject, why in outliers.items():
        log.warning("the map of %s stands apart from the others by its %s", subject, why.replace("; ", " and "))
    write_columns(out.similarity, {"participant_id": subjects} | found)
    write_json(out.coverage, coverage(mask))
    if out.brain:
        brain, affine = template(2 if np.linalg.norm(mask.affine[:3, :3], axis=0).min() > 1.9 else 1)
        write_image(out.brain, (255 * brain).astype(np.uint8), affine, (0, MNI))
    log.info("%d maps, %d of them outliers", len(subjects), len(outliers))


if __name__ == "__main__":
    main(snakemake)
