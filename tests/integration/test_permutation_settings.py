"""The permutation settings of the config, through the workflow."""

import json

import numpy as np
import pandas as pd
import pytest

from conftest import snakemake
from secondlevel.space.images import Mask, read_map
from study import config, people, write_maps, write_table

AGE = {"name": "age", "weights": "age"}
READING = {"name": "reading", "weights": "reading score"}
MEAN = {"name": "mean", "weights": "40 * age + 100 * `reading score` + intercept"}  # near the means of both
BOTH = {"name": "both", "weights": ["age", "`reading score`"]}


class Run:
    """The permutation test of a small study, with settings of its own."""

    def __init__(self, folder, fails=False, contrasts=(AGE,), design="age + `reading score`", permutation=(), **more):
        permutation = {"count": 199, "chunks": 2} | dict(permutation)
        more |= {"design": design, "contrasts": list(contrasts), "permutation": permutation}
        self.results = folder / "results" / "a"
        across = "stat-logp_desc-maxTcontrasts_statmap.nii.gz" if "across_contrasts" in permutation else None
        ends = filter(None, (across, "desc-maxT_null.json", "stat-z_statmap.nii.gz"))
        files = [f"results/a/contrast-{contrast['name']}_{end}" for end in ends for contrast in contrasts]
        self.printed = snakemake(folder, *config(folder, **more), "--", *files, fails=fails)

    def null(self, contrast):
        return json.loads((self.results / f"contrast-{contrast}_desc-maxT_null.json").read_text())

    def map(self, contrast, stat):
        mask = Mask.read(self.results / "mask.nii.gz")
        return read_map(self.results / f"contrast-{contrast}_stat-{stat}_statmap.nii.gz", mask)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for several analyses of the same maps, one after the other."""
    folder = tmp_path_factory.mktemp("permutation")
    write_table(folder / "participants.tsv", people())
    write_maps(folder, people())
    return folder


def test_each_contrast_has_the_scheme_that_suits_it(folder):
    run = Run(folder, contrasts=[AGE, MEAN, BOTH], two_sided=True, tfce={"statistic": "z"})
    assert (run.map("age", "tfce") < 0).any()
    assert (run.map("both", "tfce") >= 0).all()
    tested = {name: run.null(name) for name in ("age", "mean", "both")}
    assert {name: null["scheme"] for name, null in tested.items()} == {
        "age": "permute",
        "mean": "flip",
        "both": "permute",
    }
    assert {name: null["statistic"]["name"] for name, null in tested.items()} == {"age": "t", "mean": "t", "both": "F"}
    assert {name: null["two_sided"] for name, null in tested.items()} == {"age": True, "mean": True, "both": False}
    assert tested["both"]["observed_maximum"] == pytest.approx(run.map("both", "F").max(), rel=1e-5)
    assert tested["mean"]["observed_maximum"] == pytest.approx(np.abs(run.map("mean", "t")).max(), rel=1e-5)
    assert tested["mean"]["voxels_above"] > 0  # the mean of every map is 1
    for name in tested:
        p, q = run.map(name, "p_desc-permutation"), run.map(name, "q_desc-permutation")
        assert p.min() >= 1 / 200
        assert (q >= p - 1e-12).all()
        null = pd.read_csv(run.results / f"contrast-{name}_null.tsv", sep="\t")
        assert list(null["shuffle"]) == list(range(200))
        expected = (1 + (null["maxT"][1:] >= tested[name]["observed_maximum"] - 1e-4).sum()) / 200
        assert tested[name]["p_of_observed_maximum"] == pytest.approx(expected)


def test_correction_across_contrasts_is_stricter_and_a_fitted_tail_is_told(folder):
    tail = {"across_contrasts": True, "scheme": "flip", "tail": True, "count": 499}
    run = Run(folder, contrasts=[AGE, READING, MEAN], permutation=tail)
    for name in ("age", "reading", "mean"):
        alone, across = run.map(name, "logp_desc-maxT"), run.map(name, "logp_desc-maxTcontrasts")
        assert (across <= alone + 1e-6).all()
        assert (across < alone - 1e-6).any()
    # Wherever p goes below what can be counted, the tail is told.
    null = run.null("mean")
    assert null["tail"]["n"] >= 50
    assert null["tail"]["p_of_fit"] > 0.05
    extrapolated = (run.map("mean", "logp_desc-maxT") > np.log10(500) + 1e-6).sum()
    assert extrapolated > 0
    assert any(f"The p values of {extrapolated} voxels are below 1/500" in warning for warning in null["warnings"])
    about = json.loads((run.results / "contrast-mean_stat-logp_desc-maxT_statmap.json").read_text())
    assert about["PermutationTest"]["tail"] == null["tail"]
    printed = Run(folder, contrasts=[AGE, MEAN], permutation={"across_contrasts": True}, fails=True).printed
    assert "cannot be corrected together; set one permutation.scheme for all" in printed
    assert "Traceback" not in printed


def test_blocks_and_groups_with_variances_of_their_own(folder):
    within = {"variable": "site", "shuffle": "within"}
    run = Run(folder, permutation={"blocks": within, "statistic": {"welch": "site"}})
    null = run.null("age")
    assert null["statistic"]["name"] == "v"
    assert null["blocks"] == {"number": 3, "whole": False}
    assert null["observed_maximum"] == pytest.approx(run.map("age", "welch").max(), rel=1e-6)
    assert not np.allclose(run.map("age", "welch"), run.map("age", "t"))


def test_pseudo_t(folder):
    settings = {"clusters": {"threshold": "t > 2"}, "tfce": {"connectivity": 26}}
    run = Run(folder, permutation={"statistic": {"pseudo_t": 10}}, **settings)
    null = pd.read_csv(run.results / "contrast-age_null.tsv", sep="\t")
    assert list(null) == ["shuffle", "maxT", "maxExtent", "maxMass", "maxTFCE"]
    assert null["maxTFCE"][0] == pytest.approx(run.map("age", "tfce").max(), rel=1e-6)
    assert run.null("age")["statistic"]["name"] == "pseudo-t"
    pseudo, t = run.map("age", "pseudot"), run.map("age", "t")
    assert np.corrcoef(pseudo, t)[0, 1] > 0.8
    # A smoother variance spares t from voxels where the variance is small by chance.
    assert pseudo.std() < t.std()


def test_all_shuffles_of_a_small_sample_are_enumerated_and_told(folder):
    others = [subject for number, subject in enumerate(people()["participant_id"]) if number >= 8]
    small = {"exclude": others, "design": "1", "contrasts": [{"name": "mean", "weights": "intercept"}]}
    alpha = {"fdr": 0.05, "fwe": 0.001, "uncorrected": 0.001}
    null = Run(folder, permutation={"count": 1000}, alpha=alpha, **small).null("mean")
    assert (null["exhaustive"], null["permutations"], null["distinct_permutations"]) == (True, 255, 256)
    assert null["interval_of_p_of_observed_maximum"] is None
    assert null["threshold"] is None
    assert null["warnings"] == [
        "255 permutations are all there are and allow no p value below 0.00391, so nothing can pass the error rate of "
        "0.001."
    ]


def test_settings_that_cannot_work_with_the_data_end_in_one_sentence(folder):
    alone = {"permutation": {"blocks": {"variable": "participant_id", "shuffle": "within"}}}
    absent = {"permutation": {"blocks": {"variable": "famly", "shuffle": "within"}}}
    mean = {"design": "1", "contrasts": [{"name": "age", "weights": "intercept"}]}
    analyses = {"alone": alone, "absent": absent, "mean": mean | {"permutation": {"scheme": "permute"}}}
    shared = {"design": "age", "contrasts": [AGE], "permutation": {"count": 199, "chunks": 1}}
    files = [f"results/{name}/permutation/null.npz" for name in analyses]
    settings = config(folder, analyses=analyses, **shared)
    printed = snakemake(folder, *settings, "--keep-going", "--", *files, fails=True)
    wrong = {"absent": "has no column 'famly'", "alone": "allows no shuffle but", "mean": "allows no shuffle but"}
    for name, words in wrong.items():
        assert words in "".join(path.read_text() for path in (folder / "results" / name / "logs").glob("*.log"))
        # Each is told at the end, once, with its log.
        assert f"Log: results/{name}/logs/" in printed
        assert words in printed
    assert printed.count("Error: ") == 3
    assert "Traceback" not in printed
