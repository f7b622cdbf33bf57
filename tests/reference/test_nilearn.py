"""The whole workflow against nilearn, on the same files."""

import gc
import json
from functools import cache, cached_property

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from nilearn.glm import threshold_stats_img
from nilearn.glm.contrasts import Contrast
from nilearn.glm.second_level import SecondLevelModel
from nilearn.mass_univariate import permuted_ols
from nilearn.reporting import get_clusters_table
from scipy import stats

from permuting import engine
from secondlevel.model.glm import fit, partition
from secondlevel.model.tails import z_from_t
from secondlevel.permutation.blocks import Blocks
from secondlevel.permutation.engine import max_statistics, n_blocks, observed_statistics
from secondlevel.space.images import read_image
from secondlevel.space.kinds.volume import Mask

# nilearn collects garbage for every permutation, and would look at all that was imported each time.
gc.freeze()


class Analysis:
    """What the workflow made of an analysis, and what nilearn makes of the same maps and design."""

    def __init__(self, folder, name, contrast):
        self.results = folder / "results" / name
        self.contrast = contrast
        self.design = pd.read_csv(self.results / "design.tsv", sep="\t").drop(columns="participant_id")
        sample = pd.read_csv(self.results / "sample.tsv", sep="\t")
        # nilearn takes no fourth dimension of length one, which SPM's Analyze files have.
        self.images = [nib.Nifti1Image(*read_image(folder / path)) for path in sample["map"]]
        self.mask = Mask.load(self.results / "mask.nii.gz")
        self.model = SecondLevelModel(smoothing_fwhm=5.0).fit(self.images, design_matrix=self.design)
        # Values in float64 where nilearn would keep the type of the images.
        self.maps = self.model.masker_.transform(self.images).astype(np.float64)

    def ours(self, stat):
        return self.mask.read(self.results / f"contrast-{self.contrast}_stat-{stat}_statmap.nii.gz")

    @cached_property
    def fitted(self):
        return fit(self.maps, partition(self.design, np.array([1.0, 0.0])))

    @cache  # noqa: B019
    def theirs(self, output):
        image = self.model.compute_contrast(self.contrast, output_type=output)
        return np.asarray(image.dataobj, dtype=np.float64)[self.mask.inside]


@pytest.fixture(scope="module", params=["simulated", "real"])
def analysis(request):
    if request.param == "simulated":
        return Analysis(request.getfixturevalue("default_run"), "simulated_localizer", "fluency")
    return Analysis(request.getfixturevalue("emotion_regulation_run"), "emotion_regulation", "success")


def test_masks_are_identical(analysis):
    np.testing.assert_array_equal(np.asarray(analysis.model.masker_.mask_img_.dataobj) > 0, analysis.mask.inside)


def test_masked_smoothed_maps_are_identical(analysis):
    np.testing.assert_array_equal(np.load(analysis.results / "maps.npy"), analysis.maps)


@pytest.mark.parametrize("output", ["effect_size", "effect_variance", "stat", "z_score"])
def test_float64_fit_agrees(analysis, output):
    result = analysis.fitted
    ours = {
        "effect_size": result.effect,
        "effect_variance": result.variance,
        "stat": result.t,
        "z_score": z_from_t(result.t, result.df),
    }[output]
    theirs = analysis.theirs(output)
    # nilearn's z goes through p, and near p = 1/2 that leaves it few digits.
    relevant = np.abs(theirs) > 1e-6 * np.abs(theirs).max()
    np.testing.assert_allclose(ours[relevant], theirs[relevant], rtol=1e-5)


@pytest.mark.parametrize(
    ("stat", "output"), [("effect", "effect_size"), ("variance", "effect_variance"), ("t", "stat"), ("z", "z_score")]
)
def test_written_maps_agree(analysis, stat, output):
    theirs = analysis.theirs(output)
    np.testing.assert_allclose(analysis.ours(stat), theirs, rtol=1e-5, atol=1e-6 * np.abs(theirs).max())


def test_fdr_threshold_agrees(analysis):
    z = analysis.model.compute_contrast(analysis.contrast, output_type="z_score")
    _, theirs = threshold_stats_img(
        z, mask_img=analysis.model.masker_.mask_img_, alpha=0.05, height_control="fdr", two_sided=False
    )
    entries = json.loads((analysis.results / f"contrast-{analysis.contrast}_thresholds.json").read_text())
    (ours,) = (entry["threshold"] for entry in entries if entry["method"] == "fdr")
    if np.isinf(theirs):
        assert ours is None
    else:
        assert ours == pytest.approx(theirs, abs=1e-6)


def test_bonferroni_agrees(analysis):
    p = analysis.theirs("p_value")
    with np.errstate(divide="ignore"):
        theirs = np.maximum(0, -np.log10(p * analysis.mask.size))
    ours = analysis.ours("logp_desc-bonferroni")
    finite = np.isfinite(theirs)
    np.testing.assert_allclose(ours[finite], theirs[finite], rtol=1e-5, atol=1e-6)
    assert np.isfinite(ours).all()


def test_bonferroni_is_finite_where_nilearns_is_not():
    """A voxel that goes exactly with the score: nilearn's p is 0, and its -log10 p infinite."""
    rng = np.random.default_rng(0)
    design = np.column_stack([rng.normal(size=89), np.ones(89)])
    maps = design[:, :1] * np.ones(3) + 1e-9 * rng.normal(size=(89, 3))
    result = fit(maps, partition(design, [1, 0]))
    theirs = Contrast(result.effect[None], result.variance, dim=1, dof=87, stat_type="t").p_value()
    assert (theirs == 0).all()
    assert np.isfinite(z_from_t(result.t, 87)).all()


def test_observed_t_of_the_permutation_test_is_the_models(analysis):
    _, test = engine(analysis.design, [1, 0], "flip", Blocks.none(len(analysis.design)))
    ours = observed_statistics(np.load(analysis.results / "maps.npy"), test)
    np.testing.assert_allclose(ours, analysis.ours("t"), rtol=1e-6, atol=1e-6)
    summary = json.loads((analysis.results / f"contrast-{analysis.contrast}_desc-maxT_null.json").read_text())
    assert summary["observed_maximum"] == pytest.approx(analysis.ours("t").max(), rel=1e-5)


@pytest.mark.parametrize("scheme", ["flip", "permute"])
def test_null_is_distributed_as_nilearns(analysis, scheme):
    """nilearn flips signs where the design has an intercept column, and permutes where it has none."""
    count = 400
    confounds = {"confounding_vars": analysis.design[["intercept"]].to_numpy()} if scheme == "flip" else {}
    tested, maps = analysis.design[[analysis.contrast]].to_numpy(), analysis.maps[:, ::4]
    theirs = permuted_ols(
        tested, maps, n_perm=count, two_sided_test=False, random_state=1, output_type="dict", **confounds
    )
    blocks = Blocks.none(len(analysis.design))
    shuffles, test = engine(analysis.design, [1, 0], scheme, blocks, asked=count)
    (maxima,), _ = max_statistics(maps.astype(np.float32), [test], shuffles, range(n_blocks(count)))
    ours = maxima["maxT"]
    assert ours[0] == pytest.approx(theirs["t"].max(), rel=1e-5)
    assert stats.ks_2samp(ours[1:], theirs["h0_max_t"][0]).pvalue > 0.01


def test_cluster_extents_and_masses_agree(analysis):
    """Without the intercept among the confounds, nilearn permutes, as the workflow does here."""
    theirs = permuted_ols(
        analysis.design[[analysis.contrast]].to_numpy(),
        analysis.maps,
        n_perm=50,
        two_sided_test=False,
        random_state=1,
        masker=analysis.model.masker_,
        threshold=0.001,
        output_type="dict",
    )
    ours = pd.read_csv(analysis.results / f"contrast-{analysis.contrast}_null.tsv", sep="\t")
    for method, name in (("maxExtent", "size"), ("maxMass", "mass")):
        assert ours[method][0] == pytest.approx(theirs[name].max(), rel=1e-4)
        assert stats.ks_2samp(ours[method][1:], theirs[f"h0_max_{name}"][0]).pvalue > 0.01


def test_clusters_and_peaks_of_the_z_map_agree(analysis):
    thresholds = json.loads((analysis.results / f"contrast-{analysis.contrast}_thresholds.json").read_text())
    threshold = next(entry["threshold"] for entry in thresholds if entry["method"] == "fdr")
    table = pd.read_csv(analysis.results / f"contrast-{analysis.contrast}_desc-fdr_table.tsv", sep="\t")
    if threshold is None:
        assert len(table) == 0
        return
    z = nib.load(analysis.results / f"contrast-{analysis.contrast}_stat-z_statmap.nii.gz")
    # nilearn leaves out the voxel whose z is the threshold.
    theirs = get_clusters_table(z, threshold - 1e-5, two_sided=False, min_distance=8.0)
    theirs = theirs[pd.to_numeric(theirs["Cluster Size (mm3)"], errors="coerce").notna()]
    ours = table[table["peak"] == 1]
    np.testing.assert_allclose(ours[["x_mm", "y_mm", "z_mm"]], theirs[["X", "Y", "Z"]].astype(float))
    np.testing.assert_allclose(ours["z"], theirs["Peak Stat"].astype(float), rtol=1e-5)
    np.testing.assert_allclose(ours["mm3"], theirs["Cluster Size (mm3)"].astype(float), atol=1)
