"""Bounds on true discoveries beside those of all-resolutions inference, cluster by cluster, on results that are there.

    PYTHONPATH=workflow/scripts .venv/bin/python validation/beside_ari.py RESULTS:CONTRAST ...

RESULTS is the folder of an analysis whose test is one-sided. Clusters are voxels above a z that share a face; ARI
(Rosenblatt et al. 2018, NeuroImage 181) is nilearn's `cluster_level_inference`, on the z of the model. Writes the table
of docs/discoveries.md.
"""

import sys
import warnings
from pathlib import Path

import error_rates
import nibabel as nib
import numpy as np
from nilearn.glm import cluster_level_inference
from scipy import ndimage

from secondlevel.base.files import read_json
from secondlevel.inference.discoveries import at_least
from secondlevel.space.kinds.volume import Mask

PAGE = error_rates.ROOT / "docs/discoveries.md"
THRESHOLDS, SHOWN = (2.3, 3.1, 4.0), 3  # of z; the largest clusters of each


def of_results(folder, contrast):
    """Of each threshold a list of rows, from the largest cluster down: voxels, the bound here, and ARI's."""
    mask = Mask.load(folder / "mask.nii.gz")
    (z,) = folder.glob(f"contrast-{contrast}*_stat-z_statmap.nii.gz")
    (level,) = folder.glob(f"contrast-{contrast}*_stat-level_desc-discoveries_statmap.nii.gz")
    z, levels = mask.volume(mask.read(z)), mask.volume(mask.read(level)).astype(int)
    alpha = read_json(folder / f"contrast-{contrast}_desc-discoveries_null.json")["alpha"]
    images = (
        nib.Nifti1Image(z.astype(np.float32), mask.affine),
        nib.Nifti1Image(mask.inside.astype(np.uint8), mask.affine),
    )
    for threshold in THRESHOLDS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shares = cluster_level_inference(
                images[0], mask_img=images[1], threshold=threshold, alpha=alpha
            ).get_fdata()
        labels, n = ndimage.label((z > threshold) & mask.inside)
        inside = [labels == number for number in range(1, n + 1)]
        rows = [(int(c.sum()), at_least(levels[c]), round(shares[c].max() * c.sum())) for c in inside]
        yield threshold, sorted(rows, reverse=True)


def as_markdown(asked):
    """A row for the largest clusters of each threshold, and one for all of them."""
    lines = [
        "| analysis, contrast | z above | cluster | voxels | active at least | by ARI |",
        "|---|---|---|---|---|---|",
    ]
    for folder, contrast in asked:
        for threshold, rows in of_results(folder, contrast):
            for number, (size, here, ari) in enumerate(rows[:SHOWN], start=1):
                lines.append(f"| {folder.name}, {contrast} | {threshold} | {number} | {size:,} | {here:,} | {ari:,} |")
            least = sum(here >= ari for _, here, ari in rows)
            lines.append(
                f"| {folder.name}, {contrast} | {threshold} | all {len(rows)} | | at least ARI's in {least} | |"
            )
    return "\n".join(lines)


def main():
    asked = [(Path(folder), contrast) for folder, _, contrast in (each.partition(":") for each in sys.argv[1:])]
    error_rates.write_block(PAGE, "beside ARI", as_markdown(asked))


if __name__ == "__main__":
    main()
