"""The permutation settings of the config, through the workflow."""

import json

import numpy as np
import pandas as pd
import pytest

from conftest import snakemake
from secondlevel.space.images import Mask, read_map

COLUMNS = [
    {"column": "fluency", "variable": "pseudo"},
    {"column": "age", "variable": "age"},
    {"column": "intercept", "constant": 1},
]
FLUENCY = {"name": "fluency", "weights": "fluency"}
AGE = {"name": "age", "weights": "age"}
MEAN = {"name": "mean", "weights": "17.7 * fluency + 24.5 * age + intercept"}  # at the means of both
ONLY_MEAN = {"name": "mean", "weights": "intercept"}
BOTH = {"name": "both", "weights": ["fluency", "age"]}


class Run:
    """The permutation test of the first subjects of the simulated Localizer, with settings of its own."""

    def __init__(self, folder, fails=False, subjects=24, contrasts=(FLUENCY,), design=COLUMNS, permutation=(), **more):
        settings = {"analysis": "a", "design": list(design), "contrasts": list(contrasts)}
        settings |= {"clusters": None, "tfce": None} | more
        settings["permutation"] = {"count": 199, "chunks": 2} | dict(permutation)
        settings["datasets"] = {"simulated_localizer": {"subjects": subjects}}
        (folder / "settings.yaml").write_text(json.dumps(settings))
        self.results = folder / "results" / "a"
        last = (
            "stat-logp_desc-maxTcontrasts_statmap.nii.gz"
            if "across_contrasts" in permutation
            else "desc-maxT_null.json"
        )
        ends = (last, "desc-maxT_null.json", "stat-z_statmap.nii.gz")
        files = [f"results/a/contrast-{contrast['name']}_{end}" for contrast in contrasts for end in ends]
        self.printed = snakemake(folder, "--configfile", folder / "settings.yaml", "--", *files, fails=fails)

    def null(self, contrast):
        return json.loads((self.results / f"contrast-{contrast}_desc-maxT_null.json").read_text())

    def map(self, contrast, stat):
        mask = Mask.read(self.results / "mask.nii.gz")
        return read_map(self.results / f"contrast-{contrast}_stat-{stat}_statmap.nii.gz", mask)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for several analyses of the same maps, one after the other."""
    return tmp_path_factory.mktemp("permutation")


def test_each_contrast_has_the_scheme_that_suits_it(folder):
    run = Run(folder, contrasts=[FLUENCY, MEAN, BOTH], two_sided=True, tfce={"statistic": "z"})
    assert (run.map("fluency", "tfce") < 0).any()
    assert (run.map("both", "tfce") >= 0).all()
    tested = {name: run.null(name) for name in ("fluency", "mean", "both")}
    assert {name: null["scheme"] for name, null in tested.items()} == {
        "fluency": "permute",
        "mean": "flip",
        "both": "permute",
    }
    assert {name: null["statistic"]["name"] for name, null in tested.items()} == {
        "fluency": "t",
        "mean": "t",
        "both": "F",
    }
    assert {name: null["two_sided"] for name, null in tested.items()} == {"fluency": True, "mean": True, "both": False}
    assert tested["both"]["observed_maximum"] == pytest.approx(run.map("both", "F").max(), rel=1e-5)
    assert tested["mean"]["observed_maximum"] == pytest.approx(np.abs(run.map("mean", "t")).max(), rel=1e-5)
    # The response to the button press is in everybody; it is found in motor cortex.
    assert tested["mean"]["voxels_above"] > 0
    for name in tested:
        p, q = run.map(name, "p_desc-permutation"), run.map(name, "q_desc-permutation")
        assert p.min() >= 1 / 200
        assert (q >= p - 1e-12).all()
        null = pd.read_csv(run.results / f"contrast-{name}_null.tsv", sep="\t")
        assert list(null["shuffle"]) == list(range(200))
        expected = (1 + (null["maxT"][1:] >= tested[name]["observed_maximum"] - 1e-4).sum()) / 200
        assert tested[name]["p_of_observed_maximum"] == pytest.approx(expected)


def test_correction_across_contrasts_is_stricter_than_that_of_each(folder):
    run = Run(folder, contrasts=[FLUENCY, AGE, BOTH], permutation={"across_contrasts": True})
    for name in ("fluency", "age", "both"):
        alone, across = run.map(name, "logp_desc-maxT"), run.map(name, "logp_desc-maxTcontrasts")
        assert (across <= alone + 1e-6).all()
        assert (across < alone - 1e-6).any()
    printed = Run(folder, contrasts=[FLUENCY, MEAN], permutation={"across_contrasts": True}, fails=True).printed
    assert "cannot be corrected together; set one permutation.scheme for all" in printed
    assert "Traceback" not in printed


def test_blocks_and_variance_groups(folder):
    run = Run(folder, permutation={"blocks": {"variable": "site", "shuffle": "within"}, "variance_groups": "site"})
    null = run.null("fluency")
    assert null["statistic"]["name"] == "v"
    assert null["blocks"] == {"number": 2, "whole": False}
    assert null["observed_maximum"] == pytest.approx(run.map("fluency", "welch").max(), rel=1e-6)
    assert not np.allclose(run.map("fluency", "welch"), run.map("fluency", "t"))


def test_pseudo_t(folder):
    run = Run(folder, permutation={"variance_fwhm": 10}, clusters={"threshold": "t > 3"}, tfce={"connectivity": 26})
    null = pd.read_csv(run.results / "contrast-fluency_null.tsv", sep="\t")
    assert list(null) == ["shuffle", "maxT", "maxExtent", "maxMass", "maxTFCE"]
    assert null["maxTFCE"][0] == pytest.approx(run.map("fluency", "tfce").max(), rel=1e-6)
    assert run.null("fluency")["statistic"]["name"] == "pseudo-t"
    pseudo, t = run.map("fluency", "pseudot"), run.map("fluency", "t")
    assert np.corrcoef(pseudo, t)[0, 1] > 0.8
    # A smoother variance spares t from voxels where the variance is small by chance.
    assert pseudo.std() < t.std()


def test_a_fitted_tail_is_told_wherever_it_goes_below_what_can_be_counted(folder):
    run = Run(folder, subjects=70, contrasts=[MEAN], permutation={"tail": True, "count": 499})
    null = run.null("mean")
    assert null["tail"]["n"] >= 50
    assert null["tail"]["p_of_fit"] > 0.05
    extrapolated = (run.map("mean", "logp_desc-maxT") > np.log10(500) + 1e-6).sum()
    assert extrapolated > 0
    assert any(f"The p values of {extrapolated} voxels are below 1/500" in warning for warning in null["warnings"])
    about = json.loads((run.results / "contrast-mean_stat-logp_desc-maxT_statmap.json").read_text())
    assert about["PermutationTest"]["tail"] == null["tail"]


def test_all_shuffles_of_a_small_sample_are_enumerated_and_told(folder):
    small = {"subjects": 8, "design": COLUMNS[2:], "contrasts": [ONLY_MEAN]}
    assert not Run(folder, **small).null("mean")["exhaustive"]
    alpha = {"fdr": 0.05, "fwe": 0.001, "uncorrected": 0.001}
    null = Run(folder, permutation={"count": 1000}, alpha=alpha, **small).null("mean")
    assert (null["exhaustive"], null["permutations"], null["distinct_permutations"]) == (True, 255, 256)
    assert null["interval_of_p_of_observed_maximum"] is None
    assert null["threshold"] is None
    assert null["warnings"] == [
        "255 permutations are all there are and allow no p value below 0.00391, so nothing can pass the error rate of "
        "0.001."
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"permutation": {"blocks": {"variable": "participant_id", "shuffle": "within"}}}, "allows no shuffle"),
        ({"permutation": {"blocks": {"variable": "famly", "shuffle": "within"}}}, "has no column 'famly'"),
        ({"design": COLUMNS[2:], "contrasts": [ONLY_MEAN], "permutation": {"scheme": "permute"}}, "allows no shuffle"),
        ({"permutation": {"variance_groups": "site", "variance_fwhm": 5}}, "not both"),
        ({"contrasts": [BOTH], "permutation": {"variance_fwhm": 5}}, "pseudo-t has no F"),
        ({"permutation": {"blocks": {"variable": "site"}}}, "config key 'permutation.blocks' lacks the key 'shuffle'"),
    ],
)
def test_settings_that_cannot_work_end_in_one_sentence(folder, settings, words):
    printed = Run(folder, fails=True, **settings).printed
    assert words in printed
    assert "Traceback" not in printed
