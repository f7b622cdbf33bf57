"""Rule association_figure: the maps' values at the peak voxel of one contrast against its regressor."""

import numpy as np

from secondlevel.design import read_contrast
from secondlevel.figures import draw_association, save
from secondlevel.glm import partition
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to
from secondlevel.statistic import tested


def main(smk):
    log = log_to(smk.log[0])
    mask, contrast = Mask.read(smk.input.mask), smk.wildcards.contrast
    design, weights = read_contrast(smk.input.design, smk.input.contrasts, contrast)
    split = partition(design, weights)
    t = read_map(smk.input.t, mask)
    peak = int(np.argmax(tested(t, smk.params.two_sided)))
    values = np.load(smk.input.maps, mmap_mode="r")[:, peak].astype(float)
    regressor, weights = split.effect[:, 0], weights[0]
    slope = regressor @ values / (regressor @ regressor)
    # Adjusted for the nuisance, and put back to the scale of the variable and of the map.
    regressor = regressor + (design @ weights).mean() / (weights @ weights)
    adjusted = split.without_nuisance(values) + values.mean()
    place = ", ".join(f"{value:.4g}" for value in mask.coordinates(peak))
    title = f"Peak of {contrast} at ({place}) mm, t = {t[peak]:.2f}"
    save(draw_association(regressor, adjusted, slope, contrast, title), *smk.output.figure)
    log.info("%s, effect %g", title, slope)


if __name__ == "__main__":
    main(snakemake)
