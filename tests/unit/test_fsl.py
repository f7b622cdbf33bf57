"""Designs of FSL and PALM end in the numbers of configs that were written by hand, or are refused by file and line."""

import numpy as np
import pandas as pd
import pytest

import settings as configs
from foretold import SCHEMAS
from study import config_of, people, write_maps, write_table
from vest import write_con, write_vest
from worked import worked

VISITS = {"participants": "visits.tsv", "id": ["person", "visit"], "maps": "visits/{person}_{visit}.nii.gz"}


def visits(n=8):
    """A table of people who were seen twice, of two groups."""
    rows = [(f"P{p}", visit, "ab"[p % 2]) for p in range(n) for visit in ("before", "after")]
    return pd.DataFrame(rows, columns=["person", "visit", "group"])


def shuffled(table, seed=5):
    """The rows of a table in another order."""
    return table.sample(frac=1, random_state=seed)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """People and visits with their maps, in the working directory."""
    monkeypatch.chdir(tmp_path)
    write_maps(tmp_path, people())
    write_table(tmp_path / "participants.tsv", people())
    write_maps(tmp_path, visits(), "visits/{person}_{visit}.nii.gz", seed=1)
    write_table(tmp_path / "visits.tsv", visits())
    return tmp_path


def one_sample(folder):
    """The mean, given the score, of all but two, whose rows are in another order than the table's."""
    rows = shuffled(people())[2:]
    write_vest(folder / "design.mat", [(1, score) for score in rows["reading score"]])
    write_con(folder / "design.con", [[1, 0], [0, 1], [0, -1]], ["group mean", "score +", "score -"])
    (folder / "ids.txt").write_text("\n".join(rows["participant_id"].str.removeprefix("sub-")))
    return {"two_sided": True}, {
        "design": [{"column": "EV1", "constant": 1}, {"column": "EV2", "variable": "reading score"}],
        "contrasts": [
            {"name": "groupMean", "weights": "EV1"},
            {"name": "score2", "weights": "EV2"},
            {"name": "score3", "weights": "-EV2"},
        ],
        "exclude": sorted(set(people()["participant_id"]) - set(rows["participant_id"])),
    }


def two_groups(folder):
    """Two groups with a mean each, in files of PALM; contrasts without names."""
    rows = shuffled(people(), 6)
    marks = np.column_stack([rows["group"] == "control", rows["group"] == "patient"]).astype(int)
    (folder / "design.mat").write_text("\n".join(f"{a},{b}" for a, b in marks))
    (folder / "design.con").write_text("1,-1\n-0.5,0.5\n")
    write_vest(folder / "design.grp", [[1]] * len(rows))  # as Glm writes it: one block
    write_table(folder / "ids.txt", rows)
    write_table(folder / "marked.tsv", people().assign(c=(people()["group"] == "control") + 0))
    return {}, {
        "own": {"participants": "marked.tsv"},
        "design": [{"column": "EV1", "variable": "c"}, {"column": "EV2", "variable": "p"}],
        "contrasts": [{"name": "tstat1", "weights": [1, -1]}, {"name": "tstat2", "weights": "0.5 * EV2 - 0.5 * EV1"}],
    }


def anova(folder):
    """Three sites, an F of two contrasts."""
    rows, sites = shuffled(people(), 7), ["Ulm", "Bath", "Lund"]
    write_vest(folder / "design.mat", [[int(site == other) for other in sites] for site in rows["site"]])
    write_con(folder / "design.con", [[1, -1, 0], [1, 0, -1], [0, 1, -1]], ["Ulm_vs_Bath", "Ulm vs. Lund", "Bath"])
    write_con(folder / "design.fts", [[1, 1, 0]])
    (folder / "ids.txt").write_text("participant_id\n" + "\n".join(rows["participant_id"]))
    names = {"UlmVsBath": [1, -1, 0], "UlmVsLund": [1, 0, -1], "Bath": [0, 1, -1]}
    return {}, {
        "own": {"participants": "marked.tsv"},
        "design": [{"column": f"EV{n}", "variable": site} for n, site in enumerate(sites, 1)],
        "contrasts": [{"name": name, "weights": weights} for name, weights in names.items()]
        + [{"name": "fstat1", "weights": ["EV1 - EV2", "EV1 - EV3"]}],
    }


def paired(folder):
    """Two visits, shuffled within the people, whose rows are those of the table itself."""
    rows = shuffled(visits())
    persons = sorted(set(rows["person"]))
    matrix = [[2 * (r.visit == "after") - 1] + [int(r.person == p) for p in persons] for r in rows.itertuples()]
    write_vest(folder / "design.mat", matrix)
    write_con(folder / "design.con", [[1] + [0] * len(persons)], ["after-before"])
    write_vest(folder / "design.grp", [[persons.index(person) + 1] for person in rows["person"]])
    write_table(folder / "ids.txt", rows)
    return {"own": VISITS}, {
        "own": VISITS | {"participants": "marked.tsv"},
        "design": [{"column": f"EV{n}", "variable": name} for n, name in enumerate(["after", *persons], 1)],
        "contrasts": [{"name": "afterBefore", "weights": "EV1"}],
        "permutation": {"count": 99, "blocks": {"variable": "person", "shuffle": "within"}},
    }


def marked():
    """The tables with columns that mark sites, groups and people."""
    table = people()
    table = table.assign(c=(table["group"] == "control") + 0, p=(table["group"] == "patient") + 0)
    table = table.assign(**{site: (table["site"] == site) + 0 for site in set(table["site"])})
    twice = visits().assign(after=2 * (visits()["visit"] == "after") - 1)
    return table, twice.assign(**{person: (twice["person"] == person) + 0 for person in set(twice["person"])})


@pytest.mark.parametrize("design", [one_sample, two_groups, anova, paired])
def test_a_design_of_fsl_ends_in_the_numbers_of_one_by_hand(study, design):
    settings, by_hand = design(study)
    write_table(study / "marked.tsv", marked()[design is paired])
    fsl = {"mat": "design.mat", "con": "design.con", "rows": "ids.txt"}
    fsl |= {key: f"design.{key}" for key in ("fts", "grp") if (study / f"design.{key}").exists()}
    (found,) = worked(config_of(design={"fsl": fsl}, **settings)).values()
    (expected,) = worked(config_of(**settings | by_hand)).values()
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(found[name], value)
        else:
            assert found[name] == value, name
    assert sum(name.startswith("maxima of") for name in found) == len(by_hand["contrasts"])


def test_whole_blocks_keep_their_rows_in_the_order_of_the_files(study):
    """By hand the visits put the rows of a person in order; the files have the later visit first."""
    rows = shuffled(visits()).sort_values("visit", kind="stable")
    write_vest(study / "design.mat", [(int(group == "a"), int(group == "b")) for group in rows["group"]])
    write_con(study / "design.con", [[1, -1]], ["groups"])
    write_vest(study / "design.grp", [[int(person[1:]) + 1] for person in rows["person"]])
    write_table(study / "ids.txt", rows)
    write_table(
        study / "marked.tsv", visits().assign(a=(visits()["group"] == "a") + 0, b=(visits()["group"] == "b") + 0)
    )
    fsl = {"mat": "design.mat", "con": "design.con", "rows": "ids.txt", "grp": "design.grp", "shuffle": "whole"}
    (found,) = worked(config_of(design={"fsl": fsl}, own=VISITS)).values()
    by_hand = {
        "own": VISITS | {"participants": "marked.tsv"},
        "design": [{"column": "EV1", "variable": "a"}, {"column": "EV2", "variable": "b"}],
        "contrasts": [{"name": "groups", "weights": [1, -1]}],
        "permutation": {"count": 99, "blocks": {"variable": "person", "shuffle": "whole"}},
    }
    (expected,) = worked(config_of(**by_hand)).values()
    assert found["about"] == expected["about"]
    assert found["design.tsv"] == expected["design.tsv"]
    np.testing.assert_array_equal(found["maxima of groups"], expected["maxima of groups"])


def translated(**settings):
    """The settings of the one analysis of a config."""
    ((_, found),) = configs.analyses_of(config_of(**settings), *SCHEMAS)[1].items()
    return found


def fsl(**changes):
    """A design of FSL with some of its files replaced."""
    return {"fsl": {"mat": "design.mat", "con": "design.con", "rows": "ids.txt"} | changes}


def test_contrasts_can_be_those_of_the_config(study):
    one_sample(study)
    given = {key: value for key, value in fsl()["fsl"].items() if key != "con"}
    contrast = {"name": "score", "weights": "EV2"}
    assert translated(design={"fsl": given}, contrasts=[contrast])["contrasts"] == [contrast]


def test_the_config_that_is_recorded_is_the_users(study):
    one_sample(study)
    config, _ = configs.analyses_of(config_of(design=fsl()), *SCHEMAS)
    assert config["design"] == fsl()
    assert "contrasts" not in config
    assert "elsewhere" not in config


def test_designs_that_differ_do_not_share_a_sample(study):
    one_sample(study)
    (study / "other.txt").write_text((study / "ids.txt").read_text())
    (study / "other.con").write_text((study / "design.con").read_text())
    several = {"a": {"design": fsl()}, "b": {"design": fsl(rows="other.txt")}, "c": {"design": fsl(con="other.con")}}
    _, analyses = configs.analyses_of(config_of(analyses=several), *SCHEMAS)
    assert configs.facts.first_of_sample(analyses) == {"a": "a", "b": "b", "c": "a"}


BAD = {
    "short.con": "/NumWaves 2\n/NumContrasts 2\n/Matrix\n1 0\n",
    "wide.con": "1 0 0\n",
    "wide.fts": "1 1\n",
    "half.fts": "1 0.5 0\n",
    "one.fts": "1 1 0\n0 0 1\n",
    "no.fts": "0 0 0\n",
    "few.grp": "1\n2\n",
    "nested.grp": "".join(f"1 {row // 2 + 1} {row + 1}\n" for row in range(22)),
    "zero.grp": "/NumWaves 1\n/NumPoints 22\n/Matrix\n" + "1\n" * 10 + "0\n" + "1\n" * 11,
    "half.grp": "1.5\n" * 22,
    "all.grp": "1\n" * 22,
    "text.mat": "a b\n",
}
TWO_BLOCKS = {"permutation": {"blocks": {"variable": "site", "shuffle": "within"}}}


@pytest.mark.parametrize(
    ("changes", "more", "words"),
    [
        ({"mat": "none.mat"}, {}, "config key 'design.fsl.mat': the file none.mat does not exist; correct it."),
        ({"rows": "none.txt"}, {}, "config key 'design.fsl.rows': the file none.txt does not exist; correct it."),
        (
            {"mat": "text.mat"},
            {},
            "text.mat cannot be read as a matrix of FSL or PALM: line 1 holds 'a', which is no number.",
        ),
        (
            {"con": "short.con"},
            {},
            "short.con cannot be read as a matrix of FSL or PALM: it has 1 rows and /NumContrasts says 2.",
        ),
        ({"con": "wide.con"}, {}, "wide.con has 3 columns, but design.mat has 2; they must be as many."),
        ({"fts": "wide.fts"}, {}, "wide.fts has 2 columns, but the rows of design.con are 3; they must be as many."),
        ({"fts": "half.fts"}, {}, "half.fts, line 1: a row chooses contrasts by 0 and 1; correct it."),
        (
            {"fts": "one.fts"},
            {},
            "one.fts, line 2: the row chooses 1 contrasts, and an F needs two or more; an F of one is its t, tested on "
            "both sides: take the row out and set two_sided to true.",
        ),
        ({"fts": "no.fts"}, {}, "no.fts, line 1: the row chooses 0 contrasts, and an F needs two or more"),
        ({"grp": "few.grp"}, {}, "few.grp has 2 rows, but design.mat has 22; they must be as many."),
        (
            {"grp": "nested.grp"},
            {},
            "nested.grp has 3 columns, which are blocks within blocks, and one is all that is read; leave it out, and "
            "put its blocks into the table as column_2, and write 'permutation: {blocks: [{variable: column_2, "
            "shuffle: both}]}'.",
        ),
        ({"grp": "zero.grp"}, {}, "zero.grp, line 14: 0 is no number of a block, such as 1; correct it."),
        ({"grp": "half.grp"}, {}, "half.grp, line 1: 1.5 is no number of a block, such as 1; correct it."),
        ({"grp": "all.grp", "shuffle": "whole"}, {}, "all.grp names one block only, which has no other to change"),
        (
            {"grp": "all.grp"},
            TWO_BLOCKS,
            "config key 'permutation.blocks': design.fsl.grp says what the blocks are; leave out one of them.",
        ),
        (
            {},
            {"contrasts": [{"name": "a", "weights": "EV1"}]},
            "config key 'contrasts': design.fsl.con (design.con) says that; leave out one of them.",
        ),
        ({"con": None, "fts": "no.fts"}, {}, "config key 'design.fsl.con': None is not of type 'string'"),
        ({"shuffle": "both"}, {}, "config key 'design.fsl.shuffle': 'both' is not one of"),
        ({"design": "design.mat"}, {}, "config key 'design.fsl' has an unknown key 'design'; it knows mat, con"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_with_file_and_line(study, changes, more, words):
    one_sample(study)
    for name, text in BAD.items():
        (study / name).write_text(text)
    with pytest.raises(configs.WrongConfig) as refused:
        translated(design=fsl(**changes), **more)
    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)


def test_what_is_wrong_in_one_of_several_analyses_is_told_with_its_name(study):
    one_sample(study)
    several = {"a": {"design": fsl()}, "b": {"design": fsl(mat="none.mat")}}
    with pytest.raises(configs.WrongConfig, match="^analysis 'b', config key 'design.fsl.mat': the file none.mat"):
        configs.analyses_of(config_of(analyses=several), *SCHEMAS)


def test_f_tests_need_contrasts_of_the_same_files(study):
    one_sample(study)
    given = {"mat": "design.mat", "rows": "ids.txt", "fts": "design.con"}
    with pytest.raises(configs.WrongConfig, match="^config key 'design.fsl.fts': its rows choose rows of design.fsl.c"):
        translated(design={"fsl": given}, contrasts=[{"name": "a", "weights": "EV1"}])
    with pytest.raises(configs.WrongConfig, match="^the config lacks the key 'contrasts': "):
        translated(design={"fsl": given})


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("group mean", "groupMean"),
        ("incongruent_vs_congruent", "incongruentVsCongruent"),
        ("slope_age.M_gt_slope_age.F", "slopeAgeMGtSlopeAgeF"),
        ("IvC", "IvC"),
        ("  > age +  ", "age"),
        ("Müller vs Åsa", "MullerVsAsa"),
        ("", ""),
        (" >", ""),
    ],
)
def test_names_become_letters_and_digits(name, label):
    assert configs.elsewhere.label(name) == label


# The rows of PALM's examples, as docs/designs.md lists them, with the levels that stand there.
PALM = {
    "free": ([(1, 1), (1, 2)], "write no blocks"),
    "within": ([(-1, 1, 1), (-1, 2, 2)], "[{variable: column_2, shuffle: within}]"),
    "whole": ([(1, -1, 1), (1, -2, 2)], "[{variable: column_2, shuffle: whole}]"),
    "both": ([(1, 1, 1), (1, 2, 2)], "[{variable: column_2, shuffle: both}]"),
    "relatives are exchangeable": (
        [(-1, 1, 1, 1), (-1, 2, 2, 2)],
        "[{variable: column_2, shuffle: within}, {variable: column_3, shuffle: both}]",
    ),
    "members stay in order": (
        [(-1, 1, -1, 1), (-1, 2, -2, 2)],
        "[{variable: column_2, shuffle: within}, {variable: column_3, shuffle: whole}]",
    ),
    "maps of subjects in families in sites": (
        [(-1, 1, 1, -1, 1), (-1, 2, 2, -2, 2)],
        "shuffle: within}, {variable: column_3, shuffle: whole}, {variable: column_4, shuffle: whole}]",
    ),
    "unlike branches": ([(-1, 1, -1, 1), (-1, 1, 2, 2)], "in column 3 some blocks are free inside and others are not"),
    "nothing in the innermost": ([(1, -1, -1, 1), (1, -2, -2, 2)], "permutation.blocks without the innermost"),
    "nothing": ([(-1, -1, 1), (-1, -2, 2)], "as it is, nothing may change places"),
}


@pytest.mark.parametrize("name", PALM)
def test_blocks_of_several_columns_are_told_as_levels(name):
    rows, said = PALM[name]
    assert said in configs.fsl.instead_of(configs.facts.vest.Matrix(rows, [], {}))
