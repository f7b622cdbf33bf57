"""Rule map_figures: the z map and the corrected -log10 p maps of one contrast on the brain."""

from secondlevel.figures import save
from secondlevel.files import read_json
from secondlevel.images import Mask, read_map
from secondlevel.logs import log_to
from secondlevel.statmaps import above, draw_glass, draw_highlight, draw_map

METHODS = {"maxT": "voxels", "maxExtent": "cluster extent", "maxMass": "cluster mass", "maxTFCE": "TFCE"}


def main(smk):
    log = log_to(smk.log[0])
    mask, params, contrast, out = Mask.read(smk.input.mask), smk.params, smk.wildcards.contrast, smk.output
    two_sided, cut = params.two_sided, params.cut_coords
    entries = {entry["method"]: entry for entry in read_json(smk.input.thresholds)}
    fdr, threshold = entries["fdr"], entries["fdr"]["threshold"]
    z = mask.volume(read_map(smk.input.z, mask))
    z_name = "|z|" if two_sided else "z"
    passing = f"{z_name} > {threshold:.2f}, {fdr['voxels_above']} voxels" if fdr["voxels_above"] else z_name
    title = f"{contrast}: {passing} (FDR {fdr['alpha']:g})"
    style = title, "no voxel passes", "RdBu_r" if two_sided else "inferno", two_sided
    save(draw_map(z, mask.affine, cut, threshold, *style), *out.z)
    save(draw_glass(z, mask.affine, threshold, *style), *out.glass)
    opaque_from = entries["bonferroni"]["threshold"] if threshold is None else threshold
    title = f"{contrast}: z, outlined where it passes FDR {fdr['alpha']:g}" + (
        "" if fdr["voxels_above"] else " (nowhere)"
    )
    save(draw_highlight(z, mask.affine, cut, opaque_from, above(z, threshold, two_sided) != 0, title), *out.highlight)

    start = params.logp_from
    kinds = {"bonferroni": "parametric, Bonferroni-corrected"}
    kinds |= {method: f"permutation, {METHODS[method]}, family-wise" for method in params.methods}
    for key, kind in kinds.items():
        volume, title = mask.volume(read_map(smk.input[key], mask)), f"{contrast}: -log10 p, {kind}"
        figure = draw_map(volume, mask.affine, cut, start, title, f"no voxel above {start:g}", "inferno", False)
        save(figure, *out[key])
        log.info("%s drawn", key)


if __name__ == "__main__":
    main(snakemake)
