"""BIDS Stats Models end in the numbers of configs that were written by hand, or are refused by node and name."""

import builtins
import copy
import json
import math

import numpy as np
import pandas as pd
import pytest

import settings as configs
from foretold import SCHEMAS, foretold
from secondlevel.base.errors import InputError
from study import config_of, people, write_maps, write_table
from worked import worked

VISITS = {"participants": "visits.tsv", "id": ["person", "visit"], "maps": "visits/{person}_{visit}.nii.gz"}
PERSONS = [f"P{person}" for person in range(8)]
MEAN = {"Model": {"Type": "glm", "X": [1]}, "DummyContrasts": {"Test": "t"}}


def factor(*names, **options):
    return {"Name": "Factor", "Input": list(names), **options}


def node(x, contrasts=None, instructions=(), formula=None, **more):
    """A dataset-level node."""
    found = {"Level": "Dataset", "Name": "group", "GroupBy": [], "Model": {"Type": "glm", "X": x}}
    if formula:
        found["Model"]["Formula"] = formula
    if instructions:
        found["Transformations"] = {"Transformer": "pybids-transforms-v1", "Instructions": list(instructions)}
    return found | ({"Contrasts": contrasts} if contrasts else {}) | more


def contrast(name, conditions, weights, test="t"):
    return {"Name": name, "ConditionList": conditions, "Weights": weights, "Test": test}


def model_of(*nodes, **more):
    return {"Name": "m", "BIDSModelVersion": "1.0.0", "Nodes": list(nodes)} | more


def run_and_subject(names=("faces", "houses")):
    """The nodes before a dataset-level one, as in most models."""
    conditions = [contrast(name, ["a", "b"], [1, -1]) for name in names]
    run = {"Level": "Run", "Name": "run", "GroupBy": ["run", "subject"], "Contrasts": conditions}
    run["Model"] = {"Type": "glm", "X": [1, "a", "b", "rot_*"], "HRF": {"Variables": ["a", "b"], "Model": "spm"}}
    subject = {"Level": "Subject", "Name": "subject", "GroupBy": ["subject", "contrast"]} | copy.deepcopy(MEAN)
    subject["Model"]["Type"] = "meta"
    return run, subject


def table():
    """People, of whom one has no age and one no group, in another order than that of their IDs."""
    found = people().sample(frac=1, random_state=3).reset_index(drop=True)
    found.loc[4, "age"] = np.nan
    found.loc[9, "group"] = None
    return found


def visits():
    """People who were seen twice."""
    return pd.DataFrame([(p, visit) for p in PERSONS for visit in ("before", "after")], columns=["person", "visit"])


@pytest.fixture
def study(tmp_path, monkeypatch):
    """People and visits with their maps, those of two contrasts, too, in the working directory."""
    monkeypatch.chdir(tmp_path)
    write_maps(tmp_path, table())
    write_table(tmp_path / "participants.tsv", table())
    write_maps(tmp_path, visits(), "visits/{person}_{visit}.nii.gz", seed=1)
    write_table(tmp_path / "visits.tsv", visits())
    for seed, name in enumerate(["faces", "facesVsHouses"]):
        for_bids = "bids/{participant_id}/{participant_id}_contrast-" + name + "_stat-effect_statmap.nii.gz"
        write_maps(tmp_path, table(), for_bids, seed=7 + seed)
    return tmp_path


def written(model, path="model-x_smdl.json"):
    """Write a model into the working directory, and give its path."""
    with open(path, "w") as file:
        json.dump(model, file)
    return path


# For each model: its dataset-level node, what its config says beside it, and the config by hand.
MODELS = {
    "one_sample": (
        node([1], DummyContrasts={"Test": "t"}),
        {"two_sided": True},
        {"design": "1", "contrasts": [{"name": "intercept", "weights": "intercept"}]},
    ),
    "two_sample": (
        node(
            ["group.control", "group.patient"],
            [contrast("patients_vs_controls", ["group.patient", "group.control"], [1, -1])],
            [factor("group")],
        ),
        {},
        {
            "design": "0 + group",
            "factors": {"group": None},
            "contrasts": [{"name": "patientsVsControls", "weights": "group[patient] - group[control]"}],
        },
    ),
    "ancova": (
        node(
            [1, "patient", "age", "score"],
            [
                contrast("mean of both", [1, "patient"], [1, "1/2"]),
                contrast("less", ["score", "age"], [-0.25, 1.5]),
            ],
            [
                factor("group", Sep="_"),
                {"Name": "Rename", "Input": ["reading score", "group_patient"], "Output": ["score", "patient"]},
                {"Name": "Scale", "Input": "age"},
                {"Name": "Scale", "Input": ["score"], "Demean": False, "ReplaceNA": None},
            ],
            DummyContrasts={"Test": "t", "Contrasts": ["patient"]},
        ),
        {"two_sided": True},
        {
            "design": "group + age + `reading score`",
            "factors": {"group": "control"},
            "center": ["age"],
            "scale": ["age", "reading score"],
            "contrasts": [
                {"name": "patient", "weights": "group[patient]"},
                {"name": "meanOfBoth", "weights": [1, "1/2", 0, 0]},
                {"name": "less", "weights": [0, 0, 1.5, -0.25]},
            ],
        },
    ),
    "paired": (
        node(
            [*(f"person.{person}" for person in PERSONS), "visit.after"],
            [contrast("change", ["visit.after"], [1])],
            [factor("person", "visit")],
        ),
        {"own": VISITS, "permutation": {"count": 99, "blocks": {"variable": "person", "shuffle": "within"}}},
        {
            "design": "0 + person + visit",
            "factors": {"person": None, "visit": "before"},
            "contrasts": [{"name": "change", "weights": "visit[after]"}],
        },
    ),
    "interaction": (
        node(
            [1, "centred", "group.patient"],
            [contrast("slopes", ["centred:group.patient"], [1]), contrast("age", ["centred"], [1])],
            [factor("group"), {"Name": "Scale", "Input": ["age"], "Output": ["centred"], "Rescale": False}],
            formula="~ 1 + centred * group.patient",
        ),
        {},
        {
            "design": "age * group",
            "factors": {"group": "control"},
            "center": ["age"],
            "contrasts": [
                {"name": "slopes", "weights": "age:group[patient]"},
                {"name": "age", "weights": "age"},
            ],
        },
    ),
    "interaction_of_labels": (
        node(
            [1, "age", "group"],
            [contrast("slopes", ["age:group[T.patient]"], [-1]), contrast("mean", [1], [1])],
            formula="1 + age * group",
        ),
        {"factors": {"group": None}},
        {
            "design": "age * group",
            "contrasts": [
                {"name": "slopes", "weights": "-age:group[patient]"},
                {"name": "mean", "weights": "intercept"},
            ],
        },
    ),
    "F": (
        node(
            ["site.Ulm", "site.Bath", "site.Lund"],
            [contrast("sites", ["site.Ulm", "site.Bath", "site.Lund"], [[1, -1, 0], [1, 0, -1]], "F")],
            [factor("site")],
        ),
        {},
        {
            "design": "0 + site",
            "factors": {"site": "Ulm"},
            "contrasts": [{"name": "sites", "weights": [[1, -1, 0], [1, 0, -1]]}],
        },
    ),
}


def same(found, expected):
    """Two analyses have the same numbers, and the same bytes but for the names of the columns."""
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(found[name], value)
        elif isinstance(value, str):
            assert found[name].partition("\n")[2] == value.partition("\n")[2]
        else:
            assert found[name] == value
    assert all(name in expected for name in ("design.tsv", "contrasts.tsv"))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_ends_in_the_numbers_of_a_config_by_hand(study, name):
    of_group, settings, by_hand = MODELS[name]
    (found,) = worked(config_of(model=written(model_of(of_group)), **settings)).values()
    (expected,) = worked(config_of(**settings | by_hand)).values()
    same(found, expected)
    if name == "one_sample":  # the names are equal
        assert found["design.tsv"] == expected["design.tsv"]
    n = {"paired": 16, "F": 24, "one_sample": 24, "two_sample": 23}.get(name, 22)
    assert found["design.tsv"].count("\n") == n + 1


@pytest.mark.parametrize(
    "maps",
    [
        {"folder": "bids", "stat": "effect"},
        "bids/{participant_id}/{participant_id}_contrast-{contrast}_stat-effect_statmap.nii.gz",
    ],
)
def test_a_node_grouped_by_contrast_is_an_analysis_for_each(study, maps):
    group = node(
        [1, "age"], [contrast("age", ["age"], [1])], [{"Name": "Scale", "Input": ["age"]}], GroupBy=["contrast"]
    )
    model = model_of(*run_and_subject(["faces", "faces_vs_houses"]), group)
    settings = {"model": {"file": written(model), "node": "group"}, "own": {"maps": maps}}
    found = worked(config_of(**settings))
    assert list(found) == ["a_faces", "a_facesVsHouses"]
    by_hand = {"design": "age", "center": ["age"], "scale": ["age"], "contrasts": [{"name": "age", "weights": "age"}]}
    for label in ("faces", "facesVsHouses"):
        own = {"maps": {"folder": "bids", "stat": "effect", "contrast": label}}
        (expected,) = worked(config_of(own=own, **by_hand)).values()
        same(found[f"a_{label}"], expected)
    assert found["a_faces"]["maxima of age"][0] != found["a_facesVsHouses"]["maxima of age"][0]


def analyses_of(model, **settings):
    """The settings of the analyses that a model asks for, by name."""
    given = {"own": {"maps": {"folder": "bids"}}, "model": {"file": written(model), "node": "group"}} | settings
    return configs.analyses_of(config_of(**given), *SCHEMAS)[1]


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({}, ["a_faces", "a_houses"]),
        ({"Edges": [("run", "subject", None), ("subject", "group", ["houses"])]}, ["a"]),
        ({"Edges": [("run", "subject", ["faces"]), ("subject", "group", None)]}, ["a"]),
        ({"Edges": [("run", "subject", None), ("subject", "group", ["houses", "faces"])]}, ["a_houses", "a_faces"]),
        ({"Edges": [("run", "subject", None), ("run", "group", None)]}, ["a_faces", "a_houses"]),
    ],
)
def test_the_contrasts_are_those_that_come_along_the_edges(study, more, names):
    if more:
        edges = [{"Source": a, "Destination": b, "Filter": f and {"contrast": f}} for a, b, f in more["Edges"]]
        more = {"Edges": [{key: value for key, value in edge.items() if value} for edge in edges]}
    found = analyses_of(
        model_of(*run_and_subject(), node([1], GroupBy=["contrast"], DummyContrasts={"Test": "t"}), **more)
    )
    assert list(found) == names
    labels = [settings["datasets"]["own"]["maps"].get("contrast") for settings in found.values()]
    assert labels == [name.removeprefix("a_") for name in names] if len(names) > 1 else labels[0] in ("faces", "houses")


def test_contrasts_can_be_those_of_the_input_or_of_the_config(study):
    group = node([1], GroupBy=["contrast"], DummyContrasts={"Test": "t"})
    found = analyses_of(model_of(group, Input={"contrast": ["x", "y_z"], "task": ["t"]}))
    assert {name: s["datasets"]["own"]["maps"]["contrast"] for name, s in found.items()} == {"a_x": "x", "a_yZ": "yZ"}
    own = {"maps": {"folder": "bids", "contrast": "faces"}}
    assert list(analyses_of(model_of(group), own=own)) == ["a"]
    ungrouped = node([1], DummyContrasts={"Test": "t"})
    assert list(analyses_of(model_of(*run_and_subject(), ungrouped), own=own)) == ["a"]


def test_names_of_later_contrasts_hold_those_before(study):
    run, subject = run_and_subject()
    subject["Contrasts"] = [contrast("twice", [1], [2])]
    found = analyses_of(model_of(run, subject, node([1], GroupBy=["contrast"], DummyContrasts={"Test": "t"})))
    assert list(found) == ["a_faces", "a_houses", "a_facesTwice", "a_housesTwice"]


def test_whom_the_input_does_not_list_is_left_out_with_that_reason(study):
    model = model_of(MODELS["one_sample"][0], Input={"subject": ["01", "sub-02", "07", "99", "20", "21"]})
    lines = foretold(config_of(model=written(model)))
    assert lines[0] == "24 rows in participants.tsv: 5 kept, 19 left out"
    assert lines[1].endswith(": it is not among the subjects that model-x_smdl.json lists")
    assert "    read from model-x_smdl.json" in [f"  {line}" for line in lines]
    (study / "s.tsv").write_text(
        "participant_id\tsession\n" + "".join(f"sub-{n:02}\t{s}\n" for n in (1, 3, 7) for s in "12")
    )
    write_maps(study, pd.read_csv("s.tsv", sep="\t"), "s/{participant_id}_{session}.nii.gz")
    own = {"participants": "s.tsv", "id": ["participant_id", "session"], "maps": "s/{participant_id}_{session}.nii.gz"}
    lines = foretold(config_of(model=written(model), own=own))
    assert lines[0] == "6 rows in s.tsv: 4 kept, 2 left out"
    assert "sub-03_1, sub-03_2: it is not among" in lines[1]


def test_the_config_that_is_recorded_is_the_users_and_the_file_is_known(study):
    model = written(model_of(MODELS["ancova"][0]))
    config, analyses = configs.analyses_of(config_of(model=model), *SCHEMAS)
    assert config["model"] == model
    assert "design" not in config
    assert analyses["a"]["elsewhere"]["files"] == [model]


TYPES = {"Level": "Subject", "Name": "s", "GroupBy": ["subject"]} | MEAN
GOOD = contrast("c", ["age"], [1])


def bad(**changes):
    """A good node with some of its parts replaced."""
    return model_of(node([1, "age"], [GOOD]) | changes)


def instructed(*instructions, x=(1, "age")):
    return model_of(node(list(x), [contrast("c", [x[-1]], [1])], instructions))


def scaled(**options):
    return instructed({"Name": "Scale", "Input": ["age"], **options})


X = "model-x_smdl.json"
GROUP = f"{X}, node 'group'"
FIRST = f"{GROUP}, transformation 1"
C = f"{GROUP}, contrast 'c'"
WRONG = {
    "no_type": (bad(Model={"X": [1]}), f"{X} is no BIDS Stats Model: Nodes.0.Model.Type: Field required."),
    "level": (bad(Level="dataset"), f"{X} is no BIDS Stats Model: Nodes.0.Level: Input should be 'Run', 'Session', "),
    "unknown": (bad(Transformation=[]), f"{X}: BIDS Stats Models know no key 'Nodes.0.Transformation'; correct it"),
    "unknown_deep": (
        bad(Contrasts=[GOOD | {"Type": "t"}]),
        f"{X}: BIDS Stats Models know no key 'Nodes.0.Contrasts.0.Type'; correct it, or take it out.",
    ),
    "subject": (
        model_of(TYPES, node([1], DummyContrasts={"Test": "t"})),
        f"{X}: the node 's' of the level Subject would have to be estimated, and only dataset-level nodes are; if your "
        f"maps are what it makes, say so by naming the dataset-level node: 'model: {{file: {X}, node: group}}'.",
    ),
    "run": (
        model_of(*run_and_subject()),
        f"{X}: the node 'run' of the level Run would have to be estimated, and only dataset-level nodes are",
    ),
    "two": (
        model_of(node([1], [GOOD]), node([1], [GOOD]) | {"Name": "other"}),
        f"{X} has the dataset-level nodes group, other; name one: 'model: {{file: {X}, node: NAME}}'.",
    ),
    "same_names": (model_of(node([1], [GOOD]), node([1])), f"{X}: more than one node is named 'group'; give each its"),
    "meta": (bad(Model={"Type": "meta", "X": [1]}), f"{GROUP}: Model.Type 'meta' weighs maps by their variances"),
    "hrf": (
        bad(Model={"Type": "glm", "X": [1, "age"], "HRF": {"Variables": ["age"], "Model": "spm"}}),
        f"{GROUP}: Model.HRF is for time series, and is not served; take it out.",
    ),
    "options": (
        bad(Model={"Type": "glm", "X": [1, "age"], "Options": {"HighPassFilterCutoffHz": 0.01}}),
        f"{GROUP}: Model.Options is for time series, and is not served; take it out.",
    ),
    "group_by": (bad(GroupBy=["contrast", "session"]), f"{GROUP}: GroupBy 'session' is not served, 'contrast' is; "),
    "product": (
        instructed({"Name": "Product", "Input": ["age", "site"], "Output": "p"}),
        f"{FIRST}: 'Product' is not served; Factor, Rename, Scale are.",
    ),
    "no_instruction": (instructed("Factor"), f"{FIRST}: 'None' is not served; Factor, Rename, Scale are."),
    "second": (
        instructed(factor("group"), {"Name": "Demean", "Input": ["age"]}),
        f"{GROUP}, transformation 2: 'Demean' is not served; Factor, Rename, Scale are.",
    ),
    "option": (scaled(Weights=[1]), f"{FIRST}: Weights is not served; it can have Input, Output, Demean, Rescale, "),
    "replace": (scaled(ReplaceNA="before"), f"{FIRST}: ReplaceNA would make up values; who has a missing value is "),
    "no_boolean": (scaled(Demean="yes"), f"{FIRST}: Demean is true or false; correct it."),
    "no_input": (instructed({"Name": "Scale"}), f"{FIRST}: it has no Input; name a variable."),
    "pattern": (instructed({"Name": "Scale", "Input": ["a*"]}), f"{FIRST}: 'a*' is no name of a variable; write the"),
    "constraint": (
        instructed(factor("group", Constraint="drop_one")),
        f"{FIRST}: Constraint and RefLevel are not served; leave the reference out of X.",
    ),
    "outputs": (
        instructed({"Name": "Rename", "Input": ["age"], "Output": ["a", "b"]}),
        f"{FIRST}: it has 1 Input, and as many names are needed as Output.",
    ),
    "no_output": (
        instructed({"Name": "Rename", "Input": ["age"]}),
        f"{FIRST}: it has 1 Input, and as many names are needed as Output.",
    ),
    "factored": (
        instructed(factor("group"), x=(1, "group")),
        f"{GROUP}: X names 'group', which an instruction has replaced by other variables.",
    ),
    "scaled_factor": (
        instructed({"Name": "Scale", "Input": ["age"]}, factor("age")),
        f"{GROUP}, transformation 2: 'age' is a variable of numbers, and has no levels.",
    ),
    "wild": (instructed(x=(1, "a*")), f"{GROUP}: X has the pattern 'a*'; write the names out."),
    "empty": (bad(Model={"Type": "glm", "X": []}), f"{GROUP}: X is empty; name a variable, or write 1 for the mean."),
    "no_intercept_said": (
        model_of(node(["age"], [GOOD], formula="age")),
        f"{GROUP}: Formula 'age' has neither 1 nor 0; say by one of them if it has an intercept.",
    ),
    "formula_of_others": (
        model_of(node(["age"], [GOOD], formula="1 + age + sex")),
        f"{GROUP}: Formula '1 + age + sex' names 'sex', which X does not.",
    ),
    "formula_without": (
        model_of(node([1, "age", "sex"], [GOOD], formula="1 + age")),
        f"{GROUP}: Formula '1 + age' leaves out 'sex', which X names; take it out of X.",
    ),
    "function": (
        model_of(node(["age"], [GOOD], formula="1 + log(age)")),
        f"{GROUP}: Formula: '1 + log(age)' calls 'log'; a formula holds names of variables",
    ),
    "nothing": (model_of(node([1])), f"{GROUP}: it has neither Contrasts nor DummyContrasts, and so tests nothing."),
    "dummies": (
        model_of(node(["age"], formula="1 + age", DummyContrasts={"Test": "t"})),
        f"{GROUP}: DummyContrasts of a Formula need Contrasts, the names of its columns.",
    ),
    "pass": (bad(Contrasts=[contrast("c", ["age"], [1], "pass")]), f"{C}: Test 'pass' tests nothing; write t or F"),
    "t_of_rows": (bad(Contrasts=[contrast("c", [1, "age"], [[1, 0], [0, 1]])]), f"{C}: Test t takes one row of Weigh"),
    "f_of_one": (
        bad(Contrasts=[contrast("c", ["age"], [[1]], "F")]),
        f"{C}: an F of one row of Weights is its t, tested on both sides; write t, and set two_sided to true.",
    ),
    "f_of_dummies": (
        model_of(node([1, "age"], DummyContrasts={"Test": "F"})),
        f"{GROUP}, contrast 'intercept': an F of one row of Weights is its t, tested on both sides",
    ),
    "no_condition": (bad(Contrasts=[contrast("c", ["iq"], [1])]), f"{C}: ConditionList names 'iq', which X does not."),
    "weights": (
        bad(Contrasts=[contrast("c", [1, "age"], [1])]),
        f"{C}: it has 1 Weights for the 2 of ConditionList; give one for each.",
    ),
    "half_rows": (
        bad(Contrasts=[contrast("c", [1, "age"], [[1, 0], [1]], "F")]),
        f"{C}: it has 1 Weights for the 2 of ConditionList; give one for each.",
    ),
    "no_weight": (
        bad(Contrasts=[contrast("c", ["age"], ["1/0"])]),
        f"{C}: the weight '1/0' is no number, nor a fraction such as 1/3.",
    ),
    "infinite": (bad(Contrasts=[contrast("c", ["age"], [math.inf])]), f"{C}: the weight 'inf' is no number, nor a "),
    "no_label": (bad(Contrasts=[contrast(">", ["age"], [1])]), f"{GROUP}, contrast '>': its Name has no letter or di"),
    "one_name": (
        bad(Contrasts=[contrast("a_b", ["age"], [1]), contrast("a.b", ["age"], [-1])]),
        "config key 'contrasts': more than one is named 'aB'; give each its own name.",
    ),
}


def refused(config):
    """The sentence with which a config is refused."""
    with pytest.raises(configs.WrongConfig) as wrong:
        configs.analyses_of(config, *SCHEMAS)
    assert "\n" not in str(wrong.value)
    return str(wrong.value)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_served_is_refused_by_name_in_a_sentence(study, name):
    model, words = WRONG[name]
    assert refused(config_of(model=written(model))).startswith(words)


GROUPED = node([1], GroupBy=["contrast"], DummyContrasts={"Test": "t"})
WRONG_PATHS = {
    "source": (
        [{"Source": "none", "Destination": "group"}],
        f"{GROUP}: the Edge from 'none' comes from no node; correct it.",
    ),
    "filter": (
        [{"Source": "subject", "Destination": "group", "Filter": {"session": ["1"]}}],
        f"{GROUP}: the Edge from 'subject' filters by session, not by contrast; correct it.",
    ),
    "lacking": (
        [
            {"Source": "run", "Destination": "subject"},
            {"Source": "subject", "Destination": "group", "Filter": {"contrast": ["face"]}},
        ],
        f"{GROUP}: the Edge from 'subject' asks for the contrast 'face', but that node has faces, houses.",
    ),
    "circle": (
        [{"Source": "subject", "Destination": "group"}, {"Source": "group", "Destination": "subject"}],
        f"{GROUP}: its Edges lead back to it; correct them.",
    ),
}


@pytest.mark.parametrize("name", WRONG_PATHS)
def test_edges_that_lead_nowhere_are_refused(study, name):
    edges, words = WRONG_PATHS[name]
    path = written(model_of(*run_and_subject(), GROUPED, Edges=edges))
    assert refused(config_of(model={"file": path, "node": "group"})) == words


def test_a_node_is_named_as_it_stands_in_the_file(study):
    path = written(model_of(*run_and_subject(), GROUPED))
    for name in ("run", "groups"):
        words = f"{X} has no dataset-level node '{name}'; it has group."
        assert refused(config_of(model={"file": path, "node": name})) == words
    words = f"{X} has no dataset-level node 'group'; it has none."
    assert refused(config_of(model={"file": written(model_of(*run_and_subject())), "node": "group"})) == words


def test_maps_of_several_contrasts_need_a_place_that_tells_them_apart(study):
    path = written(model_of(*run_and_subject(), GROUPED))
    for maps in ("maps/{participant_id}.nii.gz", {"folder": "bids", "contrast": "faces"}):
        words = refused(config_of(model={"file": path, "node": "group"}, own={"maps": maps}))
        assert words.startswith(
            "config key 'datasets.own.maps': the model has the contrasts faces, houses, and nothing"
        )
    words = refused(config_of(model={"file": path, "node": "group"}, dataset="simulated_localizer"))
    assert words.startswith("config key 'datasets.own.maps': the model has the contrasts faces, houses, and nothing")
    path = written(model_of(*run_and_subject(["a_b", "aB"]), GROUPED))
    words = refused(config_of(model={"file": path, "node": "group"}, own={"maps": {"folder": "bids"}}))
    assert words == f"{GROUP}: of the contrasts a_b, aB two have one name in letters and digits."


def test_analyses_that_become_one_are_refused(study):
    path = written(model_of(*run_and_subject(), GROUPED))
    own = {"datasets": {"own": {"maps": {"folder": "bids"}}}}
    one = {"model": {"file": path, "node": "group"}} | own
    other = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}]}
    words = "analysis 'b', config key 'analyses': two analyses become one named 'b_faces'; rename one of them."
    assert refused(config_of(analyses={"b_faces": other, "b": one})) == words


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("design", "age"),
        ("contrasts", [{"name": "age", "weights": "age"}]),
        ("center", ["age"]),
        ("scale", ["age"]),
    ],
)
def test_what_the_model_says_is_not_said_twice(study, key, value):
    words = f"config key '{key}': the model ({X}) says that; leave out one of them."
    assert refused(config_of(model=written(model_of(MODELS["one_sample"][0])), **{key: value})) == words


def test_an_input_that_is_not_that_of_the_config_is_refused(study):
    model = model_of(MODELS["one_sample"][0], Input={"session": ["1", "2"]})
    own = {"maps": {"folder": "bids", "ses": 3}}
    words = f"{X}: Input has the session 1, 2, but config key 'datasets.own.maps' 3; correct one of them."
    assert refused(config_of(model=written(model), own=own)) == words
    own["maps"]["ses"] = 2
    assert configs.analyses_of(config_of(model=written(model), own=own), *SCHEMAS)


def test_files_that_are_no_model_are_refused(study):
    (study / "x.json").write_text('{"Name": "m",\n "Nodes" []}')
    words = "x.json cannot be read as JSON: Expecting ':' delimiter: line 2 column 10"
    assert refused(config_of(model="x.json")).startswith(words)
    (study / "x.json").write_bytes(b'{"Name": "\xe4"}')
    assert refused(config_of(model="x.json")).startswith("x.json cannot be read as JSON: 'utf-8' codec can't decode")
    (study / "x.json").write_text("[" * 100_000)
    assert refused(config_of(model="x.json")).startswith("x.json cannot be read as JSON: maximum recursion depth")
    (study / "x.json").write_text("9" * 5000)
    assert refused(config_of(model="x.json")).startswith("x.json cannot be read as JSON: Exceeds the limit")
    (study / "x.json").write_text("[]")
    assert refused(config_of(model="x.json")).startswith("x.json is no BIDS Stats Model: ")
    (study / "x.json").write_text(json.dumps(model_of(MODELS["one_sample"][0]))[:-1] + ', "Name": "n"}')
    assert refused(config_of(model="x.json")) == "x.json, line 1: the key 'Name' is also in line 1; keep one of them."
    assert refused(config_of(model="no.json")) == "config key 'model': the file no.json does not exist; correct it."


def test_a_missing_package_is_told(study, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("bsmschema"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    words = refused(config_of(model=written(model_of(MODELS["one_sample"][0]))))
    assert words.startswith(
        "config key 'model': a BIDS Stats Model is read by the package bsmschema, which is not inst"
    )


@pytest.mark.parametrize(
    ("instructions", "x", "words"),
    [
        (
            [factor("group")],
            [1, "group.patients"],
            f"{X} names 'group.patients', but 'patients' is no level of group in participants.tsv; its levels are "
            "control, patient; did you mean 'patient'?",
        ),
        ([factor("grp")], [1, "grp.a"], "participants.tsv has no column 'grp'; it has participant_id, group, site"),
        (
            [{"Name": "Scale", "Input": ["age"], "Output": ["site"]}],
            [1, "site"],
            f"participants.tsv has a column site, as what is taken from {X} is called here; rename it in the table.",
        ),
        ([], [1, "site"], "participants.tsv: column 'site' is not a number for subject"),
        (
            [factor("group")],
            [1, "group.control", "group.patient"],
            "The design is rank-deficient: intercept, group.control, group.patient are linear combinations",
        ),
    ],
)
def test_what_the_table_does_not_have_is_told(study, instructions, x, words):
    model = model_of(node(x, [contrast("c", [x[-1]], [1])], instructions))
    with pytest.raises(InputError) as wrong:
        foretold(config_of(model=written(model)))
    assert str(wrong.value).startswith(words)
