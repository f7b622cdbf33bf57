"""The permutation settings of the config, through the workflow to its results."""

import json

import numpy as np
import pandas as pd
import pytest

from conftest import snakemake
from secondlevel.space.kinds.volume import Mask
from study import config, people, write_maps, write_table

AGE = {"name": "age", "weights": "age"}
MEAN = {"name": "mean", "weights": "40 * age + 100 * `reading score` + intercept"}  # near the means of both
BOTH = {"name": "both", "weights": ["age", "`reading score`"]}
# The ends of the names of files that are asked for.
NULL, T, ACROSS = "desc-maxT_null.json", "stat-t_statmap.nii.gz", "stat-logp_desc-maxTcontrasts_statmap.nii.gz"


def settings(folder, contrasts, permutation, **more):
    """The arguments that name a config in which these differ from the usual."""
    permutation = {"count": 199, "chunks": 1} | dict(permutation)
    usual = {"design": "age + `reading score`", "contrasts": contrasts, "permutation": permutation}
    return config(folder, **usual | more)


class Run:
    """The permutation test of a small study, with settings of its own."""

    def __init__(self, folder, *ends, contrasts=(AGE,), permutation=(), **more):
        self.results = folder / "results" / "a"
        files = [f"results/a/contrast-{contrast['name']}_{end}" for end in ends for contrast in contrasts]
        snakemake(folder, *settings(folder, contrasts, permutation, **more), "--", *files)

    def null(self, contrast):
        return json.loads((self.results / f"contrast-{contrast}_desc-maxT_null.json").read_text())

    def shuffles(self, contrast):
        return pd.read_csv(self.results / f"contrast-{contrast}_null.tsv", sep="\t")

    def map(self, contrast, stat):
        mask = Mask.load(self.results / "mask.nii.gz")
        return mask.read(self.results / f"contrast-{contrast}_stat-{stat}_statmap.nii.gz")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for several analyses of the same maps, one after the other."""
    folder = tmp_path_factory.mktemp("permutation")
    write_table(folder / "participants.tsv", people())
    write_maps(folder, people())
    return folder


def test_contrasts_of_both_kinds_are_corrected_together_with_a_fitted_tail(folder):
    permutation = {"across_contrasts": True, "scheme": "flip", "tail": True, "count": 499}
    more = {"two_sided": True, "tfce": {"statistic": "z"}}
    run = Run(folder, NULL, ACROSS, contrasts=[AGE, MEAN, BOTH], permutation=permutation, **more)
    assert (run.map("age", "tfce") < 0).any()
    assert (run.map("both", "tfce") >= 0).all()
    tested = {name: run.null(name) for name in ("age", "mean", "both")}
    assert [null["statistic"]["name"] for null in tested.values()] == ["t", "t", "F"]
    assert [null["two_sided"] for null in tested.values()] == [True, True, False]
    assert {null["scheme"] for null in tested.values()} == {"flip"}
    assert tested["mean"]["voxels_above"] > 0  # the mean of every map is 1
    for name in tested:
        alone, across = run.map(name, "logp_desc-maxT"), run.map(name, "logp_desc-maxTcontrasts")
        assert (across <= alone + 1e-6).all()
        assert (across < alone - 1e-6).any()
        p, q = run.map(name, "p_desc-permutation"), run.map(name, "q_desc-permutation")
        assert p.min() >= 1 / 500
        assert (q >= p - 1e-12).all()
        assert list(run.shuffles(name)["shuffle"]) == list(range(500))
    # Wherever p goes below what can be counted, the tail is told.
    null = tested["mean"]
    assert null["tail"]["n"] >= 50
    assert null["tail"]["p_of_fit"] > 0.05
    extrapolated = (np.abs(run.map("mean", "logp_desc-maxT")) > np.log10(500) + 1e-6).sum()
    assert extrapolated > 0
    assert any(f"The p values of {extrapolated} voxels are below 1/500" in warning for warning in null["warnings"])
    about = json.loads((run.results / "contrast-mean_stat-logp_desc-maxT_statmap.json").read_text())
    assert about["PermutationTest"]["tail"] == null["tail"]


def test_blocks_and_groups_with_variances_of_their_own(folder):
    permutation = {"blocks": {"variable": "site", "shuffle": "within"}, "statistic": {"welch": "site"}}
    run = Run(folder, NULL, T, design="age + site", factors={"site": None}, permutation=permutation)
    null = run.null("age")
    assert null["statistic"]["name"] == "v"
    assert null["blocks"] == {"number": 3, "whole": False}
    assert null["observed_maximum"] == pytest.approx(run.map("age", "welch").max(), rel=1e-6)
    assert not np.allclose(run.map("age", "welch"), run.map("age", "t"))


def test_pseudo_t(folder):
    whole_maps = {"clusters": {"threshold": "t > 2"}, "tfce": {"connectivity": 26}}
    run = Run(folder, NULL, T, permutation={"statistic": {"pseudo_t": 10}}, **whole_maps)
    null = run.shuffles("age")
    assert list(null) == ["shuffle", "maxT", "maxExtent", "maxMass", "maxTFCE"]
    assert null["maxTFCE"][0] == pytest.approx(run.map("age", "tfce").max(), rel=1e-6)
    assert run.null("age")["statistic"]["name"] == "pseudo-t"
    assert run.null("age")["scheme"] == "permute"
    pseudo, t = run.map("age", "pseudot"), run.map("age", "t")
    assert np.corrcoef(pseudo, t)[0, 1] > 0.8
    # A smoother variance spares t from voxels where the variance is small by chance.
    assert pseudo.std() < t.std()


def test_contrasts_of_unlike_schemes_end_in_one_sentence_that_is_told_once_with_its_log(folder):
    arguments = settings(folder, [AGE, MEAN], {"across_contrasts": True})
    printed = snakemake(folder, *arguments, "--", f"results/a/contrast-age_{ACROSS}", fails=True)
    assert "cannot be corrected together; set one permutation.scheme for all" in printed
    assert "Log: results/a/logs/correct_across.log" in printed
    assert printed.count("Error: ") == 1
    assert "Traceback" not in printed
