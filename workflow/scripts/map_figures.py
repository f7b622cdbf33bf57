"""Rule map_figures: the FDR-thresholded z map and the corrected -log10 p maps of one contrast on the brain."""

from secondlevel.figures import save
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to
from secondlevel.statmaps import draw_map


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast
    entries = read_json(smk.input.thresholds)
    (fdr,) = (entry for entry in entries if (entry["contrast"], entry["method"]) == (contrast, "fdr"))
    z_name = "|z|" if params.two_sided else "z"
    passing = f"{z_name} > {fdr['threshold']:.2f}, {fdr['voxels_above']} voxels" if fdr["voxels_above"] else z_name
    z_title = f"{contrast}: {passing} (FDR {fdr['alpha']:g})"
    start = params.logp_from
    for key, threshold, title, cmap, two_sided in (
        ("z", fdr["threshold"], z_title, "RdBu_r" if params.two_sided else "inferno", params.two_sided),
        ("bonferroni", start, f"{contrast}: -log10 p, parametric, Bonferroni-corrected", "inferno", False),
        ("permutation", start, f"{contrast}: -log10 p, permutation of max t, family-wise", "inferno", False),
    ):
        volume = mask.volume(read_map(smk.input[key], mask))
        empty = "no voxel passes" if key == "z" else f"no voxel above {start:g}"
        figure = draw_map(volume, mask.affine, params.cut_coords, threshold, title, empty, cmap, two_sided)
        save(figure, *smk.output[key])
        log.info("%s drawn", key)


if __name__ == "__main__":
    main(snakemake)
