"""The default analysis, run for real."""

import html
import json
import re
import shutil

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from conftest import DEFAULT, REPO, jobs_of, ran, same_results, snakemake
from secondlevel.base.files import read_json
from secondlevel.space.brain import brain_mask
from secondlevel.space.images import read_image, write_image
from secondlevel.space.kinds.volume import Mask
from viewed import viewer_data

RESULTS = "results/simulated_localizer"


@pytest.fixture
def copy_of_run(default_run, tmp_path):
    """A copy of the default run that a test may change, with the times of its files."""
    shutil.copytree(default_run, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def copy_of_small_run(small_run, tmp_path):
    """The same of the small study."""
    shutil.copytree(small_run, tmp_path / "run")
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
    mask = Mask.load(default_run / RESULTS / "mask.nii.gz")
    places = nib.affines.apply_affine(mask.affine, np.argwhere(mask.inside))
    distance = np.linalg.norm(places - truth["centre_mm"], axis=1)

    t = mask.read(default_run / RESULTS / "contrast-fluency_stat-t_statmap.nii.gz")
    assert distance[t.argmax()] <= 6
    for corrected in ("bonferroni", "maxT", "maxExtent", "maxMass", "maxTFCE"):
        logp = mask.read(default_run / RESULTS / f"contrast-fluency_stat-logp_desc-{corrected}_statmap.nii.gz")
        found = logp > -np.log10(0.05)
        assert found.sum() > 50
        # Smoothing carries the effect a little past the planted radius.
        assert distance[found].max() <= truth["radius_mm"] + 5
    effect = mask.read(default_run / RESULTS / "contrast-fluency_stat-effect_statmap.nii.gz")
    assert effect[distance.argmin()] == pytest.approx(truth["slope"], rel=0.3)

    entries = json.loads((default_run / RESULTS / "contrast-fluency_thresholds.json").read_text())
    assert [entry["method"] for entry in entries] == ["fdr", "bonferroni", "uncorrected"]
    z = mask.read(default_run / RESULTS / "contrast-fluency_stat-z_statmap.nii.gz")
    for entry in entries:
        assert entry["voxels_above"] == (z > entry["threshold"]).sum()
        assert entry["voxels"] == mask.size


def test_the_planted_effect_is_one_cluster_in_every_table(default_run):
    truth = json.loads((default_run / "resources/simulated_localizer/truth.json").read_text())
    mask = Mask.load(default_run / RESULTS / "mask.nii.gz")
    for kind in ("fdr", "maxT", "clusters", "maxTFCE"):
        table = pd.read_csv(default_run / RESULTS / f"contrast-fluency_desc-{kind}_table.tsv", sep="\t")
        labels = mask.read(default_run / RESULTS / f"contrast-fluency_desc-{kind}_dseg.nii.gz")
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
        t = mask.read(default_run / RESULTS / "contrast-fluency_stat-t_statmap.nii.gz")
        assert t[voxel].max() == t.max() == pytest.approx(peak["t"], rel=1e-5)
        assert peak["p_maxT"] == pytest.approx(1 / 1001, rel=1e-3)
        effect = mask.read(default_run / RESULTS / "contrast-fluency_stat-effect_statmap.nii.gz")
        assert peak["effect"] == pytest.approx(effect[voxel[t[voxel].argmax()]], rel=1e-5)
        about = read_json(default_run / RESULTS / f"contrast-fluency_desc-{kind}_table.json")
        assert list(about) == list(table)


def test_z_is_kept_where_a_correction_passes(default_run):
    results, mask = default_run / RESULTS, Mask.load(default_run / RESULTS / "mask.nii.gz")
    z = mask.read(results / "contrast-fluency_stat-z_statmap.nii.gz")
    p = mask.read(results / "contrast-fluency_stat-p_statmap.nii.gz")
    corrected = {"fdr": false_discovery_control(p) < 0.05, "bonferroni": p * mask.size < 0.05}
    null = pd.read_csv(results / "contrast-fluency_null.tsv", sep="\t")
    for method in ("maxT", "maxExtent", "maxMass", "maxTFCE"):
        logp = mask.read(results / f"contrast-fluency_stat-logp_desc-{method}_statmap.nii.gz")
        # p values are counts of the null's rows, so that rounding cannot be mistaken for one more or less.
        corrected[method] = np.rint(10**-logp * len(null)) <= 0.05 * len(null)
    for method, passes in corrected.items():
        path = results / f"contrast-fluency_stat-z_desc-{method}_statmap.nii.gz"
        np.testing.assert_array_equal(mask.read(path), np.where(passes, z, 0))
        about = read_json(str(path).replace(".nii.gz", ".json"))
        assert about["VoxelsAbove"] == passes.sum() > 0
        assert about["ErrorRate"] == 0.05


def test_headers_of_all_images_say_where_they_lie_and_what_they_hold(default_run):
    results = default_run / RESULTS
    paths = sorted(results.glob("*.nii.gz"))
    names = [path.name.removesuffix(".nii.gz").removeprefix("contrast-fluency_") for path in paths]
    headers = dict(zip(names, (nib.load(path).header for path in paths), strict=True))
    assert {(int(header["qform_code"]), int(header["sform_code"])) for header in headers.values()} == {(0, 4)}
    intents = {"t": ("t test", (87,)), "z": ("z score", ()), "p": ("p value", ()), "r": ("correlation", (87,))}
    for stat, (kind, df) in intents.items():
        assert headers[f"stat-{stat}_statmap"].get_intent() == (kind, df, stat)
    assert headers["stat-logp_desc-maxT_statmap"].get_intent() == ("log10 p value", (), "maxT")
    assert headers["stat-z_desc-fdr_statmap"].get_intent() == ("z score", (), "fdr")
    assert headers["desc-fdr_dseg"].get_intent()[0] == "label"
    for path, header in zip(paths, headers.values(), strict=True):
        if path.name != "standard_brain.nii.gz":
            assert header["cal_max"] == np.abs(np.asarray(nib.load(path).dataobj)).max().astype(np.float32)


def test_an_atlas_names_the_peaks_and_reruns_the_tables_only(copy_of_run):
    _, affine = read_image(copy_of_run / RESULTS / "mask.nii.gz")
    halves = np.where(np.arange(53)[:, None, None] < 26, 7, 8) * np.ones((1, 63, 46))  # x grows to the left here
    write_image(copy_of_run / "atlas.nii.gz", halves.astype(np.float32), affine)
    (copy_of_run / "atlas.tsv").write_text("index\tname\n7\tright half\n8\tleft half\n")
    settings = with_settings(copy_of_run, tables={"atlas": {"image": "atlas.nii.gz", "labels": "atlas.tsv"}})
    snakemake(copy_of_run, *settings)
    assert ran(copy_of_run) == {"all": 1, "check_atlas": 1, "cluster_tables": 1, "provenance": 1, "report": 1}
    table = pd.read_csv(copy_of_run / RESULTS / "contrast-fluency_desc-clusters_table.tsv", sep="\t")
    assert (table["label"] == np.where(table["x_mm"] > 0, "right half", "left half")).all()
    assert viewer_data(copy_of_run / RESULTS / "report.html")["places"]["names"] == ["", "right half", "left half"]


def test_every_map_has_a_sidecar_and_every_figure_the_forms_that_are_asked_for(default_run, small_run):
    maps = list((default_run / RESULTS).glob("*_statmap.nii.gz"))
    assert len(maps) == 26
    for path in maps:
        about = json.loads(path.with_name(path.name.replace(".nii.gz", ".json")).read_text())
        assert about["Description"]
        assert about["Units"]
    forms = figures_of(default_run / RESULTS)
    assert len(forms) == 14
    assert forms.pop("quality") == {".png", ".svg"}
    assert set(map(frozenset, forms.values())) == {frozenset([".png"])}
    assert set(map(frozenset, figures_of(small_run / "results/a").values())) == {frozenset([".png", ".svg"])}


def figures_of(results):
    """The forms of each figure in a folder of results, by its name."""
    found = {}
    for path in (results / "figures").glob("[!.]*"):
        found.setdefault(path.stem, set()).add(path.suffix)
    return found


def test_a_second_run_has_nothing_to_do(default_run):
    assert "Nothing to be done" in snakemake(default_run)


def test_the_null_is_the_same_for_any_chunks_and_cores(small_run, copy_of_small_run):
    """Of many tiles, threads and chunks says tests/unit/permutation/test_engine.py the same."""
    ends = ("null.tsv", *(f"stat-{map}_statmap.nii.gz" for map in ("logp_desc-maxTFCE", "tfce", "p_desc-permutation")))
    files = [f"results/a/contrast-age_{end}" for end in ends]
    settings = ("--configfile", copy_of_small_run / "mine.yaml")
    one = ("--set-scatter", "permutations=1", "--forcerun", "permute")
    snakemake(copy_of_small_run, *settings, *one, "--", *files, cores=1)
    assert ran(copy_of_small_run) == {"permute": 1, "reduce_null": 1, "correct": 1}
    same_results(copy_of_small_run, small_run)
    assert all((copy_of_small_run / f).stat().st_mtime > (small_run / f).stat().st_mtime for f in files)


def test_results_that_have_gone_are_made_again_by_their_jobs(copy_of_small_run):
    """Whatever of a job's files is not there: one that no rule asks for, one of several, or all of them."""
    results, settings = copy_of_small_run / "results/a", ("--configfile", copy_of_small_run / "mine.yaml", "--dry-run")
    last = dict.fromkeys(("provenance", "report", "all"), 1)
    content = (results / ".bidsignore").read_bytes()
    for path in (results / ".bidsignore", *results.glob("figures/design.*")):
        path.unlink()
    assert jobs_of(snakemake(copy_of_small_run, *settings)) == last | {"describe": 1, "sample_figures": 1}
    (results / ".bidsignore").write_bytes(content)
    (results / "provenance.json").unlink()
    (results / "figures/contrast-age_null.png").unlink()
    jobs = jobs_of(snakemake(copy_of_small_run, *settings))
    assert jobs == last | {"sample_figures": 1, "permutation_figures": 1}


def test_another_fdr_alpha_reruns_thresholds_and_figures_only(copy_of_run):
    alpha = {"fdr": 0.1, "fwe": 0.05, "uncorrected": 0.001}
    printed = snakemake(copy_of_run, "--dry-run", *with_settings(copy_of_run, alpha=alpha))
    made_again = ("all", "threshold", "cluster_tables", "model_figures", "describe", "provenance", "report")
    assert jobs_of(printed) == dict.fromkeys(made_again, 1)


def test_editing_a_core_file_reruns_the_rules_that_use_it(copy_of_small_run, tmp_path):
    """Which rules use which file is said in tests/unit/test_architecture.py; here Snakemake reruns those."""
    for part in ("Snakefile", "config", "workflow"):
        source = REPO / part
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tmp_path / part)
    core = tmp_path / "workflow" / "scripts" / "secondlevel"
    call = {"snakefile": tmp_path / "Snakefile"}
    settings = ("--configfile", copy_of_small_run / "mine.yaml", "--dry-run")
    for silent in ("base/logs.py", "datasets/localizer.py"):
        (core / silent).write_text((core / silent).read_text() + "\n# edited\n")
    assert "Nothing to be done" in snakemake(copy_of_small_run, *settings, **call)
    (core / "figures/nulls.py").write_text((core / "figures/nulls.py").read_text() + "\n# edited\n")
    printed = snakemake(copy_of_small_run, *settings, **call)
    assert set(jobs_of(printed)) == {"permutation_figures", "provenance", "report", "all"}


def test_a_given_mask_or_the_standard_brain_is_what_is_analysed(copy_of_small_run):
    """That it must be on the grid of the maps is told in tests/integration/test_wrong_input.py."""
    background, affine = read_image(copy_of_small_run / "results/a/mask.nii.gz")
    half = (background > 0) & (np.arange(len(background)) < 5)[:, None, None]
    write_image(copy_of_small_run / "half.nii.gz", half.astype(np.uint8), affine)
    analyses = {"half": {"mask": "half.nii.gz"}, "mni": {"mask": "mni"}}
    (copy_of_small_run / "masks.json").write_text(json.dumps({"analyses": analyses}))
    settings = ("--configfile", copy_of_small_run / "mine.yaml", copy_of_small_run / "masks.json")
    files = [f"results/{name}/mask.nii.gz" for name in analyses]
    snakemake(copy_of_small_run, *settings, "--", *files)
    found = [Mask.load(copy_of_small_run / path).inside for path in files]
    np.testing.assert_array_equal(found[0], half)
    np.testing.assert_array_equal(found[1], (background > 0) & brain_mask(affine, background.shape))
    proposed = read_json(copy_of_small_run / "results/mni/mask.json")["VoxelsProposed"]
    assert proposed == brain_mask(affine, background.shape).sum()


PHRASES = {
    "association": "95 % confidence interval at each point",
    "bonferroni_map": "Bonferroni's correction assumes normal",
    "characteristics": "All numbers are as the table has them",
    "cluster_table": "The image dseg of the same name holds the clusters' numbers",
    "coverage": "Nothing can be found where there is no blue",
    "design": "(constant 1)",
    "discoveries": "no bound of any set of voxels is above the truth",
    "excluded": "a header only means that nobody was left out",
    "glass": "all seen at once through a brain of glass",
    "highlight": "shows what the line cuts off",
    "map_quality": "correlation with the mean of all other maps, and the subject's leverage in the design",
    "montage": "axial slice of every analysed map",
    "null": "The null distribution behind the permutation map",
    "null_summary": "1000 permutations were asked for",
    "page": "a viewer of the maps",
    "permutation_map": "from at most 1000 permutations (one-sided, for a positive effect)",
    "quality": "before smoothing and masking",
    "regions": "not that nothing is there",
    "residual_sd": "the colours end at its 99th percentile",
    "similarity": "outlier says which of them is beyond 3.5",
    "thresholds": "at a false discovery rate of 0.05; null means that none passes",
    "variables": "How the variables of the design are distributed",
    "workflow": "planted at (9, -4, 10) mm",
    "z_map": "smoothed with a FWHM of 5.0 mm",
}


def test_snakemakes_report_has_every_caption(default_run, tmp_path):
    snakemake(default_run, "--report", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    start = text.index("var results = {") + len("var results = ")
    found, _ = json.JSONDecoder().raw_decode(text[start:])
    titles = [entry["labels"]["result"] for entry in found.values()]
    assert len(set(titles)) == len(titles) > 20  # one contrast: no two results are called the same
    whole_maps = "-log10 p: permutation, cluster extent, cluster mass, TFCE"
    assert {"Report of the analysis", "Glass brain", whole_maps} < set(titles)
    assert not [title for title in titles if "/" in title or "." in title]
    pages = [entry for entry in found.values() if entry["mime_type"] == "text/html"]
    assert [page["name"] for page in pages] == ["report.html"]
    text = html.unescape(re.sub("<[^>]*>", "", text.replace("\\n", " ")))
    text = " ".join(text.split())
    # Of values of some subjects only where coverage is asked for.
    assert {path.stem for path in (REPO / "workflow" / "report").iterdir()} - {"values"} == set(PHRASES)
    assert [name for name, words in PHRASES.items() if words not in text] == []
