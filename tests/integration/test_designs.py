"""The common designs on maps of one's own, several analyses in one config, against statsmodels."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from conftest import snakemake
from secondlevel.space.kinds.volume import Mask
from study import config, people, write_maps, write_table

VISITS = {"participants": "visits.tsv", "id": ["person", "visit"], "maps": "visits/{person}_{visit}.nii.gz"}
# For each design: the config's part, statsmodels' formula, and for each contrast the name of statsmodels' hypothesis.
DESIGNS = {
    "one_sample": {
        "config": {"design": "1", "contrasts": [{"name": "mean", "weights": "intercept"}]},
        "formula": "y ~ 1",
        "tests": {"mean": "Intercept"},
        "scheme": "flip",
    },
    "two_sample": {
        "config": {
            "design": "0 + group",
            "factors": {"group": None},
            "contrasts": [{"name": "patients", "weights": "group[patient] - group[control]"}],
        },
        "formula": "y ~ 0 + C(group)",
        "tests": {"patients": "C(group)[patient] - C(group)[control]"},
        "scheme": "permute",
    },
    "ancova": {
        "config": {
            "design": "group + age + `reading score`",
            "factors": {"group": "patient"},
            "center": ["age"],
            "contrasts": [
                {"name": "controls", "weights": "group[control]"},
                {"name": "reading", "weights": "reading score"},
                {"name": "difference", "weights": [0, 0, 1, -1]},
                {"name": "covariates", "weights": ["age", "`reading score`"]},
            ],
        },
        "formula": "y ~ C(group, Treatment('patient')) + age + Q('reading score')",
        "tests": {
            "controls": "C(group, Treatment('patient'))[T.control]",
            "reading": "Q('reading score')",
            "difference": "age - Q('reading score')",
            "covariates": "age = 0, Q('reading score') = 0",
        },
        "scheme": "permute",
    },
    "anova": {
        "config": {
            "design": "site",
            "factors": {"site": "Ulm"},
            "contrasts": [{"name": "site", "weights": ["site[Bath]", "site[Lund]"]}],
        },
        "formula": "y ~ C(site, Treatment('Ulm'))",
        "tests": {"site": "C(site, Treatment('Ulm'))[T.Bath] = 0, C(site, Treatment('Ulm'))[T.Lund] = 0"},
        "scheme": "permute",
    },
    "interaction": {
        "config": {
            "design": "age * group",
            "factors": {"group": "control"},
            "center": ["age"],
            "two_sided": True,
            "contrasts": [{"name": "slopes", "weights": "age:group[patient]"}],
        },
        "formula": "y ~ centred * C(group)",
        "tests": {"slopes": "centred:C(group)[T.patient]"},
        "scheme": "permute",
    },
    "paired": {
        "config": {
            "datasets": {"own": VISITS},
            "design": "visit + person",
            "factors": {"visit": "before", "person": None},
            "permutation": {"blocks": {"variable": "person", "shuffle": "within"}},
            "contrasts": [{"name": "change", "weights": "visit[after]"}],
        },
        "formula": "y ~ C(visit, Treatment('before')) + C(person)",
        "tests": {"change": "C(visit, Treatment('before'))[T.after]"},
        "scheme": "permute",
    },
}


def visits():
    """Ten people, each seen twice."""
    rows = [(f"P{person}", visit) for person in range(10) for visit in ("before", "after")]
    return pd.DataFrame(rows, columns=["person", "visit"])


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder in which all designs have been analysed, in one run."""
    folder = tmp_path_factory.mktemp("designs")
    # The rows are in another order than the IDs, and one map in the middle is missing.
    table = people().sample(frac=1, random_state=3).reset_index(drop=True)
    maps = write_maps(folder, table)
    (folder / "maps" / f"{table['participant_id'][11]}.nii.gz").unlink()
    write_table(folder / "participants.tsv", table)
    twice = write_maps(folder, visits(), "visits/{person}_{visit}.nii.gz", seed=1)
    write_table(folder / "visits.tsv", visits())
    analyses = {name: design["config"] for name, design in DESIGNS.items()}
    analyses["additive"] = analyses["interaction"] | {
        "design": "group + age",
        "contrasts": [{"name": "a", "weights": "age"}],
    }
    settings = config(folder, analyses=analyses)
    ends = ["stat-z_statmap.nii.gz", "desc-maxT_null.json"]
    files = [
        f"results/{name}/contrast-{contrast}_{end}"
        for name, design in DESIGNS.items()
        for contrast in design["tests"]
        for end in ends
    ]
    snakemake(folder, *settings, "--", *files, "results/additive/contrast-a_stat-z_statmap.nii.gz")
    kept = [row for row in range(len(table)) if row != 11]
    return folder, (table.iloc[kept].reset_index(drop=True), maps[kept]), (visits(), twice)


@pytest.mark.parametrize("name", DESIGNS)
def test_each_design_agrees_with_statsmodels(study, name):
    folder, of_people, of_visits = study
    table, maps = of_visits if name == "paired" else of_people
    design, results = DESIGNS[name], folder / "results" / name
    sample = pd.read_csv(results / "sample.tsv", sep="\t")
    assert len(sample) == len(table)
    mask = Mask.load(results / "mask.nii.gz")
    assert mask.size == maps.shape[1]
    data = table.copy()
    if "age" in data:
        data["centred"] = data["age"] - data["age"].mean()
    for contrast, hypothesis in design["tests"].items():

        def map_of(stat, contrast=contrast):
            return mask.read(results / f"contrast-{contrast}_stat-{stat}_statmap.nii.gz")

        null = json.loads((results / f"contrast-{contrast}_desc-maxT_null.json").read_text())
        assert null["scheme"] == design["scheme"]
        for voxel in (0, 17, 101):
            fit = smf.ols(design["formula"], data.assign(y=maps[:, voxel].astype(float))).fit()
            assert null["degrees_of_freedom"] == fit.df_resid
            if "=" in hypothesis:
                test = fit.f_test(hypothesis)
                assert map_of("F")[voxel] == pytest.approx(float(test.fvalue), rel=1e-4)
                assert null["statistic"]["rank"] == test.df_num
                continue
            test = fit.t_test(hypothesis)
            assert map_of("effect")[voxel] == pytest.approx(test.effect.item(), rel=1e-3, abs=1e-6)
            assert map_of("t")[voxel] == pytest.approx(test.tvalue.item(), rel=1e-3, abs=1e-5)
            low, high = test.conf_int()[0]
            assert map_of("effect_desc-lower95")[voxel] == pytest.approx(low, rel=1e-3, abs=1e-5)
            assert map_of("effect_desc-upper95")[voxel] == pytest.approx(high, rel=1e-3, abs=1e-5)
            d = test.effect.item() / np.sqrt(fit.mse_resid)
            assert map_of("d")[voxel] == pytest.approx(d, rel=1e-3, abs=1e-6)
            r = test.tvalue.item() / np.sqrt(fit.df_resid + test.tvalue.item() ** 2)
            assert map_of("r")[voxel] == pytest.approx(r, rel=1e-3, abs=1e-6)


def test_cohens_d_is_told_where_it_is_one(study):
    results = study[0] / "results"
    for name, contrast, is_d in (
        ("one_sample", "mean", True),
        ("two_sample", "patients", True),
        ("ancova", "controls", True),
        ("ancova", "reading", False),
        ("interaction", "slopes", False),
    ):
        about = json.loads((results / name / f"contrast-{contrast}_stat-d_statmap.json").read_text())
        assert about["Description"].startswith("Cohen's d") == is_d


def test_a_missing_map_leaves_out_its_subject_and_no_other(study):
    folder, (table, _), _ = study
    everybody = pd.read_csv(folder / "participants.tsv", sep="\t")["participant_id"]
    (lost,) = set(everybody) - set(table["participant_id"])
    for name in ("two_sample", "ancova"):
        excluded = pd.read_csv(folder / "results" / name / "excluded.tsv", sep="\t")
        assert list(excluded["participant_id"]) == [lost]
        assert "does not exist" in excluded["reason"][0]


def test_analyses_with_the_same_sample_share_its_maps(study):
    results = study[0] / "results"
    assert not (results / "additive" / "logs" / "masked_maps.log").exists()
    # Copies, not links: Snakemake sets the times of each, and what is stored must not change with another analysis.
    for name in ("sample.tsv", "mask.nii.gz", "maps.npy"):
        one, other = (results / analysis / name for analysis in ("additive", "interaction"))
        assert one.read_bytes() == other.read_bytes(), name
        assert not one.samefile(other), name
    # Another variable may be missing for others.
    assert (results / "anova" / "logs" / "masked_maps.log").exists()


def test_what_was_centred_and_the_levels_are_recorded(study):
    about = json.loads((study[0] / "results/ancova/design.json").read_text())
    assert about["columns"] == ["intercept", "group[control]", "age", "reading score"]
    assert about["factors"] == {"group": ["patient", "control"]}
    assert about["centered"]["age"] == pytest.approx(study[1][0]["age"].mean())
