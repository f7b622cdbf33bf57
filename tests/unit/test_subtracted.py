"""What can be wrong in a config with maps that are subtracted."""

import re

import pytest

import settings as configs
from conftest import REPO
from foretold import SCHEMAS
from study import config_of

ROWS = {"of": "maps/{participant_id}_{session}.nii.gz", "difference": {"session": ["post", "pre"]}}
facts = configs.facts
MEAN = {"design": "1", "contrasts": [{"name": "change", "weights": "intercept"}]}


def taken(maps, **more):
    """The settings of a study with such maps."""
    given = config_of(own={"maps": maps, **more}, **MEAN)
    return configs.analyses_of(given, *SCHEMAS, is_file=lambda path: True)[1]["a"]


@pytest.mark.parametrize(
    ("maps", "words"),
    [
        (ROWS, ["session post", "session pre"]),
        ({"difference": ["post", "pre"]}, ["post", "pre"]),
        (
            {"difference": [{"folder": "d", "ses": "post"}, {"folder": "d", "ses": "pre"}]},
            ["folder d, ses post", "folder d, ses pre"],
        ),
        ("maps/{participant_id}.nii.gz", []),
    ],
)
def test_a_difference_has_words(maps, words):
    found = taken(maps)
    assert configs.facts.forms.difference_of(found) == words
    assert ("difference" in configs.facts.forms.wanted(found)) == bool(words)


@pytest.mark.parametrize(
    ("maps", "more", "said"),
    [
        (
            {"difference": ["post"]},
            {},
            "'datasets.own.maps.difference': ['post'] is too short; it is where the two maps",
        ),
        ({"difference": ["a", "b", "c"]}, {}, "'datasets.own.maps.difference': ['a', 'b', 'c'] is too long"),
        ({"difference": ["a", "a"]}, {}, "'datasets.own.maps.difference': ['a', 'a'] has non-unique elements"),
        (
            {"difference": "post"},
            {},
            "it is two maps in a list; or, with 'of', a column of the table and two of its lev",
        ),
        ({"difference": ["post", None]}, {}, "'datasets.own.maps': one of the maps to subtract is null; say where it"),
        (
            {"difference": ["post", "pre"], "of": "x"},
            {},
            "'datasets.own.maps': difference says where both maps are, so",
        ),
        (
            {"difference": {"session": ["post", "pre"]}},
            {},
            "'datasets.own.maps': it lacks 'of', which says where the map",
        ),
        (
            ROWS | {"difference": {"session": [2, 1]}},
            {},
            "maps.difference.session.0': 2 is not of type 'string'; write",
        ),
        (ROWS | {"difference": {"a": ["b", "c"], "d": ["e", "f"]}}, {}, "'datasets.own.maps.difference': {'a'"),
        (
            ROWS,
            {"id": ["participant_id", "session"]},
            "'datasets.own.id': it names session, by which maps are subtracted",
        ),
        (
            ROWS,
            {"variances": "v/{participant_id}.nii"},
            "'datasets.own.variances': its files belong to single maps, and",
        ),
        (
            {"difference": ["{participant_id}.nii", "{participant_id}.dscalar.nii"]},
            {},
            "the maps to subtract are of two forms, volume and grayordinates; give two of one form.",
        ),
        (
            {"difference": [{"left": "{participant_id}.gii"}, {"right": "{participant_id}.gii"}]},
            {"surfaces": {"left": "fsaverage5"}},
            "the maps to subtract are of two forms, surface of left and surface of right;",
        ),
        (
            {"difference": [{"series": "a.nii", "volume": "n"}, "b"]},
            {},
            "the maps to subtract are of two forms, volume in one file of all and volume;",
        ),
    ],
)
def test_wrong_differences_are_told(maps, more, said):
    with pytest.raises(configs.WrongConfig) as wrong:
        taken(maps, **more)
    assert said in str(wrong.value)
    assert str(wrong.value).count("\n") <= 1  # no other complaint follows from it, but of two levels that are numbers


def test_what_belongs_to_a_map_is_no_difference():
    with pytest.raises(configs.WrongConfig, match="'datasets.own.variances"):
        taken("maps/{participant_id}.nii", variances={"difference": ["post", "pre"]})


def test_a_zero_of_a_difference_is_a_value_for_every_rule():
    """Their own maps' zeros are seen where they are read; no rule asks the config itself."""
    for zeros, expected in [("missing", "value"), ("value", "value"), (None, None)]:
        settings = {"dataset": "own", "datasets": {"own": {"maps": {"difference": ["a", "b"]}}}, "zeros": zeros}
        assert facts.zeros(settings) == expected
        assert facts.zeros(settings | {"datasets": {"own": {"maps": "a"}}}) == zeros
    rules = "".join(path.read_text() for path in (REPO / "workflow" / "rules").glob("*.smk"))
    assert set(re.findall(r"\bzeros=([^\n]+),\n", rules)) == {"of_settings(facts.zeros)"}
