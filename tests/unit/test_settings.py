"""What is refused of a config, told all at once, and what rules take from one that is fine."""

import copy
import itertools
import os
import sys

import pytest

import settings
from conftest import REPO

DEFAULTS = settings.read_yaml(REPO / "workflow" / "schemas" / "defaults.yaml")
SCHEMA = settings.read_yaml(REPO / "workflow" / "schemas" / "config.schema.yaml")
AGE = {"name": "age", "weights": "age"}
# All that a config has to say.
STUDY = {
    "analysis": "mine",
    "dataset": "simulated_localizer",
    "smoothing_fwhm": 0,
    "design": "age",
    "contrasts": [AGE],
}
INFINITY = float("inf")


def analyses_of(given):
    """The whole config and its analyses; what the user gave, and the defaults, stay as they are."""
    before = copy.deepcopy((given, DEFAULTS))
    try:
        return settings.analyses_of(given, DEFAULTS, SCHEMA)
    finally:
        assert repr((given, DEFAULTS)) == repr(before)  # a NaN does not equal itself


def complaints(_without=(), **changes):
    """What is said of the study with some keys replaced and some left out; nothing if it is accepted."""
    try:
        analyses_of({key: value for key, value in (STUDY | changes).items() if key not in _without})
    except settings.WrongConfig as wrong:
        return str(wrong).splitlines()
    return []


def told(words, found):
    """Whether one of some complaints, and no other one, holds the words."""
    return sum(words in complaint for complaint in found) == 1


# Wrong by the schema: the settings, and what is said of them.
WRONG_KEYS = {
    "smothing_fwhm": (5, "the config has an unknown key 'smothing_fwhm'; did you mean 'smoothing_fwhm'?"),
    "smoothing_fwhm": (-1, "config key 'smoothing_fwhm': -1 is less than the minimum of 0"),
    "alpha": ({"fdr": 5, "fdrr": 0.1}, "config key 'alpha.fdr': 5 is greater than or equal to the maximum of 1"),
    "dataset": ("localiser", "config key 'dataset': 'localiser' is not one of"),
    "two_sided": ("yes", "config key 'two_sided': 'yes' is not of type 'boolean'"),
    "design": ([{"column": "a"}], "config key 'design.0': {'column': 'a'} "),
    "contrasts": ([{"name": "a b", "weights": "age"}], "config key 'contrasts.0.name': 'a b' does not match"),
    "permutation": ({"count": 0}, "config key 'permutation.count': 0 is less than the minimum of 1"),
    "clusters": ({"threshold": "3"}, "config key 'clusters.threshold': '3' does not match"),
    "tfce": ({"connectivity": 8}, "config key 'tfce.connectivity': 8 is not one of [6, 18, 26]"),
    "tables": ({"peaks": 0}, "config key 'tables.peaks': 0 is less than the minimum of 1"),
    "figures": ({"cut_coords": [1, 2]}, "config key 'figures.cut_coords': [1, 2] is too short"),
    "exclude": ([7], "config key 'exclude.0': 7 is not of type 'string'"),
    "space": ("MNI 152", "config key 'space': 'MNI 152' does not match"),
    "factors": (["group"], "config key 'factors': ['group'] is not of type 'object'"),
    "analysis": ("a/b", "config key 'analysis': 'a/b' does not match"),
    "analyses": ({"b": {"alpha": {"fdr": 0.1}}}, "config key 'analyses.b' has an unknown key 'alpha'; it knows"),
    "datasets": ({"own": {"id": "who"}}, "config key 'datasets.own.id': 'who' is not of type 'array'"),
}
# Right by the schema, and yet wrong.
WRONG_TOGETHER = {
    "mask": ("no.nii", "config key 'mask': the file no.nii does not exist"),
    "resample_to": ("no.nii", "config key 'resample_to': the file no.nii does not exist"),
    "tables": (
        {"atlas": {"image": "no.nii", "labels": "no.tsv"}},
        "config key 'tables.atlas.image': the file no.nii does not exist",
    ),
    "datasets": ({"own": {"participants": "."}}, "config key 'datasets.own.participants': the file . is a folder"),
    "dataset": ("own", "config key 'datasets.own.maps': it is null, but needed"),
    "contrasts": (
        [AGE, {"name": "age", "weights": ["age", "intercept"]}],
        "config key 'contrasts': more than one is named 'age'",
    ),
    "clusters": ({"threshold": "t > 3"}, "contrast age is tested with F, for which 't > 3' says nothing"),
    "tfce": ({"statistic": "z"}, "config key 'tfce.statistic': only t and F can be turned into z"),
    "permutation": ({"statistic": {"pseudo_t": 5}}, "config key 'permutation.statistic': pseudo_t has no F"),
    "center": (["iq"], "config key 'center' names 'iq', which no design uses; it uses age."),
}


@pytest.mark.parametrize("wrong", [WRONG_KEYS, WRONG_TOGETHER])
def test_all_that_is_wrong_is_told_at_once(wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = complaints(**{key: value for key, (value, _) in wrong.items()})
    for _, words in wrong.values():
        assert told(words, found), words
    assert len(found) == len(set(found))


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_what_is_wrong_by_the_schema_is_told_alone(key):
    value, words = WRONG_KEYS[key]
    found = complaints(**{key: value})
    assert told(words, found)
    assert len(found) == (2 if key == "alpha" else 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"clusters": {"threshold": "p < 3"}},
            "'clusters.threshold': p < 3 is no threshold; p must be above 1e-100 and below 0.5",
        ),
        ({"clusters": {"threshold": "p < 0.5"}}, "'clusters.threshold': p < 0.5 is no threshold"),
        (
            {"clusters": {"threshold": "p < 0.001"}, "permutation": {"statistic": {"pseudo_t": 5}}},
            "'clusters.threshold': pseudo_t has no known distribution that a p or z could be taken from",
        ),
        (
            {"clusters": {"threshold": "z > 3"}, "permutation": {"statistic": {"pseudo_t": 5}}},
            "'clusters.threshold': pseudo_t has no known distribution",
        ),
        ({"design": "age + __import__('os').system('touch hacked')"}, "'design': 'age + __import__('os').system"),
        ({"design": "age.real"}, "'design': 'age.real' holds '.real'; a formula holds names of variables"),
        ({"design": "log(age)"}, "'design': 'log(age)' calls 'log'; a formula holds names of variables"),
        ({"design": "age + [open('x')]"}, "'design': 'age + [open('x')]' holds '[open"),
        ({"design": "y ~ age"}, "'design': 'y ~ age' has a left-hand side"),
        ({"permutation": {"blocks": {"variable": "site"}}}, "'permutation.blocks' lacks the key 'shuffle'"),
        (
            {"permutation": {"blocks": [{"variable": "site", "shuffle": "no"}]}},
            "permutation.blocks.0.shuffle': 'no' is",
        ),
        (
            {"permutation": {"blocks": [{"variable": "site", "shuffle": "both"}] * 2}},
            "more than one level; name it once",
        ),
        ({"permutation": {"statistic": {"welch": "site"}, "across_contrasts": True}}, "across_contrasts': it needs t"),
        (
            {"permutation": {"statistic": {"welch": "site"}, "nuisance": "smith"}},
            "config key 'permutation.nuisance': smith is not defined for welch; write freedman-lane, or set "
            "permutation.statistic to t.",
        ),
        (
            {"permutation": {"statistic": {"cluster_robust": "site"}, "scheme": "permute"}, "clusters": None},
            "'permutation.scheme': cluster_robust turns the signs of whole clusters, which permute does not",
        ),
        (
            {"permutation": {"statistic": {"pseudo_t": 5}, "nuisance": "smith"}, "clusters": None},
            "'permutation.nuisance': smith is not defined for pseudo_t",
        ),
        ({"permutation": {"nuisance": "smiht"}}, "'permutation.nuisance': 'smiht' is not one of"),
        ({"permutation": {"nuisance": None}}, "'permutation.nuisance': None is not one of"),
        ({"tfce": {"statistic": "z"}, "permutation": {"statistic": {"welch": "site"}}}, "'tfce.statistic': only t and"),
        ({"dataset": "own", "datasets": {"own": {"maps": "map"}}}, "'datasets.own.participants': it is null, but need"),
        ({"analyses": {"one": 5}}, "'analyses.one': 5 is not of type 'object', 'null'"),
        ({"analyses": {"a/b": None}}, "'analyses': 'a/b' does not match"),
        ({"analyses": {"a\n": None}}, r"'analyses': 'a\n' does not match"),
        ({"analysis": "a\n"}, r"'analysis': 'a\n' does not match"),
        ({"contrasts": [{"name": "a\n", "weights": "age"}]}, r"'contrasts.0.name': 'a\n' does not match"),
        ({"design": "1:age"}, "'design': '1:age' multiplies by a number, but 0 and 1 stand for the intercept only"),
        ({"contrasts": []}, "'contrasts': [] should be non-empty"),
    ],
)
def test_one_wrong_setting_is_told(changes, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = complaints(**changes)
    assert told(f"config key '{words[1:]}" if words[0] == "'" else words, found)
    assert len(found) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["analysis", "design", "contrasts", "smoothing_fwhm"])
def test_what_a_study_has_to_say_has_no_default_and_is_missed_by_name(key):
    assert key not in DEFAULTS
    (complaint,) = complaints(_without=[key])
    assert complaint.startswith(f"the config lacks the key '{key}': ")
    assert f"'{key}: " in complaint  # an example


def test_all_that_is_missing_is_told_at_once():
    found = complaints(_without=STUDY)
    assert [complaint.split("'")[1] for complaint in found] == ["analysis", "design", "contrasts", "smoothing_fwhm"]


def test_what_one_of_several_analyses_misses_is_told_with_its_name():
    found = complaints(_without=["analysis", "design"], analyses={"one": {"design": "age"}, "two": None, "three": {}})
    assert [complaint.partition(":")[0] for complaint in found] == [
        "analysis 'two', the config lacks the key 'design'",
        "analysis 'three', the config lacks the key 'design'",
    ]


@pytest.mark.parametrize(
    ("key", "value", "new"),
    [
        ("variance_groups", "site", "permutation.statistic: {welch: VARIABLE}"),
        ("variance_fwhm", 5, "permutation.statistic: {pseudo_t: FWHM}"),
        ("variance_fwhm", 0, "permutation.statistic: {pseudo_t: FWHM}"),
    ],
)
def test_keys_of_old_are_refused_with_what_is_written_now(key, value, new):
    sentence = f"config key 'permutation.{key}' is no longer there: write '{new}' in its place."
    old = {"permutation": {key: value}}
    assert complaints(**old) == [sentence]
    assert complaints(analyses={"one": None, "two": old}) == [sentence]
    assert complaints(**old, analyses={"two": old}) == [sentence]


def test_both_keys_of_old_are_told():
    assert len(complaints(permutation={"variance_groups": "site", "variance_fwhm": 5})) == 2


@pytest.mark.parametrize(
    ("statistic", "words"),
    [
        ("F", "there is no 'F'; it can be t, welch, pseudo_t, cluster_robust, weighted."),
        ({"wilcoxon": 1}, "there is no 'wilcoxon'; it can be t, welch, pseudo_t, cluster_robust, weighted."),
        ("", "there is no ''; it can be"),
        ("welch", "'welch' is written 'statistic: {welch: VARIABLE}'."),
        ({"welch": None}, "'welch' is written 'statistic: {welch: VARIABLE}'."),
        ({"welch": 5}, "'welch' is written 'statistic: {welch: VARIABLE}'."),
        ("pseudo_t", "'pseudo_t' is written 'statistic: {pseudo_t: WIDTH IN MM, ABOVE 0, AT MOST 1000}'."),
        *(
            ({"pseudo_t": width}, "'pseudo_t' is written 'statistic: {pseudo_t: WIDTH IN MM, ABOVE 0, AT MOST 1000}'.")
            for width in (None, 0, -1, 1000.5, "nan", "5", True)
        ),
        ({"t": 5}, "'t' is written 'statistic: t'."),
        (None, "None is not of type 'string', 'object'"),
        (5, "5 is not of type 'string', 'object'"),
        ({}, "{} should be non-empty"),
    ],
)
def test_a_statistic_that_is_none_is_refused_with_what_can_be_written(statistic, words):
    (complaint,) = complaints(permutation={"statistic": statistic}, clusters=None)
    assert complaint.startswith(f"config key 'permutation.statistic': {words}")


def test_two_statistics_at_once_are_refused():
    (complaint,) = complaints(permutation={"statistic": {"welch": "site", "pseudo_t": 5}}, clusters=None)
    assert complaint.startswith("config key 'permutation.statistic': ")
    assert "welch" in complaint
    assert "pseudo_t" in complaint


@pytest.mark.parametrize("statistic", ["t", {"welch": "site"}, {"pseudo_t": 5}, {"pseudo_t": 0.5}])
def test_statistics_are_accepted_with_thresholds_that_they_have(statistic):
    assert complaints(permutation={"statistic": statistic}, clusters={"threshold": "t > 3"}) == []
    assert complaints(permutation={"statistic": statistic}, clusters=None, tfce=None) == []
    if not isinstance(statistic, dict) or "welch" in statistic:
        for threshold in ("p < 0.001", "p < 1e-3", "z > 3.1"):
            assert complaints(permutation={"statistic": statistic}, clusters={"threshold": threshold}) == []


def test_welch_can_be_taken_of_an_f_contrast_and_pseudo_t_cannot():
    of_rows = {"contrasts": [{"name": "any", "weights": ["age", "intercept"]}], "clusters": None}
    assert complaints(**of_rows, permutation={"statistic": {"welch": "site"}}) == []
    (complaint,) = complaints(**of_rows, permutation={"statistic": {"pseudo_t": 5}})
    assert complaint.startswith("config key 'permutation.statistic': pseudo_t has no F, as contrast any needs")


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("factors", lambda *names: dict.fromkeys(names)),
        ("center", lambda *n: [*n]),
        ("scale", lambda *n: [*n]),
        ("split", lambda *n: dict.fromkeys(n, "subject")),
    ],
)
def test_what_all_analyses_share_need_be_of_use_to_one_only(key, of):
    both = {"one": {"design": "age"}, "two": {"design": "site + iq", "contrasts": [{"name": "iq", "weights": "iq"}]}}
    assert complaints(analyses=both, **{key: of("age", "iq")}) == []
    assert complaints(analyses=both, **{key: of("age", "sex")}) == [
        f"config key '{key}' names 'sex', which no design uses; they use age, iq, site."
    ]
    assert complaints(**{key: of("age")}) == []
    assert complaints(**{key: of("iq")}) == [f"config key '{key}' names 'iq', which no design uses; it uses age."]
    own = both | {"two": both["two"] | {key: of("age")}}
    sentence = f"config key '{key}' names 'age', which the design does not use; it uses site, iq."
    assert complaints(analyses=own) == [f"analysis 'two', {sentence}"]


def test_what_is_wrong_in_one_of_several_analyses_is_told_with_its_name():
    found = complaints(analyses={"one": {"mask": "no.nii"}, "two": {"design": "log(age)"}})
    assert [complaint.partition(":")[0] for complaint in found] == [
        "analysis 'one', config key 'mask'",
        "analysis 'two', config key 'design'",
    ]


def test_a_contrast_can_be_t_in_one_analysis_and_f_in_another():
    of_rows = {"contrasts": [{"name": "age", "weights": ["age", "intercept"]}]}
    assert complaints(analyses={"one": None, "two": of_rows}, clusters=None) == []


def test_files_that_are_there_are_accepted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"mask": "mask.nii", "resample_to": "grid.nii", "dataset": "own"}
    files |= {"datasets": {"own": {"participants": "people.tsv", "maps": "map"}}}
    files |= {"tables": {"atlas": {"image": "atlas.nii", "labels": "atlas.tsv"}}}
    assert len(complaints(**files)) == 5
    for name in ("mask.nii", "grid.nii", "people.tsv", "atlas.nii", "atlas.tsv"):
        (tmp_path / name).touch()
    assert complaints(**files) == []


def test_names_of_files_that_cannot_be_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.tsv").touch()
    bad = {"mask": "a\0b", "resample_to": "\ud800", "dataset": "own"}
    found = complaints(**bad, datasets={"own": {"participants": "t.tsv", "maps": "\0{participant_id}.nii"}})
    assert len(found) == 3
    assert all(complaint.endswith("which no text has; take it out.") for complaint in found)
    monkeypatch.setattr(os, "fsencode", lambda name: name.encode("ascii"))  # as where Python takes names for ASCII
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    for maps in ("Größe/{participant_id}.nii", {"folder": "Größe"}):
        (complaint,) = complaints(dataset="own", datasets={"own": {"participants": "t.tsv", "maps": maps}})
        assert complaint.startswith("config key 'datasets.own.maps': Größe")
        assert complaint.endswith(" cannot be written in ascii; rename it, or set PYTHONUTF8=1 in the environment.")


@pytest.mark.parametrize("dataset", ["localizer", "emotion_regulation"])
def test_servers_are_asked_by_https_but_for_those_of_this_machine(dataset):
    for url in (
        "https://a.example",
        "http://localhost",
        "http://127.0.0.1:8000/a",
        "http://[::1]:80",
        "http://LOCALHOST",
    ):
        assert complaints(datasets={dataset: {"base_url": url}}) == []
    for url in ("http://a.example", "http://localhost.example", "http://127.0.0.1@a.example", "http://10.0.0.1/a"):
        (complaint,) = complaints(datasets={dataset: {"base_url": url}})
        assert complaint == (
            f"config key 'datasets.{dataset}.base_url': {url} is not encrypted, so that anybody on the way could "
            "change what comes; write https, or name a server on this machine, such as http://localhost:8000."
        )


def test_what_is_left_out_comes_from_the_defaults():
    config, analyses = analyses_of(STUDY | {"permutation": {"count": 20}, "tfce": None})
    assert list(analyses) == ["mine"]
    assert analyses["mine"] == config
    given = STUDY | {"permutation": DEFAULTS["permutation"] | {"count": 20}, "tfce": None}
    assert config == DEFAULTS | given | {"tables": DEFAULTS["tables"] | {"atlas": "aal"}}


OWN = STUDY | {"dataset": "own", "datasets": {"own": {"participants": __file__, "maps": "maps/{participant_id}.nii"}}}


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({}, None),
        ({"space": "MNI152NLin2009cAsym"}, "aal"),
        ({"space": "MNIPediatricAsym"}, None),
        ({"mask": "mni"}, "aal"),
        ({"datasets": {"own": {"maps": {"folder": "x", "space": "MNI152NLin6Asym"}}}}, "aal"),
        ({"datasets": {"own": {"maps": "maps/{participant_id}_space-MNI152Lin_stat-t.nii"}}}, "aal"),
        ({"datasets": {"own": {"maps": "maps/{participant_id}_space-T1w_stat-t.nii"}}}, None),
        ({"space": "T1w", "datasets": {"own": {"maps": {"folder": "x", "space": "MNI152Lin"}}}}, None),
        ({"dataset": "simulated_localizer"}, "aal"),
        ({"space": "MNI152Lin", "tables": {"atlas": None}}, None),
        ({"tables": {"atlas": "schaefer-200"}}, "schaefer-200"),
    ],
)
def test_an_atlas_is_taken_where_maps_are_known_to_be_in_mni_space(differs, expected):
    config, analyses = analyses_of(settings.merged(OWN, differs))
    assert config["tables"]["atlas"] == analyses["mine"]["tables"]["atlas"] == expected


def test_an_atlas_of_all_analyses_suits_all_of_them():
    shared = {key: value for key, value in OWN.items() if key != "analysis"}
    for masks, expected in ((("mni", "mni"), "aal"), (("mni", "background"), None)):
        config, _ = analyses_of(shared | {"analyses": {f"a{n}": {"mask": mask} for n, mask in enumerate(masks)}})
        assert config["tables"]["atlas"] == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ALL", "there is no atlas 'ALL'; did you mean 'aal'?"),
        ("schaefer", "there is no atlas 'schaefer'; did you mean 'schaefer-200'?"),
        ("xyz", "there is no atlas 'xyz'; it can be aal, schaefer-200, or {image: FILE, labels: FILE}."),
        (
            "harvard-oxford",
            "'harvard-oxford' cannot be named: it comes with FSL, whose licence is for non-commercial use",
        ),
    ],
)
def test_an_atlas_that_cannot_be_named_is_told(name, words):
    with pytest.raises(settings.WrongConfig) as told:
        analyses_of(STUDY | {"tables": {"atlas": name}})
    assert str(told.value).startswith(f"config key 'tables.atlas': {words}")


def test_each_analysis_is_the_config_with_what_differs():
    shared = STUDY | {"permutation": {"count": 20}, "factors": {"site": None}}
    shared = {key: value for key, value in shared.items() if key != "analysis"}
    several = {
        "one": None,
        "two": {
            "design": "age + site + sex",
            "permutation": {"scheme": "flip"},
            "factors": {"sex": "F"},
            "datasets": {"own": {"maps": "map"}},
        },
    }
    config, analyses = analyses_of(shared | {"analyses": several})
    assert list(analyses) == ["one", "two"]
    assert {key: value for key, value in analyses["one"].items() if key != "analyses"} == {
        key: value for key, value in config.items() if key != "analyses"
    }
    two = analyses["two"]
    assert (two["permutation"]["count"], two["permutation"]["scheme"]) == (20, "flip")
    assert two["factors"] == {"site": None, "sex": "F"}
    assert two["datasets"]["own"] == DEFAULTS["datasets"]["own"] | {"maps": "map"}
    assert two["datasets"]["localizer"] == DEFAULTS["datasets"]["localizer"]
    assert analyses["one"]["permutation"]["scheme"] == "auto"


def test_mappings_are_merged_and_all_else_is_replaced():
    before = {"a": {"b": 1, "c": {"d": 2}}, "e": [1, 2], "f": None, "g": {"h": 1}}
    changes = {"a": {"c": {"i": 3}}, "e": [3], "f": {"j": 4}, "g": None, "k": 5}
    assert settings.merged(before, changes) == {
        "a": {"b": 1, "c": {"d": 2, "i": 3}},
        "e": [3],
        "f": {"j": 4},
        "g": None,
        "k": 5,
    }
    assert before["a"] == {"b": 1, "c": {"d": 2}}


def test_a_statistic_is_replaced_as_a_whole():
    forms = ["t", {"welch": "site"}, {"pseudo_t": 5}, {"pseudo_t": 8}]
    for old, new in itertools.product(forms, forms):
        merged = settings.merged({"permutation": {"statistic": old, "seed": 3}}, {"permutation": {"statistic": new}})
        assert merged == {"permutation": {"statistic": new, "seed": 3}}


def chosen(**changes):
    """The settings of the study with some keys replaced."""
    return analyses_of(STUDY | changes)[1]["mine"]


def test_contrasts_are_parted_into_t_and_f():
    weights = {"one": "age", "numbers": [0, 1], "row": [[1, 0]], "rows": [[1, 0], "age"], "sums": ["age", "intercept"]}
    found = chosen(contrasts=[{"name": name, "weights": of_name} for name, of_name in weights.items()])
    assert settings.facts.contrasts(found) == list(weights)
    assert settings.facts.f_contrasts(found) == ["rows", "sums"]
    of_t = dict.fromkeys(["one", "numbers", "row"], "t")
    assert settings.facts.model_statistics(found) == of_t | {"rows": "F", "sums": "F"}
    assert not any(settings.facts.two_sided(found).values())
    both = settings.facts.two_sided(found | {"two_sided": True})
    assert {name for name, sides in both.items() if sides} == of_t.keys()


def test_the_clusters_of_a_robust_test_are_blocks_that_flip():
    def permutation(**given):
        found = chosen(permutation={"statistic": {"cluster_robust": "site"}} | given, clusters=None)["permutation"]
        return found["scheme"], found["blocks"]

    families = [{"variable": "family", "shuffle": "whole"}]
    assert permutation() == ("flip", {"variable": "site", "shuffle": "whole"})
    assert permutation(scheme="flip", blocks=families) == ("flip", families)
    assert chosen()["permutation"]["scheme"] == "auto"
    of_f = {"contrasts": [{"name": "any", "weights": ["age", "intercept"]}], "clusters": {"threshold": "t > 3"}}
    (complaint,) = complaints(permutation={"statistic": {"cluster_robust": "site"}}, **of_f)
    assert "tested with F" in complaint
    assert "set clusters to null" in complaint


def test_variables_are_covariates_or_labels():
    found = chosen(
        design="site * iq + `reading score` + age",
        factors={"site": None},
        center=["iq"],
        permutation={"blocks": {"variable": "family", "shuffle": "whole"}, "statistic": {"welch": "sex"}},
    )
    assert settings.facts.covariates(found) == ["age", "iq", "reading score"]
    assert settings.facts.labels(found) == ["site", "family", "sex"]
    listed = chosen(design=[{"column": "x", "variable": "iq"}, {"column": "mean", "constant": 1}])
    assert (settings.facts.covariates(listed), settings.facts.labels(listed)) == (["iq"], [])
    # The width of a Gaussian is no variable.
    assert settings.facts.labels(chosen(permutation={"statistic": {"pseudo_t": 5}}, clusters=None)) == []


def test_of_what_is_shared_an_analysis_takes_what_its_design_has():
    shared = {"factors": {"site": "Ulm", "sex": None}, "center": ["iq", "age"]}
    _, found = analyses_of(
        STUDY | shared | {"analyses": {"one": {"design": "site + age"}, "two": {"design": "sex + iq + age"}}}
    )
    assert settings.facts.of_design(found["one"], "factors") == {"site": "Ulm"}
    assert settings.facts.of_design(found["one"], "center") == ["age"]
    assert settings.facts.of_design(found["two"], "factors") == {"sex": None}
    assert settings.facts.of_design(found["two"], "center") == ["iq", "age"]


def test_what_is_known_of_the_statistic():
    assert settings.facts.about_statistic(chosen()).exact
    about = settings.facts.about_statistic(chosen(permutation={"statistic": {"pseudo_t": 5}}, clusters=None))
    assert (about.stat, about.has_f) == ("pseudot", False)


def test_analyses_with_the_same_sample_share_the_work_of_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mask.nii").touch()
    by_site = {"blocks": {"variable": "site", "shuffle": "within"}}
    several = {
        "first": None,
        "contrast": {"contrasts": [{"name": "mean", "weights": "intercept"}], "two_sided": True},
        "centred": {"center": ["age"]},
        "interaction": {"design": "0 + age + age:age"},
        "smoother": {"smoothing_fwhm": 8},
        "fewer": {"exclude": ["S01"]},
        "masked": {"mask": "mask.nii"},
        "other": {"dataset": "localizer"},
        "blocks": {"permutation": by_site},  # those without a site are left out
        "factor": {"design": "age + site", "factors": {"site": None}},  # they are here, too
        "order": {"design": "site + age", "factors": {"site": "A"}},
        "covariate": {"design": "age + site"},
    }
    _, analyses = analyses_of(STUDY | {"analyses": several})
    assert settings.facts.first_of_sample(analyses) == {
        "first": "first",
        "contrast": "first",
        "centred": "first",
        "interaction": "first",
        "smoother": "smoother",
        "fewer": "fewer",
        "masked": "masked",
        "other": "other",
        "blocks": "blocks",
        "factor": "blocks",
        "order": "blocks",
        "covariate": "covariate",
    }


SHIPPED = sorted(path.name for path in (REPO / "config").glob("*.yaml"))


def test_configs_are_shipped():
    assert {"config.yaml", "new_study.yaml"} < set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_configs_are_accepted(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = settings.read_yaml(REPO / "config" / name)
    if name == "new_study.yaml":  # whose files are those of the user
        with pytest.raises(settings.WrongConfig, match="^config key 'datasets.own.participants': .* does not exist"):
            analyses_of(given)
        (tmp_path / given["datasets"]["own"]["participants"]).touch()
    _, analyses = analyses_of(given)
    assert list(analyses) == [given["analysis"]]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    "key", ["smoothing_fwhm", "alpha.fdr", "permutation.statistic.pseudo_t", "figures.cut_coords.1"]
)
def test_what_is_no_number_is_told(number, key):
    given = {
        "smoothing_fwhm": {"smoothing_fwhm": number},
        "alpha.fdr": {"alpha": {"fdr": number}},
        "permutation.statistic.pseudo_t": {"permutation": {"statistic": {"pseudo_t": number}}},
        "figures.cut_coords.1": {"figures": {"cut_coords": [1, number, 2]}},
    }[key]
    assert list(settings.given_by.no_numbers(given)) == [
        f"config key '{key}': {number} is no number that can be worked with; correct it."
    ]


def test_a_split_needs_a_formula_and_who_rows_belong_to():
    columns = [{"column": "a", "variable": "age"}]
    assert complaints(design=columns, contrasts=[{"name": "a", "weights": [1]}], split={"age": "subject"}) == [
        "config key 'split': it needs a formula; write the design as one, such as 'age + group'."
    ]
    assert settings.facts.labels(chosen(split={"age": "subject"})) == ["subject"]
