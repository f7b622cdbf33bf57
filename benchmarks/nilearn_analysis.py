"""The default analysis with nilearn alone, as its example of a second-level association test has it.

    python benchmarks/nilearn_analysis.py TABLE FOLDER N_PERMUTATIONS N_JOBS

TABLE lists subjects and maps; the maps, the figures and a summary land in FOLDER.
"""

import json
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
from nilearn.glm import threshold_stats_img  # noqa: E402
from nilearn.glm.second_level import SecondLevelModel, non_parametric_inference  # noqa: E402
from nilearn.image import get_data, math_img  # noqa: E402
from nilearn.plotting import plot_stat_map  # noqa: E402


def main(table, folder, n_perm, n_jobs):
    out = Path(folder)
    rows = pd.read_csv(table, sep="\t").dropna(subset=["pseudo"])
    maps = [str(Path(table).parent / path) for path in rows["map"]]
    design = pd.DataFrame({"fluency": rows["pseudo"].to_numpy(float), "intercept": 1.0})
    model = SecondLevelModel(smoothing_fwhm=5.0, n_jobs=n_jobs).fit(maps, design_matrix=design)
    z = model.compute_contrast("fluency", output_type="z_score")
    p = model.compute_contrast("fluency", output_type="p_value")
    _, threshold = threshold_stats_img(z, alpha=0.05, height_control="fdr", two_sided=False)
    n_voxels = int(get_data(model.masker_.mask_img_).sum())
    logp = math_img(f"-np.log10(np.minimum(1, img * {n_voxels}))", img=p)
    permuted = non_parametric_inference(
        maps,
        design_matrix=design,
        second_level_contrast="fluency",
        model_intercept=True,
        n_perm=n_perm,
        two_sided_test=False,
        smoothing_fwhm=5.0,
        n_jobs=n_jobs,
    )
    for name, image, shown_from in (("z", z, threshold), ("logp", logp, 1), ("permuted", permuted, 1)):
        image.to_filename(out / f"{name}.nii.gz")
        style = {"threshold": shown_from, "cut_coords": [10, -5, 10], "title": name, "cmap": "inferno"}
        plot_stat_map(image, output_file=str(out / f"{name}.png"), **style)
    values = get_data(z)
    summary = {"voxels": n_voxels, "threshold": threshold, "passing": int((values > threshold).sum())}
    summary["peak"] = [float(x) for x in (values.max(), get_data(permuted).max())]
    (out / "summary.json").write_text(json.dumps(summary | {"finite": bool(np.isfinite(values).all())}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
