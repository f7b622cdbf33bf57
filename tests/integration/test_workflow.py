"""The default analysis, run for real."""

import html
import json
import re
import shutil

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from conftest import DEFAULT, REPO, jobs_of, ran, snakemake
from secondlevel.space.images import Mask, read_image, read_map, write_image

RESULTS = "results/simulated_localizer"
NULL = f"{RESULTS}/contrast-fluency_null.tsv"
PERMUTED = [NULL] + [
    f"{RESULTS}/contrast-fluency_stat-{m}_statmap.nii.gz"
    for m in (
        "logp_desc-maxT",
        "logp_desc-maxMass",
        "logp_desc-maxTFCE",
        "tfce",
        "p_desc-permutation",
        "q_desc-permutation",
    )
]


@pytest.fixture
def copy_of_run(default_run, tmp_path):
    """A copy of the default run that a test may change, with the times of its files."""
    shutil.copytree(default_run, tmp_path / "run")
    return tmp_path / "run"


def with_settings(folder, **settings):
    """The arguments that add settings to the default config."""
    (folder / "settings.yaml").write_text(json.dumps(settings))
    return "--configfile", DEFAULT, folder / "settings.yaml"


def test_94_subjects_in_89_kept_and_five_left_out_by_name(default_run):
    table = pd.read_csv(default_run / "resources/simulated_localizer/sample.tsv", sep="\t")
    kept = pd.read_csv(default_run / RESULTS / "sample.tsv", sep="\t")
    excluded = pd.read_csv(default_run / RESULTS / "excluded.tsv", sep="\t")
    quality = pd.read_csv(default_run / RESULTS / "quality.tsv", sep="\t")
    assert (len(table), len(kept), len(quality)) == (94, 89, 94)
    assert list(excluded["participant_id"]) == ["S15", "S38", "S62", "S81", "S87"]
    assert set(excluded["reason"]) == {"missing value of pseudo"}
    assert sorted([*kept["participant_id"], *excluded["participant_id"]]) == sorted(table["participant_id"])
    design = pd.read_csv(default_run / RESULTS / "design.tsv", sep="\t")
    assert list(design) == ["participant_id", "fluency", "intercept"]
    assert list(design["fluency"]) == list(kept["pseudo"])
    log = (default_run / RESULTS / "logs/quality_check.log").read_text()
    assert "S15 is left out: missing value of pseudo" in log


def test_the_planted_association_is_found_and_nothing_far_from_it(default_run):
    truth = json.loads((default_run / "resources/simulated_localizer/truth.json").read_text())
    mask = Mask.read(default_run / RESULTS / "mask.nii.gz")
    places = nib.affines.apply_affine(mask.affine, np.argwhere(mask.inside))
    distance = np.linalg.norm(places - truth["centre_mm"], axis=1)

    t = read_map(default_run / RESULTS / "contrast-fluency_stat-t_statmap.nii.gz", mask)
    assert distance[t.argmax()] <= 6
    for corrected in ("bonferroni", "maxT", "maxExtent", "maxMass", "maxTFCE"):
        logp = read_map(default_run / RESULTS / f"contrast-fluency_stat-logp_desc-{corrected}_statmap.nii.gz", mask)
        found = logp > -np.log10(0.05)
        assert found.sum() > 50
        # Smoothing carries the effect a little past the planted radius.
        assert distance[found].max() <= truth["radius_mm"] + 5
    effect = read_map(default_run / RESULTS / "contrast-fluency_stat-effect_statmap.nii.gz", mask)
    assert effect[distance.argmin()] == pytest.approx(truth["slope"], rel=0.3)

    entries = json.loads((default_run / RESULTS / "contrast-fluency_thresholds.json").read_text())
    assert [entry["method"] for entry in entries] == ["fdr", "bonferroni", "uncorrected"]
    z = read_map(default_run / RESULTS / "contrast-fluency_stat-z_statmap.nii.gz", mask)
    for entry in entries:
        assert entry["voxels_above"] == (z > entry["threshold"]).sum()
        assert entry["voxels"] == mask.size


def test_the_planted_effect_is_one_cluster_in_every_table(default_run):
    truth = json.loads((default_run / "resources/simulated_localizer/truth.json").read_text())
    mask = Mask.read(default_run / RESULTS / "mask.nii.gz")
    for kind in ("fdr", "maxT", "clusters", "maxTFCE"):
        table = pd.read_csv(default_run / RESULTS / f"contrast-fluency_desc-{kind}_table.tsv", sep="\t")
        labels = read_map(default_run / RESULTS / f"contrast-fluency_desc-{kind}_dseg.nii.gz", mask)
        firsts = table[table["peak"] == 1]
        assert list(firsts["voxels"]) == [(labels == cluster).sum() for cluster in firsts["cluster"]]
        assert list(firsts["mm3"]) == list(27 * firsts["voxels"])
        p = "p_maxExtent" if kind == "clusters" else "p_maxTFCE"
        significant = firsts[firsts[p] <= 0.05]
        assert len(significant) == 1
        peak = significant.iloc[0]
        assert np.linalg.norm(peak[["x_mm", "y_mm", "z_mm"]].to_numpy(float) - truth["centre_mm"]) <= 6
        assert peak["voxels"] > 50
        voxel = np.flatnonzero(labels == peak["cluster"])
        t = read_map(default_run / RESULTS / "contrast-fluency_stat-t_statmap.nii.gz", mask)
        assert t[voxel].max() == t.max() == pytest.approx(peak["t"], rel=1e-5)
        assert peak["p_maxT"] == pytest.approx(1 / 1001, rel=1e-3)


def test_an_atlas_names_the_peaks_and_reruns_the_tables_only(copy_of_run):
    _, affine = read_image(copy_of_run / RESULTS / "mask.nii.gz")
    halves = np.where(np.arange(53)[:, None, None] < 26, 7, 8) * np.ones((1, 63, 46))  # x grows to the left here
    write_image(copy_of_run / "atlas.nii.gz", halves.astype(np.float32), affine)
    (copy_of_run / "atlas.tsv").write_text("index\tname\n7\tright half\n8\tleft half\n")
    settings = with_settings(copy_of_run, tables={"atlas": {"image": "atlas.nii.gz", "labels": "atlas.tsv"}})
    snakemake(copy_of_run, *settings)
    assert ran(copy_of_run) == {"all": 1, "cluster_tables": 1, "provenance": 1, "report": 1}
    table = pd.read_csv(copy_of_run / RESULTS / "contrast-fluency_desc-clusters_table.tsv", sep="\t")
    assert (table["label"] == np.where(table["x_mm"] > 0, "right half", "left half")).all()


def test_every_map_has_a_sidecar_and_every_figure_two_forms(default_run):
    maps = list((default_run / RESULTS).glob("*_statmap.nii.gz"))
    assert len(maps) == 18
    for path in maps:
        about = json.loads(path.with_name(path.name.replace(".nii.gz", ".json")).read_text())
        assert about["Description"]
        assert about["Units"]
    figures = {path.name for path in (default_run / RESULTS / "figures").glob("[!.]*")}
    assert len(figures) == 30
    assert all(name.replace(".png", ".svg") in figures for name in figures)


def test_a_second_run_has_nothing_to_do(default_run):
    assert "Nothing to be done" in snakemake(default_run)


def again(run, folder, chunks, cores, files):
    """Permute anew in a copy of a run, and compare what follows."""
    shutil.copytree(run, folder)
    config = next(folder.glob("mine.yaml"), DEFAULT)
    shuffles = "--set-scatter", f"permutations={chunks}", "--forcerun", "permute"
    snakemake(folder, "--configfile", config, *shuffles, "--", *files, cores=cores)
    for path in files:
        assert (folder / path).read_bytes() == (run / path).read_bytes()
        assert (folder / path).stat().st_mtime > (run / path).stat().st_mtime


def test_the_null_is_the_same_for_any_chunks_and_cores(default_run, tmp_path):
    again(default_run, tmp_path / "run", 8, 2, PERMUTED)


def test_the_null_of_a_small_study_is_that_of_one_chunk_on_one_core(small_run, tmp_path):
    files = [f"results/a/contrast-age_{name}" for name in ("null.tsv", "stat-logp_desc-maxTFCE_statmap.nii.gz")]
    again(small_run, tmp_path / "run", 1, 1, files)


def test_another_fdr_alpha_reruns_thresholds_and_figures_only(copy_of_run):
    alpha = {"fdr": 0.1, "fwe": 0.05, "uncorrected": 0.001}
    printed = snakemake(copy_of_run, "--dry-run", *with_settings(copy_of_run, alpha=alpha))
    made_again = ("all", "threshold", "cluster_tables", "model_figures", "provenance", "report")
    assert jobs_of(printed) == dict.fromkeys(made_again, 1)


def test_editing_a_core_file_reruns_the_rules_that_use_it(copy_of_run, tmp_path):
    """Which rules use which file is said in tests/unit/test_architecture.py; here Snakemake reruns those."""
    for part in ("Snakefile", "config", "workflow"):
        source = REPO / part
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tmp_path / part)
    core = tmp_path / "workflow" / "scripts" / "secondlevel"
    for silent in ("base/logs.py", "datasets/localizer.py"):
        (core / silent).write_text((core / silent).read_text() + "\n# edited\n")
    assert "Nothing to be done" in snakemake(copy_of_run, "--dry-run", snakefile=tmp_path / "Snakefile")
    (core / "figures/nulls.py").write_text((core / "figures/nulls.py").read_text() + "\n# edited\n")
    printed = snakemake(copy_of_run, "--dry-run", snakefile=tmp_path / "Snakefile")
    assert set(jobs_of(printed)) == {"permutation_figures", "provenance", "report", "all"}


def test_a_given_mask_is_used_and_must_be_on_the_grid_of_the_maps(copy_of_run):
    background, affine = read_image(copy_of_run / RESULTS / "mask.nii.gz")
    half = (background > 0) & (np.arange(53) < 26)[:, None, None]
    write_image(copy_of_run / "half.nii.gz", half.astype(np.uint8), affine)
    write_image(copy_of_run / "other.nii.gz", half.astype(np.uint8), affine + np.diag([0.5, 0, 0, 0]))
    masks = {"half": "half.nii.gz", "mni": "mni", "other": "other.nii.gz"}
    settings = with_settings(copy_of_run, analyses={name: {"mask": mask} for name, mask in masks.items()})
    files = [f"results/{name}/mask.nii.gz" for name in masks]
    printed = snakemake(copy_of_run, *settings, "--keep-going", "--", *files, fails=True)
    np.testing.assert_array_equal(Mask.read(copy_of_run / files[0]).inside, half)
    # The simulated maps fill this very brain.
    np.testing.assert_array_equal(Mask.read(copy_of_run / files[1]).inside, background > 0)
    assert "The mask other.nii.gz is not on the grid of the maps" in printed


PHRASES = {
    "association": "95 % confidence interval at each point",
    "bonferroni_map": "Bonferroni's correction assumes normal",
    "cluster_table": "The image dseg of the same name holds the clusters' numbers",
    "coverage": "Nothing can be found where there is no blue",
    "design": "(constant 1)",
    "excluded": "a header only means that nobody was left out",
    "glass": "all seen at once through a brain of glass",
    "highlight": "shows what the line cuts off",
    "map_quality": "correlation with the mean of all other maps, and the subject's leverage in the design",
    "montage": "axial slice of every analysed map",
    "null": "The null distribution behind the permutation map",
    "null_summary": "1000 permutations were asked for",
    "permutation_map": "from at most 1000 permutations (scheme auto, one-sided, for a positive effect)",
    "quality": "before smoothing and masking",
    "similarity": "outlier says which of them is beyond 3.5",
    "thresholds": "at a false discovery rate of 0.05; null means that none passes",
    "variables": "How the columns of the design that are not constant are distributed",
    "workflow": "planted at (9, -4, 10) mm",
    "z_map": "smoothed with a FWHM of 5.0 mm",
}


def test_snakemakes_report_has_every_caption(default_run, tmp_path):
    snakemake(default_run, "--report", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    text = html.unescape(re.sub("<[^>]*>", "", text.replace("\\n", " ")))
    text = " ".join(text.split())
    assert {path.stem for path in (REPO / "workflow" / "report").iterdir()} == set(PHRASES)
    assert [name for name, words in PHRASES.items() if words not in text] == []
